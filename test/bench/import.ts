import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApi } from '../process.ts';
import { percentile, type BenchOptions, type BenchResult, type Figure } from './bench.ts';
import { benchCluster, fillCommunities, type Cluster } from './cluster.ts';
import { startGenerator } from './generator.ts';
import { graphqlRequest } from './http.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = `{ listings(first: 20) { edges { node { id kind title description publishedAt
  member { id displayName } category { id name } } } } }`;
const PER_SECOND = 50;
const WINDOW_MS = 2_000;

/** A directory imported from the command line beside a running server until all of it is understood and matched, and what requests feel of it. */
export async function run({ say, quick, files }: BenchOptions): Promise<BenchResult> {
  const [file] = files;
  if (!file)
    throw new Error(
      'Name a CSV file as the command line imports it, each line with its community: npm run bench -- import FILE',
    );
  const cluster = await benchCluster();
  const people = await fillCommunities(cluster, { communities: 50, members: 10, listings: 40, sessions: 50 });
  await cluster.sql("update users set platform_administrator = true where email = '1-1@example.org'");
  const api = await startApi({ databaseUrl: cluster.ownerUrl, bundle: true, settings: { SEARCH_ENGINE: 'postgres' } });
  const generator = startGenerator();
  const pages = people.map((person) => graphqlRequest(PAGE, person));
  const ask = (milliseconds: number) =>
    generator.do('pace', { url: api.url, requests: pages, perSecond: PER_SECOND, milliseconds });
  await idle(cluster);
  await ask(WINDOW_MS);
  say('asking');
  const alone = await ask(quick ? WINDOW_MS : 20 * WINDOW_MS);
  say('importing');
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-bench-import-'));
  const began = performance.now();
  const program = [
    'api/dist/import.js',
    'listings',
    file,
    '--create-communities',
    '--placeholder-members',
    '--as',
    '1-1@example.org',
  ];
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: cluster.ownerUrl,
      DATA_DIR: dataDir,
      DEMO: 'off',
      SEARCH_ENGINE: 'postgres',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => (said += String(data)));
  let isOver = false;
  const done = once(child, 'exit').then(async ([code]) => {
    isOver = true;
    if (code) throw new Error(`the import ended with ${code}:\n${said}`);
    // The program waits for jobs that are due, and the server may still be at its last ones.
    await idle(cluster);
    return (performance.now() - began) / 1000;
  });
  const meanwhile: number[] = [];
  while (!isOver) meanwhile.push(...(await ask(WINDOW_MS)));
  const seconds = await done;
  const [{ listings, understood, wants }] = (await cluster.sql(
    `select count(l.id)::int as listings, count(m.listing_id)::int as understood,
            (select count(distinct want_id)::int from suggestions) as wants
     from listings l left join listing_meanings m on (m.community_id, m.listing_id) = (l.community_id, l.id)
     where l.external_id is not null`,
  )) as [Record<'listings' | 'understood' | 'wants', number>];
  generator.stop();
  await api.stop();
  await cluster.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
  const delay = (share: number): Figure => ({
    name: `a page of the directory meanwhile, p${share * 100}`,
    value: percentile(meanwhile, share),
    unit: 'ms',
    limit: { name: 'before', value: percentile(alone, share) },
    ...(share === 0.99 && { goal: { of: 'ratio' as const, below: 1.2 } }),
  });
  return {
    name: 'import',
    conditions: [
      `${listings} listings imported, ${understood} texts understood in the end, ${wants} wants with a suggestion`,
      `${PER_SECOND} pages a second all the while, each timed from when it was due: ${alone.length} before, ${meanwhile.length} meanwhile`,
    ],
    figures: [
      { name: 'imported, understood and matched', value: seconds, unit: 's', goal: { of: 'value', below: 60 } },
      delay(0.5),
      delay(0.99),
    ],
  };
}

/** Waits until no job is due any more. */
async function idle({ sql }: Cluster) {
  for (;;) {
    const [row] = await sql(
      'select count(*)::int as jobs from graphile_worker.jobs where run_at <= now() and attempts < max_attempts',
    );
    if (!(row as { jobs: number }).jobs) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
