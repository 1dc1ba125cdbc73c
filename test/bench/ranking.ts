/** How good a ranking is, given the grade (0…1) of each ranked item, best-ranked first. */
export interface Quality {
  ndcgAt10: number;
  precisionAt5: number;
  reciprocalRank: number;
  recallAt10: number;
}

/** Järvelin & Kekäläinen 2002 with linear gain; an item is relevant when its grade is above 0. */
export function qualityOf(ranked: readonly number[]): Quality {
  const relevant = ranked.filter((grade) => grade > 0).length;
  if (!relevant) throw new Error('A ranking without a relevant item has no quality.');
  const gain = (grades: readonly number[]) =>
    grades.slice(0, 10).reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0);
  const ideal = [...ranked].sort((a, b) => b - a);
  const first = ranked.findIndex((grade) => grade > 0);
  return {
    ndcgAt10: gain(ranked) / gain(ideal),
    precisionAt5: ranked.slice(0, 5).filter((grade) => grade > 0).length / 5,
    reciprocalRank: 1 / (first + 1),
    recallAt10: ranked.slice(0, 10).filter((grade) => grade > 0).length / relevant,
  };
}

export function meanOf(qualities: readonly Quality[]): Quality {
  const mean = (part: keyof Quality) => qualities.reduce((sum, quality) => sum + quality[part], 0) / qualities.length;
  return {
    ndcgAt10: mean('ndcgAt10'),
    precisionAt5: mean('precisionAt5'),
    reciprocalRank: mean('reciprocalRank'),
    recallAt10: mean('recallAt10'),
  };
}

/** Numbers in 0…1 by a seed (mulberry32), so that a random baseline is the same every time. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
