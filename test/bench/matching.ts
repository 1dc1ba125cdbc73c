import type { BenchOptions, BenchResult, Figure } from './bench.ts';
import { judgedWants, readDirectory, type JudgedWant } from './directory.ts';
import { bm25, random, words, type Method } from './matchingMethods.ts';
import { meanOf, qualityOf, seededRandom, type Quality } from './ranking.ts';

const SEED = 20261122;
const ORDERS_OF_TIES = 20;
const MEASURES: [keyof Quality, string][] = [
  ['ndcgAt10', 'nDCG@10'],
  ['precisionAt5', 'P@5'],
  ['reciprocalRank', 'MRR'],
  ['recallAt10', 'recall@10'],
];

/** Ranks each want's offers of its community by title alone; the categories the authors ticked are the judge. */
export async function run({ files: [file], say }: BenchOptions): Promise<BenchResult> {
  if (!file)
    throw new Error(
      'Name a directory: npm run bench -- matching FILE, a CSV with the columns community, kind, title, labels.',
    );
  const directory = await readDirectory(file);
  const judged = judgedWants(directory);
  if (!judged.length)
    throw new Error(`${file} has no want with a label and an offer that shares it; there is nothing to judge by.`);
  say(`${judged.length} wants`);
  const baseline = judge(bm25, judged);
  const methods: [string, Quality][] = [
    ['random', judge(random, judged)],
    ['BM25', baseline],
    ['words (what matching does)', judge(words, judged)],
  ];
  const figures = methods.flatMap(([name, quality]) =>
    MEASURES.map(([part, measure]): Figure => ({
      name: `${name}, ${measure}`,
      value: quality[part],
      unit: '',
      limit: { name: 'BM25', value: baseline[part] },
    })),
  );
  const listings = [...directory.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    name: 'matching',
    conditions: [
      `${judged.length} wants of ${new Set(judged.map(({ community }) => community)).size} communities can be judged, of ${listings} listings in ${directory.size}`,
      `means over wants; gain is the Jaccard overlap of labels; offers that tie are put in ${ORDERS_OF_TIES} random orders each`,
    ],
    figures,
  };
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
