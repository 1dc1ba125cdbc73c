import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openEmbedder } from '@kith/search';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { listing } from '../../../test/listing.ts';
import { searchIndex } from '../searchIndex.ts';

// A server of OpenAI's form that understands texts as the model that comes along does, when it answers.
const model = openEmbedder({ kind: 'embedded' });
let health: 'out' | 'half' = 'out';
let [calls, failed] = [0, 0];
const server = createServer(async (request, response) => {
  const { input } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { input: string[] };
  if (health === 'out' || calls++ % 2 === 0) {
    failed++;
    return void response.writeHead(503).end('busy');
  }
  const vectors = await model.embed(input);
  const data = vectors.map((vector, index) => ({ index, embedding: [...vector!] }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
});

let kith: TestKith;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const settings = { EMBEDDER: 'openai', EMBEDDING_URL: url, EMBEDDING_MODEL: 'outside' };
  kith = await testKith({ worker: true, settings });
});
afterAll(async () => {
  await kith.stop();
  server.closeAllConnections();
  server.close();
  await model.close();
});

test('while a server of embeddings is out words serve; when half of its answers fail, what was published meanwhile is met by meaning', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place, { name: 'Anna' }), await kith.member(place, { name: 'Boris' })];
  const live = kith.subscribe('subscription { suggestionFound { suggestion { offer { title } } } }', {}, boris);
  await live.started;
  const told = async () => (await live.next(60_000)).data.suggestionFound.suggestion.offer.title;
  for (const title of ['Piano lessons', 'Bicycle repair']) await listing(kith, boris, { title });

  await listing(kith, anna, { kind: 'WANT', title: 'Велосипед сломался, нужен ремонт велосипеда' });
  await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons for a child' });
  expect(await told()).toBe('Piano lessons');
  const found = await kith.gql('{ search(input: { text: "bicycle" }) { items { listing { title } } } }', {}, anna);
  expect(found.data.search.items.map((item: { listing: { title: string } }) => item.listing.title)).toEqual([
    'Bicycle repair',
  ]);
  expect((await searchIndex.meaning.counts(place.id)).understood).toBe(0);
  expect(failed).toBeGreaterThan(0);

  health = 'half';
  expect(await told()).toBe('Bicycle repair');
  expect(await searchIndex.meaning.counts(place.id)).toEqual({ understood: 4, notUnderstood: 0, waiting: 0 });
  expect(failed).toBeGreaterThanOrEqual(calls / 2);
}, 90_000);
