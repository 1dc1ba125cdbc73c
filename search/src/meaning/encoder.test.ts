import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DIMENSIONS, Encoder, PIECES_MOST } from './encoder.ts';
import { readModelFile } from './modelFile.ts';
import { projectFile } from './projectFile.ts';
import { Tokenizer } from './tokenizer.ts';

const file = (fromRoot: string) => {
  const found = projectFile(fromRoot);
  if (!found) throw new Error(`${fromRoot} is missing; run npm run build.`);
  return found;
};
const model = readModelFile(file('search/model/use-multilingual-v3.bin'));
const tokenizer = new Tokenizer(model);
const encoder = new Encoder(model, readFileSync(file('search/dist/kernel.wasm')));

// What the Python package that the model was taken from answers; see makeReference.py beside them.
const references = readFileSync(file('search/test/meaning/reference.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; pieces: number[] });
const referenceNumbers = new Int8Array(readFileSync(file('search/test/meaning/reference.int8')));
const referenceVector = (index: number) =>
  Float32Array.from(referenceNumbers.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS));

const dot = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, number, index) => sum + number * other[index]!, 0);
const cosine = (one: Float32Array, other: Float32Array) =>
  dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));

test('a text is cut into the same pieces as by the reference, in every language', () => {
  expect(references.length).toBeGreaterThan(1_000);
  const cut = references.map(({ text }) => ({ text, pieces: [...tokenizer.tokenize(text).ids] }));
  expect(cut).toEqual(references);
});

test('a vector has the direction of the reference, and unit length', () => {
  const vectors = encoder.encode(references.map(({ pieces }) => Int32Array.from(pieces)));
  const astray = vectors.flatMap((vector, index) =>
    cosine(vector, referenceVector(index)) >= 0.9999 ? [] : [references[index]!.text],
  );
  expect(astray).toEqual([]);
  expect(vectors.every((vector) => Math.abs(dot(vector, vector) - 1) < 1e-5)).toBe(true);
});

test('a text has the same vector alone and among others', () => {
  const texts = references.slice(0, 40).map(({ pieces }) => Int32Array.from(pieces));
  const together = encoder.encode(texts);
  const alone = texts.map((pieces) => encoder.encode([pieces])[0]!);
  expect(together).toEqual(alone);
});

test('of a text without end the first pieces count', () => {
  const endless = Int32Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 128_000);
  expect(encoder.encode([endless])).toEqual(encoder.encode([endless.subarray(0, PIECES_MOST)]));
});
