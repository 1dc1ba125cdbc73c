import { categories } from '@kith/search';
import { SCORE_LEAST } from '../../api/src/matching/score.ts';
import type { BenchOptions, BenchResult, Figure } from './bench.ts';
import { judgedWants, readDirectory, type DirectoryEntry, type JudgedWant } from './directory.ts';
import {
  all,
  bm25,
  cosine,
  meaning,
  meaningAndTopic,
  random,
  topic,
  words,
  type Method,
  type UnderstandsOf,
} from './matchingMethods.ts';
import { understanding, vectorsOf } from './matchingUnderstanding.ts';
import { meanOf, qualityOf, seededRandom, type Quality } from './ranking.ts';

const SEED = 20261122;
const ORDERS_OF_TIES = 20;
const FOLDS = 5;
const MEASURES: [keyof Quality, string][] = [
  ['ndcgAt10', 'nDCG@10'],
  ['precisionAt5', 'P@5'],
  ['reciprocalRank', 'MRR'],
  ['recallAt10', 'recall@10'],
];

/** Ranks each want's offers of its community by title alone; the categories the authors ticked are the judge. */
export async function run({ files: [file], folds = FOLDS, say }: BenchOptions): Promise<BenchResult> {
  if (!file)
    throw new Error(
      'Name a directory: npm run bench -- matching FILE, a CSV with the columns community, kind, title, labels.',
    );
  const directory = await readDirectory(file);
  const judged = judgedWants(directory);
  if (!judged.length)
    throw new Error(`${file} has no want with a label and an offer that shares it; there is nothing to judge by.`);
  say(`${judged.length} wants`);
  const vectors = await vectorsOf([...directory.values()].flat().map(({ title }) => title));
  const { of, guesses } = learn(directory, vectors, folds);
  const baseline = judge(bm25, judged);
  const methods: [string, Quality, goal?: number][] = [
    ['random', judge(random, judged)],
    ['BM25', baseline],
    ['words', judge(words, judged)],
    ['vectors, nothing learned', judge(cosine(vectors), judged), 0.36],
    ['meaning', judge(meaning(of), judged)],
    ['categories', judge(topic(of), judged)],
    ['meaning + categories', judge(meaningAndTopic(of), judged), 0.48],
    ['all (what matching does)', judge(all(of), judged), 0.48],
  ];
  const figures = methods.flatMap(([name, quality, goal]) =>
    MEASURES.map(([part, measure]): Figure => ({
      name: `${name}, ${measure}`,
      value: quality[part],
      unit: '',
      limit: { name: 'BM25', value: baseline[part] },
      ...(goal !== undefined && part === 'ndcgAt10' && { goal: { of: 'value', atLeast: goal } }),
    })),
  );
  for (const [name, method] of [
    ['words', words],
    ['all', all(of)],
  ] as const)
    figures.push(...suggested(name, method, judged));
  figures.push(
    { name: 'first category is one the author ticked', value: guesses.first, unit: '' },
    { name: 'one of the first three is', value: guesses.firstThree, unit: '' },
  );
  const listings = [...directory.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    name: 'matching',
    conditions: [
      `${judged.length} wants of ${new Set(judged.map(({ community }) => community)).size} communities can be judged, of ${listings} listings in ${directory.size}`,
      `means over wants; gain is the Jaccard overlap of labels; offers that tie are put in ${ORDERS_OF_TIES} random orders each`,
      `categories are learned from ticks of other communities (${folds} folds by community), meaning from own texts, the vectors from neither`,
      `suggested: a score of ${SCORE_LEAST} or more`,
    ],
    figures,
  };
}

/** For each community a model of the categories that was learned from the others. */
function learn(
  directory: Map<string, DirectoryEntry[]>,
  vectors: ReadonlyMap<string, Float32Array>,
  folds: number,
): { of: UnderstandsOf; guesses: categories.Evaluation } {
  const wording = categories.defaultLearned()?.wording;
  if (!wording) throw new Error('search/model/categories.bin is missing; bring it back from the repository.');
  const examples = [...directory].flatMap(([group, entries]) =>
    entries.flatMap(({ title, labels }) => {
      const vector = vectors.get(title);
      return vector ? [{ group, vector, keys: [...labels] }] : [];
    }),
  );
  const foldOf = categories.foldsOf(directory.keys(), folds);
  const understands = Array.from({ length: folds }, (_, fold) => {
    const others = examples.filter(({ group }) => foldOf.get(group) !== fold);
    return understanding(vectors, { model: categories.train(others, { wording }), wording });
  });
  return {
    of: (community) => understands[foldOf.get(community)!]!,
    guesses: categories.evaluate(examples, (others) => categories.train(others, { wording }), folds),
  };
}

function suggested(name: string, method: Method, judged: JudgedWant[]): Figure[] {
  let [pairs, right, served] = [0, 0, 0];
  for (const one of judged) {
    const good = method(one).flatMap((score, index) => (score >= SCORE_LEAST ? [one.grades[index]!] : []));
    pairs += good.length;
    right += good.filter((grade) => grade > 0).length;
    if (good.length) served++;
  }
  return [
    { name: `${name}, suggested pairs that share a category`, value: pairs ? right / pairs : 0, unit: '' },
    { name: `${name}, wants that get a suggestion`, value: served / judged.length, unit: '' },
  ];
}

/** Most offers of a want share no word with it and tie: their order is left to chance, and the mean is taken over several. */
function judge(method: Method, judged: JudgedWant[]): Quality {
  const chance = seededRandom(SEED);
  return meanOf(
    judged.flatMap((one) => {
      const scores = method(one);
      return Array.from({ length: ORDERS_OF_TIES }, () => {
        const ranked = scores.map((score, index) => ({ score, grade: one.grades[index]!, chance: chance() }));
        ranked.sort((a, b) => b.score - a.score || a.chance - b.chance);
        return qualityOf(ranked.map(({ grade }) => grade));
      });
    }),
  );
}
