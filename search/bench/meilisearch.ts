import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Meilisearch } from 'meilisearch';
import { analyseQuery } from '../src/analysis/analyse.ts';
import { type SearchQuery } from '../src/engine.ts';
import { meilisearchEngine } from '../src/meilisearch.ts';
import { parametersOf, wordsOf } from '../src/meilisearchQuery.ts';
import { findMeilisearch } from '../src/server.ts';
import { percentile, queries, ROUNDS } from './queries.ts';
import { syntheticListings } from './synthetic.ts';

/**
 * Measures what our engine adds to the call of Meilisearch: `MEILI_BIN=… tsx search/bench/meilisearch.ts [listings]`.
 * Bare is the official client with the same words, parameters and headers, and nothing done with the answer. (With its own headers
 * answers are compressed, and then most of them take 40 ms longer.)
 */
const COMMUNITY = '00000000-0000-4000-8000-000000000001';
const number = Number(process.argv[2] ?? 10_000);
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kith-bench-'));
const { MEILI_URL: url, MEILI_KEY: key, MEILI_BIN: program } = process.env;
const server = await findMeilisearch({ url, key, program, dataDir });
if (!server) throw new Error('No Meilisearch to measure: set MEILI_URL or MEILI_BIN.');
const engine = meilisearchEngine({ ...server, index: 'kith_bench', searchTimeoutMs: 10_000 });
const requestInit = { headers: { 'accept-encoding': 'identity' } };
const client = new Meilisearch({ host: server.url, apiKey: server.key, requestInit });
const print = (line: string) => process.stdout.write(`${line}\n`);

const start = performance.now();
const documents = syntheticListings(COMMUNITY, number);
await engine.rebuild(
  (async function* () {
    for (let from = 0; from < number; from += 1_000) yield documents.slice(from, from + 1_000);
  })(),
);
print(`indexed ${number} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
print('query                        engine p50   p95   bare p50   p95   ratio of p95');
const all = { engine: [] as number[], bare: [] as number[] };
for (const [name, make] of Object.entries(queries(COMMUNITY))) {
  const times = { engine: [] as number[], bare: [] as number[] };
  for (let round = -20; round < ROUNDS; round++) {
    const query: SearchQuery = { languages: ['en'], ...make() };
    const own = () => timed(() => engine.search(COMMUNITY, query));
    const words = wordsOf(analyseQuery(query.text, ['en']));
    const bare = () => timed(() => client.index('kith_bench').search(words, parametersOf(COMMUNITY, query)));
    // They take turns in being first: the second finds the pages warm.
    const [first, second] = round % 2 ? [own, bare] : [bare, own];
    const [one, other] = [await first(), await second()];
    if (round < 0) continue;
    times.engine.push(round % 2 ? one : other);
    times.bare.push(round % 2 ? other : one);
  }
  all.engine.push(...times.engine);
  all.bare.push(...times.bare);
  report(name, times);
}
report('all', all);
await server.stop();
rmSync(dataDir, { recursive: true, force: true });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function report(name: string, { engine: own, bare }: typeof all): void {
  const cells = [percentile(own, 0.5), percentile(own, 0.95), percentile(bare, 0.5), percentile(bare, 0.95)];
  const ratio = (Number(cells[1]) / Number(cells[3])).toFixed(2);
  print(`${name.padEnd(28)} ${cells.map((cell) => cell.padStart(8)).join('')} ${ratio.padStart(8)}`);
}
