/** A matrix in the kernel's memory, in panels of eight columns. */
export type Panels = { at: number; rows: number; columns: number };
/** Rows of numbers in the kernel's memory: where they begin, and how far it is from one to the next (both counted in numbers). */
export type Rows = { at: number; stride: number };

type Exports = {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  multiplyAdd(...numbers: number[]): void;
};
/** The part of WebAssembly that is used; Node has it, and its types do not say so. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
};

const PANEL = 8;
const PAGE_BYTES = 65_536;

/** The matrix product in WebAssembly, with the memory that its numbers lie in. */
export class Kernel {
  readonly #exports: Exports;
  #numbers: Float32Array;
  #used = 0;

  constructor(wasm: Uint8Array) {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(wasm), {}).exports as Exports;
    this.#numbers = new Float32Array(this.#exports.memory.buffer);
  }

  /** All of the memory; another object after `allocate`. */
  get numbers(): Float32Array {
    return this.#numbers;
  }

  /** Room for so many numbers, all 0, for as long as the kernel lives. */
  allocate(count: number): number {
    const at = this.#used;
    this.#used += Math.ceil(count / PANEL) * PANEL;
    const { memory } = this.#exports;
    const missing = this.#used * 4 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#numbers = new Float32Array(memory.buffer);
    return at;
  }

  /** Brings a matrix, given row by row, into the form that the product reads; in the place of another where one is given. */
  load(rows: number, columns: number, values: Float32Array, at = this.allocate(rows * columns)): Panels {
    const numbers = this.#numbers;
    for (let panel = 0, to = at; panel < columns; panel += PANEL)
      for (let row = 0; row < rows; row++)
        for (let from = row * columns + panel, end = from + PANEL; from < end; from++) numbers[to++] = values[from]!;
    return { at, rows, columns };
  }

  /** c += a · b for the first `count` rows of a; up to three rows after them are computed too. */
  multiplyAdd(a: Rows, b: Panels, c: Rows, count: number): void {
    const rows = Math.ceil(count / 4) * 4;
    this.#exports.multiplyAdd(a.at * 4, a.stride * 4, b.at * 4, c.at * 4, c.stride * 4, rows, b.rows, b.columns);
  }
}
