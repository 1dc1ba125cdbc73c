import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { prepareDatabase, startEmbedded, TenantPool, withCommunity } from '@kith/db';
import pg from 'pg';
import { type SearchQuery } from '../src/engine.ts';
import { postgresEngine } from '../src/postgres.ts';
import { percentile, queries, ROUNDS } from './queries.ts';
import { syntheticListings } from './synthetic.ts';

/**
 * Measures the embedded engine on synthetic listings: `tsx search/bench/postgres.ts [listings]`.
 * For each kind of query the median and 95th percentile, through the engine and for the bare call of its SQL function, interleaved.
 */
const COMMUNITY = '00000000-0000-4000-8000-000000000001';
const number = Number(process.argv[2] ?? 10_000);
const folder = process.env.BENCH_DATA_DIR ?? mkdtempSync(path.join(os.tmpdir(), 'kith-bench-'));
const server = await startEmbedded({ dataDir: folder });
const { appUrl } = await prepareDatabase(server.ownerUrl);
const owner = new pg.Pool({ connectionString: server.ownerUrl, max: 1 });
const pool = new TenantPool({ connectionString: appUrl, max: 4 });
let lastCall: [string, unknown[]] | undefined;
const engine = postgresEngine({ query: (text, values = []) => pool.query(...(lastCall = [text, values])) });
const print = (line: string) => process.stdout.write(`${line}\n`);

const { rows } = await owner.query('select listings from search_totals where community_id = $1', [COMMUNITY]);
if (rows[0]?.listings !== number) await fill();
await owner.query('vacuum analyze');

print(`${number} listings; milliseconds, ${ROUNDS} queries of each kind`);
print('query                        engine p50   p95   bare p50   p95   ratio of p95');
const all: { engine: number[]; bare: number[] } = { engine: [], bare: [] };
for (const [name, make] of Object.entries(queries(COMMUNITY))) {
  const times: typeof all = { engine: [], bare: [] };
  for (let round = -10; round < ROUNDS; round++) {
    const query: SearchQuery = { languages: ['en'], ...make() };
    // The first of a query warms the pages for the next: it is not counted.
    await timed(query);
    const [own, bare] = [await timed(query), await timedBare()];
    if (round < 0) continue;
    times.engine.push(own);
    times.bare.push(bare);
  }
  all.engine.push(...times.engine);
  all.bare.push(...times.bare);
  report(name, times);
}
report('all', all);
const suggested: number[] = [];
const typed = syntheticListings(COMMUNITY, ROUNDS).map(({ title }) => title.slice(0, 3));
for (const text of typed) {
  const start = performance.now();
  await engine.suggest(COMMUNITY, text, { languages: ['en'], most: 8 });
  suggested.push(performance.now() - start);
}
print(`suggestions p50 ${percentile(suggested, 0.5)} p95 ${percentile(suggested, 0.95)}`);
await pool.end();
await owner.end();
await server.stop();

/** The same statement and values as the engine sends, with nothing around them. */
async function timedBare(): Promise<number> {
  const start = performance.now();
  await withCommunity(COMMUNITY, () => pool.query(...lastCall!));
  return performance.now() - start;
}

async function timed(query: SearchQuery): Promise<number> {
  const start = performance.now();
  await engine.search(COMMUNITY, query);
  return performance.now() - start;
}

function report(name: string, { engine: own, bare }: typeof all): void {
  const ratio = Number(percentile(own, 0.95)) / Number(percentile(bare, 0.95));
  const cells = [percentile(own, 0.5), percentile(own, 0.95), percentile(bare, 0.5), percentile(bare, 0.95)];
  print(`${name.padEnd(28)} ${cells.map((cell) => cell.padStart(8)).join('')} ${ratio.toFixed(2).padStart(8)}`);
}

async function fill(): Promise<void> {
  await owner.query('delete from communities');
  await owner.query(
    "insert into communities (id, slug, name, currency_code, currency_name) values ($1, 'bench', 'Bench', 'BENCH', 'Bench')",
    [COMMUNITY],
  );
  const start = performance.now();
  const documents = syntheticListings(COMMUNITY, number);
  for (let from = 0; from < number; from += 500) await engine.index(documents.slice(from, from + 500));
  print(`indexed ${number} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
