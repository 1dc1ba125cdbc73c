import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { EmbedderRefused, EmbedderUnavailable } from './embedder.ts';
import { openAiCompatible } from './openAiCompatible.ts';

type Asked = { model: string; input: string[] };
type Answer = (asked: Asked, response: ServerResponse, call: number) => void;

/** A server in OpenAI's form; `answer` decides about each call, counted from 1. */
async function serve(answer: Answer) {
  const calls: (Asked & { key?: string })[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    expect(`${request.method} ${request.url}`).toBe('POST /v1/embeddings');
    const asked = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Asked;
    calls.push({ ...asked, key: request.headers.authorization });
    answer(asked, response, calls.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
  const embedder = openAiCompatible({ url, model: 'tiny', key: 'secret', pauseFirstMs: 1 });
  onTestFinished(() => embedder.close());
  return { embedder, calls };
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const embeddingOf = (text: string) => [3, 4 * text.length];
const vectorOf = (text: string) => {
  const [one, other] = embeddingOf(text) as [number, number];
  return Float32Array.of(one / Math.hypot(one, other), other / Math.hypot(one, other));
};
/** In an order of its own, as it is allowed to. */
const well: Answer = ({ input }, response) =>
  json(response, 200, { data: input.map((text, index) => ({ index, embedding: embeddingOf(text) })).reverse() });

test('texts go in bounded batches with model and key, and come back in their order, of unit length', async () => {
  const { embedder, calls } = await serve(well);
  const texts = Array.from({ length: 150 }, (_, index) => `text ${'x'.repeat(index)}`);
  expect(embedder.dimensions).toBeUndefined();
  expect(await embedder.embed(texts)).toEqual(texts.map(vectorOf));
  expect(calls.map(({ input }) => input.length)).toEqual([64, 64, 22]);
  expect(calls[0]).toMatchObject({ model: 'tiny', key: 'Bearer secret' });
  expect([embedder.dimensions, embedder.model, embedder.state()]).toEqual([2, 'openai:tiny', { state: 'READY' }]);
});

test('a server that fails half of the time answers all in the end', async () => {
  const failures: Answer[] = [
    (_, response) => json(response, 503, { error: 'loading' }),
    (_, response) => response.destroy(),
    (_, response) => json(response, 429, {}, { 'retry-after': '0' }),
    (_, response) => response.writeHead(200).end('{"data": [{"ind'),
    ({ input }, response) => json(response, 200, { data: input.slice(1).map(() => ({ embedding: [1, 2] })) }),
    ({ input }, response) => json(response, 200, { data: input.map(() => ({ embedding: [null, 2] })) }),
  ];
  const { embedder, calls } = await serve((asked, response, call) =>
    (call % 2 ? failures[(call >> 1) % failures.length]! : well)(asked, response, call),
  );
  const texts = Array.from({ length: 640 }, (_, index) => `text ${'x'.repeat(index % 30)}`);
  expect(await embedder.embed(texts)).toEqual(texts.map(vectorOf));
  expect(calls).toHaveLength(20);
  expect(embedder.state()).toEqual({ state: 'READY' });
});

test('a server that stays out is unavailable after a bounded number of attempts, and used again when it is back', async () => {
  let isOut = true;
  const { embedder, calls } = await serve((asked, response, call) =>
    isOut ? json(response, 503, 'out of order') : well(asked, response, call),
  );
  await expect(embedder.embed(['haircut'])).rejects.toThrow(EmbedderUnavailable);
  expect(calls).toHaveLength(4);
  expect(embedder.state()).toEqual({ state: 'DOWN', notice: expect.stringContaining('503') });
  isOut = false;
  expect(await embedder.embed(['haircut'])).toEqual([vectorOf('haircut')]);
  expect(embedder.state()).toEqual({ state: 'READY' });
});

test('who waits is told at once, without a second attempt', async () => {
  const { embedder, calls } = await serve((_, response) => json(response, 503, {}));
  await expect(embedder.embed(['haircut'], { urgent: true })).rejects.toThrow(EmbedderUnavailable);
  expect(calls).toHaveLength(1);
});

test('a server that asks for a longer pause is believed', async () => {
  const { embedder, calls } = await serve((_, response) => json(response, 429, {}, { 'retry-after': '60' }));
  await expect(embedder.embed(['haircut'])).rejects.toMatchObject({ retryAfterMs: 60_000 });
  expect(calls).toHaveLength(1);
});

test('a wrong key is a refusal that names the setting, and is not tried again', async () => {
  const { embedder, calls } = await serve((_, response) => json(response, 401, { error: 'no such key' }));
  const refused = embedder.embed(['haircut']);
  await expect(refused).rejects.toThrow(EmbedderRefused);
  await expect(refused).rejects.toThrow(/401; check .*EMBEDDING_KEY.*no such key/);
  expect(calls).toHaveLength(1);
});

test('vectors of another length than before are refused', async () => {
  const { embedder } = await serve(({ input }, response, call) =>
    json(response, 200, { data: input.map(() => ({ embedding: new Array(call + 1).fill(1) })) }),
  );
  await embedder.embed(['haircut']);
  await expect(embedder.embed(['haircut'])).rejects.toThrow(/vectors of 3 numbers where it answered 2/);
});

test('what has no letters is not sent, and a vector without direction is null', async () => {
  const { embedder, calls } = await serve(({ input }, response) =>
    json(response, 200, { data: input.map((text) => ({ embedding: text === 'void' ? [0, 0] : [1, 0] })) }),
  );
  expect(await embedder.embed(['', '12', 'void', 'piano'])).toEqual([null, null, null, Float32Array.of(1, 0)]);
  expect(calls.map(({ input }) => input)).toEqual([['void', 'piano']]);
});

test('a signal and the end of the embedder stop a call', async () => {
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const { embedder } = await serve(() => arrived());
  const stopping = new AbortController();
  const stopped = embedder.embed(['haircut'], { signal: stopping.signal });
  const ended = embedder.embed(['haircut']);
  await arrival;
  stopping.abort(new Error('the search was closed'));
  await expect(stopped).rejects.toThrow('the search was closed');
  await embedder.close();
  await expect(ended).rejects.toThrow('The embedder was closed.');
});
