/** A vector in eight bits a number: each number times the scale is what it was, within half a scale. */
export interface Packed {
  numbers: Int8Array;
  scale: number;
}

export function pack(vector: Float32Array): Packed {
  let most = 0;
  for (let index = 0; index < vector.length; index++) most = Math.max(most, Math.abs(vector[index]!));
  const scale = most > 0 ? most / 127 : 1;
  const numbers = new Int8Array(vector.length);
  for (let index = 0; index < vector.length; index++) numbers[index] = Math.round(vector[index]! / scale);
  return { numbers, scale };
}

export const unpack = ({ numbers, scale }: Packed): Float32Array =>
  Float32Array.from(numbers, (value) => value * scale);

/** As the database keeps it. */
export const toBytes = (numbers: Int8Array): Buffer => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.length);
export const fromBytes = (bytes: Buffer): Int8Array => new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/** The sum of products of `numbers` with a row of `rows` that begins at `start`: whole numbers, so that nothing is rounded. */
export function dotAt(numbers: Int8Array, rows: Int8Array, start: number): number {
  let [first, second] = [0, 0];
  const { length } = numbers;
  for (let index = 0; index < length; index += 2) {
    first += numbers[index]! * rows[start + index]!;
    second += numbers[index + 1]! * rows[start + index + 1]!;
  }
  return first + second;
}
