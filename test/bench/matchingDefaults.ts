import { writeFileSync } from 'node:fs';
import { categories, openEmbedder } from '@kith/search';
import { slug } from '../../api/src/communities/categoryTree.ts';
import defaults from '../../api/src/communities/defaultCategories.json' with { type: 'json' };
import concepts from './crosslingualConcepts.json' with { type: 'json' };
import { readDirectory } from './directory.ts';
import { vectorsOf } from './matchingUnderstanding.ts';

// Makes search/model/categories.bin anew: what ships of learned categories. Numbers only, no text of the listings goes in.
const [file, into = 'search/model/categories.bin'] = process.argv.slice(2);
if (!file) {
  console.error('Usage: npx tsx test/bench/matchingDefaults.ts DIRECTORY.csv [FILE]');
  process.exit(2);
}

const leaves = new Set(Object.values(defaults.tree).flat() as string[]);
const directory = await readDirectory(file);
const meant = concepts.map(({ request, problem, offer }) => [request, problem, offer].flatMap(Object.values<string>));
const vectors = await vectorsOf([...[...directory.values()].flat().map(({ title }) => title), ...meant.flat()]);

const wording = categories.wordingOf(meant.map((texts) => texts.flatMap((text) => vectors.get(text) ?? [])));
const examples = [...directory].flatMap(([group, entries]) =>
  entries.flatMap(({ title, labels }) => {
    const vector = vectors.get(title);
    const keys = [...labels].map(slug).filter((key) => leaves.has(key));
    return vector && keys.length ? [{ group, vector, keys }] : [];
  }),
);
const { calibration, ...judged } = categories.evaluate(examples, (others) => categories.train(others, { wording }));
const statistics = categories.noStatistics(wording.dimensions);
for (const example of examples) categories.addExample(statistics, example);
const embedder = openEmbedder({ kind: 'embedded' });
writeFileSync(into, categories.serialize({ embedder: embedder.model, statistics, wording, calibration }));
await embedder.close();
console.log(`${into}: ${examples.length} listings, ${statistics.categories.size} of ${leaves.size} categories`);
console.log({ ...judged, calibration });
