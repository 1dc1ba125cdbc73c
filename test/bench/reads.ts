import { startApi } from '../process.ts';
import { interleaved, type BenchOptions, type BenchResult } from './bench.ts';
import { benchCluster, fillCommunities } from './cluster.ts';
import { startGenerator } from './generator.ts';
import { graphqlRequest } from './http.ts';

const PAGE = `{ listings(first: 20) { edges { node { id kind title description publishedAt
  member { id displayName } category { id name } } } } }`;
const TRIVIAL = '{ __typename }';
/** What Prisma asks for that page: the listings, then their members, then their categories. */
const STATEMENTS = [
  `select id, kind, title, description, published_at, member_id, category_id, community_id from listings
   where community_id = $1 and state = 'PUBLISHED' order by published_at desc, id desc limit 21`,
  'select community_id, id, display_name from members where community_id = $1 and id = any($2::uuid[])',
  'select community_id, id, name from categories where community_id = $1 and id = any($2::uuid[])',
];
const CONNECTIONS = 64;
const POOL = 20;

/** A page of the directory over HTTP, beside the least a request can cost, bare SQL, and the same without row-level security. */
export async function run({ say, quick }: BenchOptions): Promise<BenchResult> {
  const size = { communities: quick ? 50 : 1000, members: 10, listings: 40, sessions: quick ? 50 : 500 };
  const [rounds, milliseconds] = quick ? [1, 500] : [5, 3000];
  const cluster = await benchCluster();
  say(`filling ${size.communities} communities`);
  const people = await fillCommunities(cluster, size);
  const settings = { WORKER: 'off', DATABASE_POOL: String(POOL), SEARCH_ENGINE: 'postgres' };
  const api = await startApi({ databaseUrl: cluster.ownerUrl, bundle: true, settings });
  // A role is refused that passes by the policies; so it gets that right once its API runs, before its first query.
  await cluster.sql("create role bench_free login password 'bench' in role kith_app");
  const freeUrl = new URL(cluster.ownerUrl);
  [freeUrl.username, freeUrl.password] = ['bench_free', 'bench'];
  const free = await startApi({
    databaseUrl: cluster.ownerUrl,
    bundle: true,
    settings: { ...settings, DATABASE_APP_URL: freeUrl.href },
  });
  await cluster.sql('alter role bench_free bypassrls');

  const generator = startGenerator();
  const over = (url: string, query: string) => () =>
    generator.do('http', {
      url,
      requests: people.map((person) => graphqlRequest(query, person)),
      connections: CONNECTIONS,
      milliseconds,
    });
  const subjects = {
    page: over(api.url, PAGE),
    trivial: over(api.url, TRIVIAL),
    unprotected: over(free.url, PAGE),
    sql: () =>
      generator.do('sql', {
        url: cluster.ownerUrl,
        texts: STATEMENTS,
        values: people.map(({ communityId }) => [communityId]),
        connections: POOL,
        milliseconds,
      }),
  };
  say('warming up');
  await interleaved(quick ? 1 : 2, subjects);
  say(`${rounds} rounds of ${milliseconds} ms each`);
  const { page, trivial, unprotected, sql } = await interleaved(rounds, subjects);
  generator.stop();
  await Promise.all([api.stop(), free.stop()]);
  await cluster.stop();

  const unit = 'pages/s';
  return {
    name: 'reads',
    conditions: [
      `${size.communities} communities with ${size.members} members and ${size.listings} listings each; ${people.length} sessions in turn`,
      `a page: 20 listings with member and category; ${CONNECTIONS} connections, pool of ${POOL}; medians of ${rounds} interleaved rounds`,
    ],
    figures: [
      {
        name: 'page',
        value: page,
        unit,
        limit: { name: '{ __typename } with the same session', value: trivial },
        goal: { of: 'ratio', atLeast: 0.6 },
      },
      {
        name: 'page, row-level security',
        value: page,
        unit,
        limit: { name: 'without it', value: unprotected },
        goal: { of: 'ratio', atLeast: 0.9 },
      },
      { name: 'page, all layers', value: page, unit, limit: { name: 'its SQL through bare pg', value: sql } },
    ],
  };
}
