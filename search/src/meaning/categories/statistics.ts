import { packedLength } from './linear.ts';

/** A listing whose author ticked categories: its vector and their keys. */
export interface Example {
  vector: Float32Array;
  keys: readonly string[];
}

interface CategoryStatistics {
  /** Listings; one that is ticked in two categories is half in each. */
  weight: number;
  sum: Float64Array;
}

/**
 * All that learning keeps of the examples: sums, whose size does not grow with them. Sums of several communities, or of the
 * default model and an installation's own listings, are added, and those of one community taken away again to judge by it.
 */
export interface Statistics {
  dimensions: number;
  weight: number;
  sum: Float64Array;
  /** Σ x xᵀ, the lower half. */
  products: Float64Array;
  categories: Map<string, CategoryStatistics>;
}

export const noStatistics = (dimensions: number): Statistics => ({
  dimensions,
  weight: 0,
  sum: new Float64Array(dimensions),
  products: new Float64Array(packedLength(dimensions)),
  categories: new Map(),
});

/** Adds one example; without categories it says nothing and is left out. */
export function addExample(statistics: Statistics, { vector, keys }: Example, weight = 1): void {
  const { dimensions, sum, products } = statistics;
  if (vector.length !== dimensions)
    throw new Error(`A vector of ${vector.length} numbers does not fit statistics of ${dimensions}.`);
  const ticked = [...new Set(keys)];
  if (!ticked.length) return;
  statistics.weight += weight;
  for (let row = 0, place = 0; row < dimensions; row++) {
    const value = weight * vector[row]!;
    sum[row]! += value;
    for (let column = 0; column <= row; column++, place++) products[place]! += value * vector[column]!;
  }
  for (const key of ticked) {
    const category = categoryOf(statistics, key);
    category.weight += weight / ticked.length;
    for (let index = 0; index < dimensions; index++) category.sum[index]! += (weight / ticked.length) * vector[index]!;
  }
}

/** Adds `factor` times other statistics: −1 takes away what was added before. */
export function addStatistics(statistics: Statistics, other: Statistics, factor = 1): Statistics {
  statistics.weight += factor * other.weight;
  addTo(statistics.sum, other.sum, factor);
  addTo(statistics.products, other.products, factor);
  for (const [key, { weight, sum }] of other.categories) {
    const category = categoryOf(statistics, key);
    category.weight += factor * weight;
    addTo(category.sum, sum, factor);
  }
  return statistics;
}

function categoryOf({ categories, dimensions }: Statistics, key: string): CategoryStatistics {
  const known = categories.get(key) ?? { weight: 0, sum: new Float64Array(dimensions) };
  categories.set(key, known);
  return known;
}

function addTo(sum: Float64Array, added: Float64Array, factor: number) {
  for (let index = 0; index < sum.length; index++) sum[index]! += factor * added[index]!;
}
