import * as categories from './categories/index.ts';

/** Listings whose authors ticked categories, of one community after another. */
export interface RefineOptions {
  embedder: string;
  dimensions: number;
  /** One vector for each listing, one after another. */
  vectors: Float32Array;
  /** The keys its author ticked, and whose listing it is. */
  listings: { keys: string[]; group: string }[];
}

export interface Refined {
  learned: Uint8Array;
  listings: number;
  communities: number;
  /** The share of listings whose likeliest category their author ticked, in communities left out of the learning. */
  before: number;
  after: number;
}

/** Fewer communities than this cannot tell what holds in another. */
const COMMUNITIES_LEAST = 2;
const LISTINGS_LEAST = 50;
const FOLDS = 5;

/**
 * Adds an installation's own listings to what ships, and judges both on communities left out, the same listings for both. Undefined
 * where there is too little to judge by, or nothing ships for this embedder.
 */
export function refine({ embedder, dimensions, vectors, listings }: RefineOptions): Refined | undefined {
  const base = categories.defaultLearned();
  const examples = listings.flatMap(({ keys, group }, index) =>
    keys.length ? [{ group, keys, vector: vectors.subarray(index * dimensions, (index + 1) * dimensions) }] : [],
  );
  const groups = new Set(examples.map(({ group }) => group));
  if (base?.embedder !== embedder || groups.size < COMMUNITIES_LEAST || examples.length < LISTINGS_LEAST)
    return undefined;
  const { wording, calibration } = base;
  const added = (chosen: readonly categories.JudgedExample[]) => {
    const statistics = copyOf(base.statistics);
    for (const example of chosen) categories.addExample(statistics, example);
    return categories.modelOf(statistics, { wording, calibration });
  };
  const shipped = categories.modelOf(base.statistics, { wording, calibration });
  const folds = Math.min(FOLDS, groups.size);
  const before = categories.evaluate(examples, () => shipped, folds);
  const after = categories.evaluate(examples, added, folds);
  const statistics = copyOf(base.statistics);
  for (const example of examples) categories.addExample(statistics, example);
  return {
    learned: categories.serialize({ embedder, statistics, wording, calibration: after.calibration }),
    listings: examples.length,
    communities: groups.size,
    before: before.first,
    after: after.first,
  };
}

const copyOf = (statistics: categories.Statistics) =>
  categories.addStatistics(categories.noStatistics(statistics.dimensions), statistics);
