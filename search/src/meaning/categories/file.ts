import { at, packedLength } from './linear.ts';
import type { Calibration } from './model.ts';
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
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...parts]);
}

function floats(values: ArrayLike<number>): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (let index = 0; index < values.length; index++) bytes.writeFloatLE(values[index]!, index * 4);
  return bytes;
}

/** In 8 bits, and what one step is worth before it. */
function row(values: ArrayLike<number>): Uint8Array[] {
  let most = 1e-12;
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index]!));
  return [
    floats([most / 127]),
    Buffer.from(Int8Array.from(values, (value) => Math.round((value / most) * 127)).buffer),
  ];
}

function symmetric(matrix: Float64Array, size: number): Uint8Array[] {
  const spread = Float64Array.from({ length: size }, (_, index) =>
    Math.sqrt(Math.max(1e-12, matrix[at(index, index)]!)),
  );
  const correlations = new Int8Array(packedLength(size));
  for (let first = 0; first < size; first++)
    for (let second = 0; second <= first; second++)
      correlations[at(first, second)] = Math.round(
        (matrix[at(first, second)]! / (spread[first]! * spread[second]!)) * 127,
      );
  return [floats(spread), Buffer.from(correlations.buffer)];
}

/** Throws where the bytes are not a model. */
export function deserialize(bytes: Uint8Array): Learned {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = 4;
  const take = (length: number) => {
    if (place + length > buffer.length) throw new Error('The file of categories ends too early; make it anew.');
    return buffer.subarray(place, (place += length));
  };
  const header = JSON.parse(take(buffer.readUInt32LE(0)).toString('utf8')) as Header;
  if (header.format !== FORMAT)
    throw new Error(`The file of categories is of another form than ${FORMAT}; make it anew.`);
  const { embedder, dimensions, weight, calibration } = header;
  const takeFloats = (length: number) => {
    const part = take(length * 4);
    return Float64Array.from({ length }, (_, index) => part.readFloatLE(index * 4));
  };
  const takeRow = () => {
    const [step] = takeFloats(1);
    const part = take(dimensions);
    return Float64Array.from({ length: dimensions }, (_, index) => part.readInt8(index) * step!);
  };
  const takeSymmetric = () => {
    const spread = takeFloats(dimensions);
    const part = take(packedLength(dimensions));
    const matrix = new Float64Array(packedLength(dimensions));
    for (let first = 0; first < dimensions; first++)
      for (let second = 0; second <= first; second++)
        matrix[at(first, second)] = (part.readInt8(at(first, second)) / 127) * spread[first]! * spread[second]!;
    return matrix;
  };
  const sum = takeFloats(dimensions).map((value) => value * weight);
  const products = takeSymmetric().map((value) => value * weight);
  const categories = new Map(
    header.categories.map(([key, ofCategory]) => [
      key,
      { weight: ofCategory, sum: takeRow().map((value) => value * ofCategory) },
    ]),
  );
  const wording = { dimensions, mean: takeFloats(dimensions), within: takeSymmetric() };
  return { embedder, calibration, statistics: { dimensions, weight, sum, products, categories }, wording };
}
