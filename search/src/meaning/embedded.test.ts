import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { embedded } from './embedded.ts';
import { type Embedder, EmbedderUnavailable, openEmbedder } from './embedder.ts';
import { projectFile } from './projectFile.ts';

const closing = <E extends Embedder>(embedder: E): E => {
  onTestFinished(() => embedder.close());
  return embedder;
};
const folder = mkdtempSync(path.join(tmpdir(), 'kith-embedder-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the model of the repository', () => {
  const embedder = openEmbedder({ kind: 'embedded' });
  afterAll(() => embedder.close());
  const likeness = async (one: string, other: string) => {
    const [first, second] = await embedder.embed([one, other]);
    return first!.reduce((sum, number, index) => sum + number * second![index]!, 0);
  };

  test('is loaded at the first text', async () => {
    expect(embedder.state()).toEqual({ state: 'ASLEEP' });
    const [vector] = await embedder.embed(['haircut'], { urgent: true });
    expect(vector).toHaveLength(embedder.dimensions!);
    expect(embedder.state()).toEqual({ state: 'READY' });
    expect(embedder.model).toMatch(/^use-multilingual-v3-[0-9a-f]{8}-\d+$/);
  });

  test('a want lies near its offer, in another language and in other words', async () => {
    const near = await likeness('Нужна стрижка', 'Friseurin schneidet Haare');
    expect(near).toBeGreaterThan(0.4);
    expect(await likeness('Нужна стрижка', 'Fahrradreparatur')).toBeLessThan(near / 2);
  });

  test('numbers and capitals change nothing', async () => {
    expect(await likeness('2 hours of gardening', '3 hours of gardening')).toBeCloseTo(1);
    expect(await likeness('WANTED: OLD WOOL BLANKETS', 'wanted: old wool blankets')).toBeCloseTo(1);
  });

  test('what it does not understand is null: no letters, unknown scripts, unknown languages', async () => {
    const strange = [
      '',
      '   ',
      '123 / 4',
      '😀🚲',
      'ქართული სამზარეულო',
      'हिन्दी सीखें',
      'μαθήματα κηπουρικής',
      'שיעורי גיטרה',
    ];
    expect(await embedder.embed(strange)).toEqual(strange.map(() => null));
    const [known, unknown, knownToo] = await embedder.embed([
      'Fahrradreparatur 🚲',
      'שיעורי גיטרה',
      'گ bicycle repair',
    ]);
    expect([known, unknown, knownToo].map((vector) => vector !== null)).toEqual([true, false, true]);
  });

  test('callers at once get what each asked for', async () => {
    const texts = Array.from({ length: 60 }, (_, index) => 'piano lessons for children '.slice(0, 6 + (index % 20)));
    const alone = await embedder.embed(texts);
    const atOnce = await Promise.all(texts.map((text, index) => embedder.embed([text], { urgent: index % 3 === 0 })));
    expect(atOnce.flat()).toEqual(alone);
  });
});

describe('files that are not as they should be', () => {
  test('a damaged file is said in a sentence, and read again when it was brought back', async () => {
    const whole = readFileSync(projectFile('search/model/use-multilingual-v3.bin')!);
    const model = path.join(folder, 'model.bin');
    for (const damaged of [
      whole.subarray(0, 1_000_000),
      Buffer.alloc(0),
      whole.with(20_000_000, whole[20_000_000]! ^ 1),
    ]) {
      writeFileSync(model, damaged);
      const embedder = closing(embedded({ model, lookAgainMs: 60_000 }));
      await expect(embedder.embed(['haircut'])).rejects.toThrow(EmbedderUnavailable);
      expect(embedder.state()).toEqual({ state: 'DOWN', notice: expect.stringContaining('model.bin is damaged') });
      await expect(embedder.embed(['haircut'])).rejects.toThrow('bring it back from the repository');
    }
    const embedder = closing(embedded({ model, lookAgainMs: 0 }));
    await expect(embedder.embed(['haircut'])).rejects.toThrow(EmbedderUnavailable);
    writeFileSync(model, whole);
    expect(await embedder.embed(['haircut'])).toEqual([expect.any(Float32Array)]);
    expect(embedder.state()).toEqual({ state: 'READY' });
  });

  test('a missing file is said in a sentence', async () => {
    const embedder = closing(embedded({ model: path.join(folder, 'nowhere.bin') }));
    await expect(embedder.embed(['haircut'])).rejects.toThrow(/nowhere\.bin cannot be read/);
    expect(embedder.state()).toMatchObject({ state: 'DOWN' });
  });
});

describe('a thread that ends', () => {
  const program = projectFile('search/test/meaning/fragileThread.mjs');

  test('fails those it worked for, and is started again for the others', async () => {
    const embedder = closing(embedded({ program }));
    expect(await embedder.embed(['fine'])).toEqual([Float32Array.of(4)]);
    const unlucky = embedder.embed(['die'], { urgent: true });
    const lucky = embedder.embed(['fine too']);
    await expect(unlucky).rejects.toThrow(/thread ended: out of memory/);
    await expect(unlucky).rejects.toThrow(EmbedderUnavailable);
    expect(await lucky).toEqual([Float32Array.of(8)]);
    expect(embedder.state()).toEqual({ state: 'READY' });
  });

  test('before its first answer is not started over and over', async () => {
    const embedder = closing(embedded({ program, lookAgainMs: 60_000 }));
    const calls = [embedder.embed(['die'], { urgent: true }), embedder.embed(['fine'])];
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(embedder.state().state).toBe('DOWN');
    await expect(embedder.embed(['fine'])).rejects.toMatchObject({ retryAfterMs: expect.any(Number) });
  });

  test('because it was closed says so', async () => {
    const embedder = embedded({ program });
    const waiting = embedder.embed(['fine']);
    await embedder.close();
    await expect(waiting).rejects.toThrow('The embedder was closed.');
    await expect(embedder.embed(['fine'])).rejects.toThrow('The embedder was closed.');
  });
});

test('without an embedder nothing is understood, and nothing fails', async () => {
  const none = openEmbedder({ kind: 'none' });
  expect(await none.embed(['haircut', ''])).toEqual([null, null]);
  expect(none.state()).toEqual({ state: 'OFF' });
});
