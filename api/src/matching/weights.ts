/** How much each part of a score counts. */
export interface Weights {
  /**
   * Whether it is the same thing. `text` counts as `words` says where there is no understanding of one of the two listings. Odds of
   * `meaning` and `topic` are raised to their weights, and multiplied (`TOGETHER`).
   */
  about: { words: number; text: number; meaning: number; topic: number; category: number; tags: number };
  /** Whether the two can do it together. */
  fit: {
    price: number;
    distance: number;
    availability: number;
    language: number;
    reputation: number;
    dealings: number;
  };
  /** What is left of a score when nothing fits but the thing itself. */
  leastFit: number;
}

/** The one table of weights. How they were found, and what each is worth: decisions/matching.md. */
export const WEIGHTS: Weights = {
  about: { words: 0.95, text: 0.15, meaning: 0.5, topic: 0.65, category: 0.45, tags: 0.4 },
  fit: { price: 0.3, distance: 0.35, availability: 0.2, language: 0.15, reputation: 0.2, dealings: 0.25 },
  leastFit: 0.5,
};

/**
 * What likenesses say, as a probability 1 / (1 + e^−(slope · likeness + bias)). Meaning: that two texts are of one thing, among 135
 * things, by own texts in six languages; where the services both are about are known, by the order in which it puts offers. Topic: that two authors tick a category in common, in communities nothing was learned from.
 */
export const CALIBRATION = {
  meaning: { slope: 19.6, bias: -6.3 },
  meaningAndServices: { slope: 8, affinity: 16, bias: -7 },
  topic: { slope: 4.7, bias: -3.5 },
} as const;

/** What meaning and topic say together is 1 / (1 + e^−(weighted sum of their log-odds + level)), and never more than `most`. */
export const TOGETHER = { level: 1.4, most: 0.95 } as const;

/**
 * Below this a pair is not suggested. Judged by title alone on communities that nothing was learned from (589 wants of 30 time banks):
 * of the pairs at this score or above 53 % share a category their authors ticked (7 % of all pairs do), and 66 % of the wants get at
 * least one; by words alone 42 %, and 29 %.
 */
export const SCORE_LEAST = 0.3;
