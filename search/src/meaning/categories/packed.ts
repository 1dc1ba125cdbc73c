import { at, packedLength } from './linear.ts';

export function floats(values: ArrayLike<number>): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (let index = 0; index < values.length; index++) bytes.writeFloatLE(values[index]!, index * 4);
  return bytes;
}

/** In 8 bits, and what one step is worth before it. */
export function row(values: ArrayLike<number>): Uint8Array[] {
  let most = 1e-12;
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index]!));
  return [
    floats([most / 127]),
    Buffer.from(Int8Array.from(values, (value) => Math.round((value / most) * 127)).buffer),
  ];
}

export function symmetric(matrix: Float64Array, size: number): Uint8Array[] {
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

/** A header in JSON, its length before it, and what follows. */
export function bytesOf(header: object, parts: readonly Uint8Array[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...parts]);
}

/** Reads the parts in the order they were written. Throws where the bytes end before. */
export function readPacked<Header>(bytes: Uint8Array, name: string) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = 0;
  const take = (length: number) => {
    if (place + length > buffer.length) throw new Error(`The file of ${name} ends too early; make it anew.`);
    return buffer.subarray(place, (place += length));
  };
  const takeFloats = (length: number) => {
    const part = take(length * 4);
    return Float64Array.from({ length }, (_, index) => part.readFloatLE(index * 4));
  };
  const takeRow = (size: number) => {
    const [step] = takeFloats(1);
    const part = take(size);
    return Float64Array.from({ length: size }, (_, index) => part.readInt8(index) * step!);
  };
  const takeSymmetric = (size: number) => {
    const spread = takeFloats(size);
    const part = take(packedLength(size));
    const matrix = new Float64Array(packedLength(size));
    for (let first = 0; first < size; first++)
      for (let second = 0; second <= first; second++)
        matrix[at(first, second)] = (part.readInt8(at(first, second)) / 127) * spread[first]! * spread[second]!;
    return matrix;
  };
  const header = JSON.parse(take(take(4).readUInt32LE(0)).toString('utf8')) as Header;
  return { header, takeFloats, takeRow, takeSymmetric };
}
