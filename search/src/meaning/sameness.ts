/** How likely two texts are of one thing, by the cosine of their senses: as matching reckons it (decisions/matching.md). */
const SLOPE = 19.6;
const BIAS = -6.3;

/** Probability, 0…1. */
export const samenessOf = (likeness: number): number => 1 / (1 + Math.exp(-(SLOPE * likeness + BIAS)));

/** Where it is one half. */
export const EVEN_LIKENESS = -BIAS / SLOPE;
