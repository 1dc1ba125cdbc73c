import { expect, test } from 'vitest';
import { EmbeddingQueue } from './queue.ts';

const vector = (text: string) => Float32Array.of(text.length);

test('small calls go together, and each gets its own answers', async () => {
  const queue = new EmbeddingQueue();
  const answers = [queue.add(['a', 'bb'], {}), queue.add(['ccc'], {}), queue.add(['dddd'], {})];
  const batch = queue.take()!;
  expect(batch.texts).toEqual(['a', 'bb', 'ccc', 'dddd']);
  batch.resolve(batch.texts.map(vector));
  expect(await Promise.all(answers)).toEqual([[vector('a'), vector('bb')], [vector('ccc')], [vector('dddd')]]);
  expect(queue.isEmpty).toBe(true);
});

test('a long call is cut up, and the urgent goes between', async () => {
  const queue = new EmbeddingQueue();
  const texts = Array.from({ length: 1_000 }, (_, index) => `the listing that has the number ${index}`);
  const all = queue.add(texts, {});
  const first = queue.take()!;
  expect(first.texts.length).toBeLessThan(65);
  const query = queue.add(['query'], { urgent: true });
  first.resolve(first.texts.map(vector));
  const second = queue.take()!;
  expect(second.texts).toEqual(['query']);
  second.resolve([null]);
  expect(await query).toEqual([null]);
  for (let batch = queue.take(); batch; batch = queue.take()) batch.resolve(batch.texts.map(vector));
  expect(await all).toEqual(texts.map(vector));
});

test('a text longer than a batch goes alone', () => {
  const queue = new EmbeddingQueue();
  void queue.add(['a', 'b'.repeat(5_000), 'c'], {});
  expect([queue.take(), queue.take(), queue.take()].map((batch) => batch!.texts.join())).toEqual([
    'a',
    'b'.repeat(5_000),
    'c',
  ]);
});

test('who gave up is not worked for', async () => {
  const queue = new EmbeddingQueue();
  const giving = new AbortController();
  const given = queue.add(['nobody waits'], { signal: giving.signal });
  const kept = queue.add(['somebody waits'], {});
  giving.abort(new Error('the search was closed'));
  await expect(given).rejects.toThrow('the search was closed');
  await expect(queue.add(['too late'], { signal: giving.signal })).rejects.toThrow('the search was closed');
  const batch = queue.take()!;
  expect(batch.texts).toEqual(['somebody waits']);
  batch.resolve([vector('somebody waits')]);
  expect(await kept).toEqual([vector('somebody waits')]);
});

test('a batch that fails ends its calls, and no others', async () => {
  const queue = new EmbeddingQueue();
  const long = 'x'.repeat(2_000);
  const unlucky = queue.add([long, long], {});
  const lucky = queue.add(['fine'], {});
  queue.take()!.reject(new Error('the thread ended'));
  await expect(unlucky).rejects.toThrow('the thread ended');
  const batch = queue.take()!;
  expect(batch.texts).toEqual(['fine']);
  batch.resolve([null]);
  expect(await lucky).toEqual([null]);
});

test('no text is an answer at once', async () => {
  expect(await new EmbeddingQueue().add([], {})).toEqual([]);
});
