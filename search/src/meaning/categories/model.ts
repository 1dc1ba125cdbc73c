import { at, backward, cholesky, dot, forward, unit } from './linear.ts';
import { addExample, noStatistics, type Example, type Statistics } from './statistics.ts';
import type { Wording } from './wording.ts';

/** How traits become probabilities: logit = slope · trait + share · ln(share of the category) + bias; see `evaluate`. */
export interface Calibration {
  slope: number;
  share: number;
  bias: number;
}

/** Tells of a text's vector which categories its author would tick. */
export interface Model {
  keys: readonly string[];
  mean: Float32Array;
  /** A discriminant of each category, one after another. */
  discriminants: Float32Array;
  /** The part of all listings that each category has. */
  shares: Float32Array;
  calibration: Calibration;
}

export interface TrainOptions {
  /** What is known of wording beside the listings: that of other languages, above all. */
  wording?: Wording;
  calibration?: Calibration;
}

/** That of the default model. */
export const CALIBRATION: Calibration = { slope: 8.39, share: 0.44, bias: -2.67 };
/** A category of n listings keeps n / (n + 2) of its distance from the mean: of one that is hardly used little is known. */
const DOUBT = 2;
const RIDGE = 1;
/** How much the wording of own texts counts beside that of the listings. */
const WORDING = 0.5;

export function train(examples: Iterable<Example>, options: TrainOptions = {}): Model {
  let statistics: Statistics | undefined;
  for (const example of examples) {
    statistics ??= noStatistics(example.vector.length);
    addExample(statistics, example);
  }
  if (!statistics?.weight) throw new Error('There is no listing with a category to learn from.');
  return modelOf(statistics, options);
}

/**
 * Linear discriminants (Fisher 1936; Rao 1948): of each category the direction that tells it from the others best, given how
 * listings of one category differ among themselves; scaled by √share, so that the cosine of two listings' traits weighs a
 * direction by how much of the differences between categories lies in it. Solved directly: no steps, no chance.
 */
export function modelOf(statistics: Statistics, { wording, calibration = CALIBRATION }: TrainOptions = {}): Model {
  const { dimensions, weight } = statistics;
  const mean = Float32Array.from(statistics.sum, (value) => value / weight);
  const categories = [...statistics.categories]
    .filter(([, category]) => category.weight > 1e-6)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, category]) => {
      const certainty = 1 / (category.weight + DOUBT);
      const direction = Float64Array.from(
        category.sum,
        (value, index) => (value - category.weight * mean[index]!) * certainty,
      );
      return { key, direction, share: category.weight / weight };
    });

  const within = statistics.products.slice();
  for (let row = 0, place = 0; row < dimensions; row++)
    for (let column = 0; column <= row; column++, place++) {
      let value = within[place]! / weight - mean[row]! * mean[column]!;
      for (const { direction, share } of categories) value -= share * direction[row]! * direction[column]!;
      within[place] = value;
    }
  if (wording) addWording(within, wording);

  const lower = cholesky(within, dimensions, RIDGE);
  const discriminants = new Float32Array(categories.length * dimensions);
  categories.forEach(({ direction, share }, index) => {
    const discriminant = backward(lower, forward(lower, direction));
    for (let row = 0; row < dimensions; row++)
      discriminants[index * dimensions + row] = discriminant[row]! * Math.sqrt(share);
  });
  return {
    keys: categories.map(({ key }) => key),
    mean,
    discriminants,
    shares: Float32Array.from(categories, ({ share }) => share),
    calibration,
  };
}

function addWording(within: Float64Array, { within: other, dimensions }: Wording) {
  let [own, others] = [0, 0];
  for (let row = 0; row < dimensions; row++) {
    own += within[at(row, row)]!;
    others += other[at(row, row)]!;
  }
  for (let place = 0; place < within.length; place++) within[place]! += (WORDING * own * other[place]!) / others;
}

/** What a text is about, as the categories tell things apart: a number for each of the model's keys, of unit length together. */
export function traitsOf({ keys, mean, discriminants }: Model, vector: Float32Array): Float32Array {
  const dimensions = mean.length;
  const centred = vector.map((value, index) => value - mean[index]!);
  return unit(
    keys.map((_, index) => dot(discriminants.subarray(index * dimensions, (index + 1) * dimensions), centred)),
  );
}

/** For each of the model's keys the probability that the author of the text would tick it, 0…1. */
export function predict(model: Model, vector: Float32Array): Float32Array {
  return probabilitiesOf(model, traitsOf(model, vector));
}

export function probabilitiesOf({ shares, calibration }: Model, traits: Float32Array): Float32Array {
  const { slope, share, bias } = calibration;
  return traits.map((trait, index) => 1 / (1 + Math.exp(-(slope * trait + share * Math.log(shares[index]!) + bias))));
}

/**
 * How alike two texts are in what they are about, −1…1: the mean of the cosine of their traits and of that of what they are
 * (not also of what they are not).
 */
export function likeness(traits: Float32Array, others: Float32Array): number {
  let [both, own, other] = [0, 0, 0];
  for (let index = 0; index < traits.length; index++) {
    const [a, b] = [Math.max(0, traits[index]!), Math.max(0, others[index]!)];
    both += a * b;
    own += a * a;
    other += b * b;
  }
  return (dot(traits, others) + (both ? both / Math.sqrt(own * other) : 0)) / 2;
}
