import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import zlib from 'node:zlib';

/** Of the whole file; `search/model/make.mjs` prints it. */
export const MODEL_SHA256 = '6719f5154c1f2f6d614e9cc647acfa5194869ae6037cbf8180c9888ce473c4b0';

/** The file is missing, cut short or changed; the message is for the operator. */
export class ModelDamaged extends Error {}

/** A part of the file; a matrix holds whole numbers, and its value is (number − zero) · scale. */
type Section = { name: string; length: number; bytes: number; shape?: [number, number]; scale?: number; zero?: number };

export type Matrix = { rows: number; columns: number; numbers: Float32Array };

/** The parts of the model by their names, unpacked when asked for. */
export type ModelFile = {
  bytes(name: string): Uint8Array;
  numbers(name: string): Float32Array;
  matrix(name: string): Matrix;
};

/** Reads the model and makes sure that it is the one this program knows. Throws ModelDamaged. */
export function readModelFile(file: string): ModelFile {
  const content = contentOf(file);
  const checksum = createHash('sha256').update(content).digest('hex');
  if (checksum !== MODEL_SHA256)
    throw new ModelDamaged(
      `${file} is damaged (${content.length} bytes, sha256 ${checksum.slice(0, 12)}…); bring it back from the repository.`,
    );
  const start = 4 + content.readUInt32LE();
  const sections = new Map<string, Section & { at: number }>();
  let at = start;
  for (const section of JSON.parse(content.toString('utf8', 4, start)) as Section[]) {
    sections.set(section.name, { ...section, at });
    at += section.bytes;
  }

  const sectionOf = (name: string) => {
    const section = sections.get(name);
    if (!section) throw new ModelDamaged(`${file} has no part named ${name}.`);
    return section;
  };
  const bytes = (name: string): Uint8Array => {
    const section = sectionOf(name);
    const packed = content.subarray(section.at, section.at + section.bytes);
    // One piece of memory for the whole: else it is gathered in small ones and copied.
    return zlib.inflateRawSync(packed, { chunkSize: Math.max(section.length, 64), maxOutputLength: section.length });
  };
  return {
    bytes,
    numbers: (name) => new Float32Array(Uint8Array.from(bytes(name)).buffer),
    matrix(name) {
      const { shape, scale, zero } = sectionOf(name);
      const [rows, columns] = shape!;
      const packed = bytes(name);
      const numbers = new Float32Array(packed.length);
      for (let index = 0; index < packed.length; index++) numbers[index] = (packed[index]! - zero!) * scale!;
      return { rows, columns, numbers };
    },
  };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ModelDamaged(`${file} cannot be read; bring it back from the repository.`, { cause });
  }
}
