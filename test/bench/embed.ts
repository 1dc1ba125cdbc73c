import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Embedder, openEmbedder } from '@kith/search';
import { Kernel } from '../../search/src/meaning/kernel.ts';
import { readModelFile } from '../../search/src/meaning/modelFile.ts';
import { prepare } from '../../search/src/meaning/prepare.ts';
import { Tokenizer } from '../../search/src/meaning/tokenizer.ts';
import { interleaved, median, type BenchOptions, type BenchResult } from './bench.ts';

const from = (path: string) => new URL(`../../search/${path}`, import.meta.url);
/** The convolution that costs most, for as many pieces as go through the model at once. */
const ROWS = 256;
const INNER = 1280;
const COLUMNS = 256;
/** Projections and convolutions; then the output and the dense layers. */
const MULTIPLY_ADDS_OF_PIECE = 512 * 768 + 2 * (512 + 768 + 1280) * 256;
const MULTIPLY_ADDS_OF_TEXT = 1280 * 512 + 4 * 512 * 320 + 320 * 320 + 512 * 512;

/** The embedded model on titles of its sixteen languages, beside what the same matrix product does when nothing else is to be done. */
export async function run({ say, quick }: BenchOptions): Promise<BenchResult> {
  const titles = titlesOf(quick ? 100 : 1_000);
  const rounds = quick ? 1 : 7;
  const before = process.memoryUsage.rss();
  const embedder = openEmbedder({ kind: 'embedded' });
  const load = await milliseconds(() => embedder.embed([titles[0]!]));
  const loads = [load];
  say('measuring');
  await embedder.embed(titles.slice(0, 200));

  const product = bareProduct();
  const { all, bare } = await interleaved(rounds, {
    all: async () => titles.length / (await coreSeconds(() => embedder.embed(titles))),
    bare: () => product(quick ? 100 : 700),
  });
  const memory = (process.memoryUsage.rss() - before) / 2 ** 20;
  const query = await oneByOne(embedder, titles.slice(0, quick ? 20 : 300));
  await embedder.close();
  while (loads.length < (quick ? 1 : 5)) loads.push(await loadOnce(titles[0]!));

  const { pieces, multiplyAdds } = workOf(titles);
  return {
    name: 'embed',
    conditions: [
      `${titles.length} titles in 16 languages, ${pieces.toFixed(1)} pieces and ${(multiplyAdds / 1e6).toFixed(1)} M multiply-adds each; a second of one core; medians of ${rounds} rounds`,
    ],
    figures: [
      {
        name: 'titles',
        value: all,
        unit: '/s',
        limit: { name: 'their products alone', value: bare / multiplyAdds },
        goal: { of: 'value', atLeast: 600 },
      },
      {
        name: 'multiply-adds',
        value: (all * multiplyAdds) / 1e9,
        unit: 'G/s',
        limit: { name: 'the bare product', value: bare / 1e9 },
      },
      { name: 'one query', value: query, unit: 'ms', goal: { of: 'value', below: 5 } },
      { name: 'load, at best of five', value: Math.min(...loads), unit: 'ms', goal: { of: 'value', below: 1_000 } },
      { name: 'memory more', value: memory, unit: 'MB', goal: { of: 'value', below: 200 } },
    ],
  };
}

function titlesOf(count: number): string[] {
  const lines = readFileSync(from('test/meaning/reference.jsonl'), 'utf8').trimEnd().split('\n');
  const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text);
  return texts.filter((text) => text.length <= 80).slice(0, count);
}

function workOf(titles: string[]) {
  const tokenizer = new Tokenizer(readModelFile(fileURLToPath(from('model/use-multilingual-v3.bin'))));
  const counts = titles.map((title) => tokenizer.tokenize(prepare(title)).ids.length);
  const pieces = counts.reduce((sum, length) => sum + length) / titles.length;
  return { pieces, multiplyAdds: pieces * MULTIPLY_ADDS_OF_PIECE + MULTIPLY_ADDS_OF_TEXT };
}

/** Multiply-adds a second of the kernel in a bare loop. */
function bareProduct() {
  const kernel = new Kernel(readFileSync(from('dist/kernel.wasm')));
  const matrix = kernel.load(INNER, COLUMNS, new Float32Array(INNER * COLUMNS).fill(0.5));
  const [a, c] = [INNER, COLUMNS].map((stride) => ({ at: kernel.allocate(ROWS * stride), stride }));
  return async (forMilliseconds: number) => {
    let products = 0;
    const seconds = await coreSeconds(async () => {
      const end = performance.now() + forMilliseconds;
      for (; performance.now() < end; products++) kernel.multiplyAdd(a!, matrix, c!, ROWS);
    });
    return (products * ROWS * INNER * COLUMNS) / seconds;
  };
}

async function oneByOne(embedder: Embedder, titles: string[]): Promise<number> {
  const times: number[] = [];
  for (const title of titles) times.push(await milliseconds(() => embedder.embed([title], { urgent: true })));
  return median(times);
}

async function loadOnce(title: string): Promise<number> {
  const embedder = openEmbedder({ kind: 'embedded' });
  const time = await milliseconds(() => embedder.embed([title]));
  await embedder.close();
  return time;
}

/** What the work took of the processor, in all threads of the process: others who use the machine as well do not count. */
async function coreSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
