import type { Calibration } from './model.ts';
import { bytesOf, floats, readPacked, row, symmetric } from './packed.ts';
import type { Statistics } from './statistics.ts';
import type { Wording } from './wording.ts';

/** All that a model is made of and can be learned on from: sums, no texts. */
export interface Learned {
  /** The embedder whose vectors these are of; those of another cannot be read by it. */
  embedder: string;
  statistics: Statistics;
  wording: Wording;
  calibration: Calibration;
}

const FORMAT = 'kith-categories-1';

type Header = {
  format: string;
  embedder: string;
  dimensions: number;
  weight: number;
  calibration: Calibration;
  categories: [key: string, weight: number][];
};

/**
 * Compact: means and variances as 32-bit floats, everything else in 8 bits. What two numbers of vectors have in common is
 * kept as their correlation, so that 8 bits do for all of them alike.
 */
export function serialize({ embedder, statistics, wording, calibration }: Learned): Uint8Array {
  const { dimensions, weight, sum, products } = statistics;
  const categories = [...statistics.categories].sort(([a], [b]) => (a < b ? -1 : 1));
  const header: Header = {
    format: FORMAT,
    embedder,
    dimensions,
    weight,
    calibration,
    categories: categories.map(([key, category]) => [key, category.weight]),
  };
  const mean = sum.map((value) => value / weight);
  const second = products.map((value) => value / weight);
  const parts = [
    floats(mean),
    ...symmetric(second, dimensions),
    ...categories.flatMap(([, category]) => row(category.sum.map((value) => value / category.weight))),
    floats(wording.mean),
    ...symmetric(wording.within, dimensions),
  ];
  return bytesOf(header, parts);
}

/** Throws where the bytes are not a model. */
export function deserialize(bytes: Uint8Array): Learned {
  const { header, takeFloats, takeRow, takeSymmetric } = readPacked<Header>(bytes, 'categories');
  if (header.format !== FORMAT)
    throw new Error(`The file of categories is of another form than ${FORMAT}; make it anew.`);
  const { embedder, dimensions, weight, calibration } = header;
  const sum = takeFloats(dimensions).map((value) => value * weight);
  const products = takeSymmetric(dimensions).map((value) => value * weight);
  const categories = new Map(
    header.categories.map(([key, ofCategory]) => [
      key,
      { weight: ofCategory, sum: takeRow(dimensions).map((value) => value * ofCategory) },
    ]),
  );
  const wording = { dimensions, mean: takeFloats(dimensions), within: takeSymmetric(dimensions) };
  return { embedder, calibration, statistics: { dimensions, weight, sum, products, categories }, wording };
}
