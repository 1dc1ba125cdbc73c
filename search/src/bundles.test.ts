import { expect, test } from 'vitest';
import { syntheticListings } from '../bench/synthetic.ts';
import { bundles } from './bundles.ts';
import { type ListingDocument } from './engine.ts';

const documents = syntheticListings('00000000-0000-4000-8000-000000000001', 10);
const inThrees = [0, 3, 6, 9].map((from) => documents.slice(from, from + 3));
async function bundled(batches: ListingDocument[][], limits: { documentsMost?: number; bytesMost?: number }) {
  const all = [];
  for await (const bundle of bundles(batches, limits)) all.push(bundle);
  return all;
}

test('small batches go together in bundles of so many documents, in their order and none lost', async () => {
  const found = await bundled([[], ...inThrees, []], { documentsMost: 4 });
  expect(found.map(({ length }) => length)).toEqual([4, 4, 2]);
  expect(found.flat()).toEqual(documents);
});

test('a large batch is divided, and long texts fill a bundle sooner', async () => {
  expect((await bundled([documents], { documentsMost: 6 })).map(({ length }) => length)).toEqual([6, 4]);
  const long = documents.map((document) => ({ ...document, description: 'x'.repeat(5_000) }));
  expect((await bundled([long], { bytesMost: 100_000 })).map(({ length }) => length)).toEqual([3, 3, 3, 1]);
});

test('a document that is larger than a bundle goes by itself', async () => {
  expect((await bundled([documents.slice(0, 2)], { bytesMost: 1 })).map(({ length }) => length)).toEqual([1, 1]);
});

test('nothing makes no bundle', async () => {
  expect(await bundled([[], []], {})).toEqual([]);
});
