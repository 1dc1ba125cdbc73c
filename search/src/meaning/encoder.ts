import { Kernel, type Panels, type Rows } from './kernel.ts';
import { type ModelFile } from './modelFile.ts';

export const DIMENSIONS = 512;
/** The most pieces of a text, and the most that go through the model at once: what the product works on stays in the processor's cache. */
export const PIECES_MOST = 256;

const TABLE_CHUNKS = 17;
const BRANCH = 256;
/** The three convolutions: how many pieces each looks at, and how many of them stand before. */
const BRANCHES = [
  { width: 2, before: 0 },
  { width: 3, before: 1 },
  { width: 5, before: 2 },
];
const PROJECTED = BRANCHES.length * BRANCH;
const FEATURES = DIMENSIONS + PROJECTED;
const WINDOW_MOST = 5 * BRANCH;
const HIDDEN = 320;
const EPSILON = 1e-12;

type Branch = { width: number; before: number; projection: Panels; first: Layer; second: Layer };
type Layer = { weights: Panels; bias: Float32Array };

/**
 * The forward pass of the Universal Sentence Encoder, multilingual, convolutional: embeddings of pieces and three residual
 * convolutions over them, summed over the text, then residual dense layers (Yang et al. 2019, "Multilingual Universal Sentence
 * Encoder for Semantic Retrieval").
 */
export class Encoder {
  readonly #kernel: Kernel;
  readonly #table: Uint8Array[];
  readonly #scale: Float32Array;
  readonly #low: Float32Array;
  readonly #branches: Branch[];
  readonly #projectionBias: Float32Array;
  readonly #projectionNorm: Norm;
  readonly #featureNorm: Norm;
  readonly #output: Layer;
  readonly #dense: Record<'d0' | 'd1' | 'd2' | 'd3' | 'p1' | 'p3', Panels>;
  readonly #features: Rows;
  readonly #projected: Rows;
  readonly #windows: Rows;
  readonly #convolved: Rows;
  readonly #sums: Rows;
  readonly #texts: Rows;
  readonly #hidden: [Rows, Rows];

