import { cholesky, forward, packedLength, unit } from './linear.ts';

/** How vectors of texts that mean the same differ: by language, by who asks and who offers, by choice of words. */
export interface Wording {
  dimensions: number;
  mean: Float64Array;
  /** The mean of (x − its group's mean)(x − its group's mean)ᵀ, the lower half. */
  within: Float64Array;
}

/** Learns it from groups of vectors, each of texts of one meaning. */
export function wordingOf(groups: readonly (readonly Float32Array[])[]): Wording {
  const dimensions = groups[0]![0]!.length;
  const [mean, within] = [new Float64Array(dimensions), new Float64Array(packedLength(dimensions))];
  const texts = groups.reduce((sum, { length }) => sum + length, 0);
  for (const group of groups) {
    const centre = new Float64Array(dimensions);
    for (const vector of group) for (let row = 0; row < dimensions; row++) centre[row]! += vector[row]! / group.length;
    for (let row = 0; row < dimensions; row++) mean[row]! += (centre[row]! * group.length) / texts;
    for (const vector of group) {
      const apart = vector.map((value, index) => value - centre[index]!);
      for (let row = 0, place = 0; row < dimensions; row++) {
        const value = apart[row]! / texts;
        for (let column = 0; column <= row; column++, place++) within[place]! += value * apart[column]!;
      }
    }
  }
  return { dimensions, mean, within };
}

const RIDGE = 3;

/**
 * Vectors of which wording is taken out: directions in which texts of one meaning differ are shortened (within-class covariance
 * normalization, Hatch & Stolcke 2006). The cosine of two such vectors is the likeness of what they mean. The larger the ridge, the less is shortened.
 */
export function senseOf({ mean, within, dimensions }: Wording, ridge = RIDGE): (vector: Float32Array) => Float32Array {
  const lower = cholesky(within, dimensions, ridge);
  return (vector) =>
    unit(
      forward(
        lower,
        Float64Array.from(vector, (value, index) => value - mean[index]!),
      ),
    );
}
