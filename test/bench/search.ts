import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { SearchQuery } from '@kith/search';
import { globalId } from '../../api/src/builder.ts';
import { readConfig, type Config } from '../../api/src/config.ts';
import { closeDatabase } from '../../api/src/db.ts';
import { configureIdentity } from '../../api/src/identity/sessions.ts';
import { startDatabase } from '../../api/src/kith.ts';
import { log } from '../../api/src/log.ts';
import { openSearchIndex, searchIndex, whyEmbedded } from '../../api/src/searchIndex.ts';
import { startServer } from '../../api/src/server.ts';
import { queries } from '../../search/bench/queries.ts';
import { bareMeilisearch, barePostgres } from './bareSearch.ts';
import { percentile, type BenchOptions, type BenchResult, type Figure } from './bench.ts';
import { COMMUNITY, fillDirectory, SLUG } from './searchDirectory.ts';

const SIZES = [10_000, 100_000];

/** Every engine that is there, on listings made by a seed, beside its bare call. Meilisearch is found by MEILI_URL or on the PATH. */
export async function run({ say, quick }: BenchOptions): Promise<BenchResult> {
  const [sizes, rounds] = quick ? [[1_000], 5] : [SIZES, 60];
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kith-bench-'));
  const { MEILI_URL, MEILI_KEY } = process.env;
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    REQUESTS_PER_MINUTE: '10000000',
    MEILI_URL,
    MEILI_KEY,
    MEILI_INDEX: `kith_bench_${process.pid}`,
  });
  log.level = config.LOG_LEVEL;
  const database = await startDatabase(config);
  configureIdentity(config);
  const figures: Figure[] = [];
  try {
    for (const listings of sizes) {
      say(`filling ${listings} listings`);
      const token = await fillDirectory(database.ownerUrl, listings);
      for (const SEARCH_ENGINE of ['postgres', 'auto'] as const) {
        const world = { database, listings, token, rounds, say };
        figures.push(...(await measureEngine({ ...config, SEARCH_ENGINE }, world)));
      }
    }
  } finally {
    await closeDatabase();
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return {
    name: 'search',
    conditions: [
      `${sizes.join(' and ')} listings of one community, made by a seed; ${rounds} queries of each of 13 kinds, one after another`,
      'bare: the same statement prepared on a connection of its own, or the same request to Meilisearch, with nothing of ours around it',
      'over HTTP: the whole GraphQL query of a member for a page of 20 with highlights, members, categories and facets',
    ],
    figures,
  };
}

type World = {
  database: { ownerUrl: string; appUrl: string };
  listings: number;
  token: string;
  rounds: number;
  say: (text: string) => void;
};

/** Nothing where the engine that is wanted is not there. */
async function measureEngine(config: Config, world: World): Promise<Figure[]> {
  const { database, listings, token, rounds, say } = world;
  const index = await openSearchIndex(config);
  try {
    if (config.SEARCH_ENGINE === 'auto' && whyEmbedded) return [];
    const began = performance.now();
    if (config.SEARCH_ENGINE === 'postgres') await searchIndex.rebuild();
    else await searchIndex.settled();
    const indexed = (listings * 1000) / (performance.now() - began);
    const { engine, degraded, notice } = await searchIndex.health();
    if (degraded) throw new Error(notice);
    say(`searching ${listings} listings by ${engine}`);
    const server = await startServer(config, database);
    const bare = engine === 'postgresql' ? await barePostgres(database.appUrl) : bareMeilisearch();
    try {
      const times = await measure({ url: server.url, token, bare, rounds });
      const title = `${engine === 'postgresql' ? 'PostgreSQL' : 'Meilisearch'}, ${listings.toLocaleString('en')}`;
      return [...figuresOf(title, times), { name: `${title}: indexing`, value: indexed, unit: 'listings/s' }];
    } finally {
      await bare.close();
      await server.stop();
    }
  } finally {
    await index.close();
    await dropIndex(config);
  }
}

function figuresOf(title: string, { bare, search, http }: Times): Figure[] {
  const at = (share: number) => ({ name: 'bare call', value: percentile(bare, share) });
  const unit = 'ms';
  const goal = { of: 'ratio', below: 1.3 } as const;
  return [
    { name: `${title}: search p50`, value: percentile(search, 0.5), unit, limit: at(0.5) },
    { name: `${title}: search p95`, value: percentile(search, 0.95), unit, limit: at(0.95), goal },
    { name: `${title}: over HTTP p50`, value: percentile(http, 0.5), unit, limit: at(0.5) },
    { name: `${title}: over HTTP p95`, value: percentile(http, 0.95), unit, limit: at(0.95) },
  ];
}

type Times = { bare: number[]; search: number[]; http: number[] };
type Measured = { url: string; token: string; rounds: number; bare: { repeat(): Promise<void>; begin?(): void } };

const WARM_UP = 8;
async function measure({ url, token, rounds, bare }: Measured): Promise<Times> {
  const times: Times = { bare: [], search: [], http: [] };
  for (const make of Object.values(queries(COMMUNITY)))
    for (let round = -WARM_UP; round < rounds; round++) {
      const query: SearchQuery = { languages: ['en'], ...make() };
      // Once uncounted: the pages of this query are warm for all three then, and the bare call knows what to repeat.
      bare.begin?.();
      await searchIndex.search(COMMUNITY, query);
      const took: Record<keyof Times, number> = {
        bare: await timed(() => bare.repeat()),
        search: await timed(() => searchIndex.search(COMMUNITY, query)),
        http: await timed(() => overHttp({ url, token }, query)),
      };
      if (round >= 0) for (const way of ['bare', 'search', 'http'] as const) times[way].push(took[way]);
    }
  return times;
}

const QUERY = `query ($input: SearchInput!) { search(input: $input) { total engine
  items { distanceKm titleParts { text marked } snippetParts { text marked }
    listing { id kind title tags terms price { amount currencyCode } publishedAt member { displayName } category { name } } }
  facets { kinds { kind count } categories { count category { name } } tags { value count } languages { value count } } } }`;

/** The search as a frontend makes it: everything a page of results shows. */
async function overHttp({ url, token }: { url: string; token: string }, query: SearchQuery): Promise<void> {
  const { categoryIds, priceTo, kind, near } = query.filter ?? {};
  const input = {
    text: query.text,
    sort: query.sort,
    facets: query.facets?.map((facet) => facet.toUpperCase()),
    kind,
    near,
    categoryIds: categoryIds?.map((id) => globalId('Category', id)),
    priceTo: priceTo === undefined ? undefined : (Number(priceTo) / 100).toFixed(2),
  };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-kith-community': SLUG, 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { input } }),
  });
  const { errors } = (await response.json()) as { errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** A server of somebody else is left as it was found. */
async function dropIndex({ MEILI_URL, MEILI_KEY, MEILI_INDEX, SEARCH_ENGINE }: Config): Promise<void> {
  if (!MEILI_URL || SEARCH_ENGINE === 'postgres') return;
  const headers = MEILI_KEY ? { authorization: `Bearer ${MEILI_KEY}` } : undefined;
  await fetch(`${MEILI_URL}/indexes/${MEILI_INDEX}`, { method: 'DELETE', ...(headers && { headers }) });
}