  constructor(model: ModelFile, wasm: Uint8Array) {
    const kernel = new Kernel(wasm);
    const matrix = (name: string): Panels => {
      const { rows, columns, numbers } = model.matrix(name);
      return kernel.load(rows, columns, numbers);
    };
    const room = (rows: number, stride: number): Rows => ({ at: kernel.allocate(rows * stride), stride });
    const joined = (name: string) =>
      Float32Array.from(BRANCHES.flatMap(({ width }) => [...model.numbers(`${name}${width}`)]));

    this.#kernel = kernel;
    this.#table = Array.from({ length: TABLE_CHUNKS }, (_, chunk) => model.bytes(`table${chunk}`));
    this.#scale = model.numbers('scale');
    this.#low = model.numbers('low');
    this.#branches = BRANCHES.map(({ width, before }) => ({
      width,
      before,
      projection: matrix(`proj${width}`),
      first: { weights: matrix(`w1_${width}`), bias: model.numbers(`b1_${width}`) },
      second: { weights: matrix(`w2_${width}`), bias: model.numbers(`b2_${width}`) },
    }));
    this.#projectionBias = joined('proj_b');
    this.#projectionNorm = { gain: joined('ln_g'), bias: joined('ln_b') };
    this.#featureNorm = { gain: model.numbers('ln_g'), bias: model.numbers('ln_b') };
    this.#output = { weights: matrix('cnn_W'), bias: model.numbers('cnn_b') };
    const dense = (['d0', 'd1', 'd2', 'd3', 'p1', 'p3'] as const).map((name) => [name, matrix(name)] as const);
    this.#dense = Object.fromEntries(dense) as Record<(typeof dense)[number][0], Panels>;

    this.#features = room(PIECES_MOST, FEATURES);
    this.#projected = room(PIECES_MOST, PROJECTED);
    this.#windows = room(PIECES_MOST, WINDOW_MOST);
    this.#convolved = room(PIECES_MOST, BRANCH);
    this.#sums = room(PIECES_MOST, FEATURES);
    this.#texts = room(PIECES_MOST, DIMENSIONS);
    this.#hidden = [room(PIECES_MOST, DIMENSIONS), room(PIECES_MOST, DIMENSIONS)];
  }

  /** A vector of unit length for each text, given as its pieces; of those after PIECES_MOST nothing is seen. */
  encode(texts: readonly Int32Array[]): Float32Array[] {
    const vectors: Float32Array[] = [];
    let group: Int32Array[] = [];
    let pieces = 0;
    for (const text of texts) {
      const ids = text.subarray(0, PIECES_MOST);
      if (pieces + ids.length > PIECES_MOST) {
        vectors.push(...this.#encodeGroup(group));
        group = [];
        pieces = 0;
      }
      group.push(ids);
      pieces += ids.length;
    }
    if (group.length > 0) vectors.push(...this.#encodeGroup(group));
    return vectors;
  }

  #encodeGroup(texts: readonly Int32Array[]): Float32Array[] {
    const ends = new Int32Array(texts.length);
    let pieces = 0;
    for (const [index, { length }] of texts.entries()) ends[index] = pieces += length;

    this.#lookUp(texts);
    this.#project(pieces);
    for (const [index, branch] of this.#branches.entries()) this.#convolve(branch, index, ends);
    this.#normalize(this.#features, FEATURES, pieces, this.#featureNorm);
    this.#sum(ends);
    return this.#densely(texts.length);
  }

  /** The table's numbers of each piece, into the first part of the features. */
  #lookUp(texts: readonly Int32Array[]) {
    const { numbers } = this.#kernel;
    let to = this.#features.at;
    for (const ids of texts)
      for (const id of ids) {
        const chunk = id % TABLE_CHUNKS;
        const [table, scale, low] = [this.#table[chunk]!, this.#scale[chunk]!, this.#low[chunk]!];
        const from = Math.floor(id / TABLE_CHUNKS) * DIMENSIONS;
        for (let index = 0; index < DIMENSIONS; index++) numbers[to + index] = table[from + index]! * scale + low;
        to += FEATURES;
      }
  }

  #project(pieces: number) {
    this.#fill(this.#projected, this.#projectionBias, pieces);
    for (const [index, { projection }] of this.#branches.entries())
      this.#kernel.multiplyAdd(this.#features, projection, part(this.#projected, index * BRANCH), pieces);
    this.#normalize(this.#projected, PROJECTED, pieces, this.#projectionNorm);
  }

  /** Twice: x + max(0, W · window(x) + b); the result is a part of the features. */
  #convolve({ width, before, first, second }: Branch, index: number, ends: Int32Array) {
    const pieces = ends.at(-1)!;
    const windows = { at: this.#windows.at, stride: width * BRANCH };
    const steps = [
      { from: part(this.#projected, index * BRANCH), layer: first, to: this.#convolved },
      { from: this.#convolved, layer: second, to: part(this.#features, DIMENSIONS + index * BRANCH) },
    ];
    for (const { from, layer, to } of steps) {
      this.#gather(from, windows, { width, before, ends });
      this.#fill(to, layer.bias, pieces);
      this.#kernel.multiplyAdd(windows, layer.weights, to, pieces);
      this.#addRectified(from, to, pieces);
    }
  }

  /** Puts the pieces around each piece side by side; beyond the ends of its text stand zeros. */
  #gather(from: Rows, windows: Rows, { width, before, ends }: { width: number; before: number; ends: Int32Array }) {
    const { numbers } = this.#kernel;
    let start = 0;
    let to = windows.at;
    for (const end of ends) {
      for (let piece = start; piece < end; piece++)
        for (let near = piece - before; near < piece - before + width; near++, to += BRANCH) {
          const at = from.at + near * from.stride;
          if (near < start || near >= end) numbers.fill(0, to, to + BRANCH);
          else numbers.copyWithin(to, at, at + BRANCH);
        }
      start = end;
    }
  }

  /** to = max(0, to) + from, a branch wide. */
  #addRectified(from: Rows, to: Rows, rows: number) {
    const { numbers } = this.#kernel;
    for (let row = 0; row < rows; row++) {
      const [source, target] = [from.at + row * from.stride, to.at + row * to.stride];
      for (let index = 0; index < BRANCH; index++)
        numbers[target + index] = Math.max(0, numbers[target + index]!) + numbers[source + index]!;
    }
  }

  /** Layer normalization of each row (Ba et al. 2016). */
  #normalize({ at, stride }: Rows, width: number, rows: number, { gain, bias }: Norm) {
    const { numbers } = this.#kernel;
    for (let start = at; start < at + rows * stride; start += stride) {
      let sum = 0;
      for (let index = 0; index < width; index++) sum += numbers[start + index]!;
      const mean = sum / width;
      let squares = 0;
      for (let index = 0; index < width; index++) squares += (numbers[start + index]! - mean) ** 2;
      const factor = 1 / Math.sqrt(squares / width + EPSILON);
      for (let index = 0; index < width; index++)
        numbers[start + index] = (numbers[start + index]! - mean) * factor * gain[index]! + bias[index]!;
    }
  }

  /** The pieces' features summed over each text and projected; divided by √n, so that length matters less. */
  #sum(ends: Int32Array) {
    const { numbers } = this.#kernel;
    const [sums, texts, features] = [this.#sums.at, this.#texts.at, this.#features.at];
    numbers.fill(0, sums, sums + ends.length * FEATURES);
    let start = 0;
    for (const [text, end] of ends.entries()) {
      const factor = 1 / Math.sqrt(end - start);
      const to = sums + text * FEATURES;
      for (let piece = start; piece < end; piece++)
        for (let index = 0; index < FEATURES; index++)
          numbers[to + index] = numbers[to + index]! + numbers[features + piece * FEATURES + index]! * factor;
      for (let index = 0; index < DIMENSIONS; index++)
        numbers[texts + text * DIMENSIONS + index] = this.#output.bias[index]! * (end - start) * factor;
      start = end;
    }
    this.#kernel.multiplyAdd(this.#sums, this.#output.weights, this.#texts, ends.length);
  }

  #densely(count: number): Float32Array[] {
    const [kernel, { d0, d1, d2, d3, p1, p3 }, [one, two], texts] = [
      this.#kernel,
      this.#dense,
      this.#hidden,
      this.#texts,
    ];
    const narrow = { at: one.at, stride: HIDDEN };
    const narrowToo = { at: two.at, stride: HIDDEN };
    this.#clear(narrow, count);
    kernel.multiplyAdd(texts, d0, narrow, count);
    this.#rectify(narrow, count);

    this.#clear(narrowToo, count);
    kernel.multiplyAdd(texts, p1, narrowToo, count);
    kernel.multiplyAdd(narrow, d1, narrowToo, count);
    this.#rectify(narrowToo, count);

    this.#clear(one, count);
    kernel.multiplyAdd(narrowToo, d2, one, count);
    this.#rectify(one, count);

    this.#clear(texts, count);
    kernel.multiplyAdd(narrowToo, p3, texts, count);
    kernel.multiplyAdd(one, d3, texts, count);
    return Array.from({ length: count }, (_, text) => this.#answer(texts.at + text * DIMENSIONS));
  }

  #answer(at: number): Float32Array {
    const vector = this.#kernel.numbers.slice(at, at + DIMENSIONS);
    let squares = 0;
    for (let index = 0; index < DIMENSIONS; index++) squares += (vector[index] = Math.tanh(vector[index]!)) ** 2;
    const factor = 1 / Math.sqrt(Math.max(squares, EPSILON));
    return vector.map((number) => number * factor);
  }

  #rectify({ at, stride }: Rows, rows: number) {
    const { numbers } = this.#kernel;
    for (let index = at; index < at + rows * stride; index++) numbers[index] = Math.max(0, numbers[index]!);
  }

  #clear({ at, stride }: Rows, rows: number) {
    this.#kernel.numbers.fill(0, at, at + rows * stride);
  }

  /** Every row begins as the bias; the product is added to it. */
  #fill({ at, stride }: Rows, bias: Float32Array, rows: number) {
    for (let row = 0; row < rows; row++) this.#kernel.numbers.set(bias, at + row * stride);
  }
}

type Norm = { gain: Float32Array; bias: Float32Array };

/** The same rows, from another of their columns on. */
const part = ({ at, stride }: Rows, column: number): Rows => ({ at: at + column, stride });
