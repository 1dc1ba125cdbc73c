import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Answer, type Person } from '../../test/kit.ts';
import { withCommunity } from '@kith/db';
import { pool } from './db.ts';
import { newId } from './ids.ts';
import { globalId } from './builder.ts';
import { answeredDirectly } from './metrics.ts';

const kith = await testKith();
let here: { id: string; slug: string };
let [anna, boris, stranger]: Person[] = [];

const TITLES = ['Plain', 'Quote " and \\ and \n line', 'Émile 😀 «стрижка»', '\u2028\u0001\ttab', 'it\'s; $1 {"a":1}'];

beforeAll(async () => {
  here = await kith.community();
  anna = await kith.member(here, { name: 'Anna "A" O\'Neil' });
  boris = await kith.member(here, { name: 'Борис' });
  const there = await kith.community();
  stranger = await kith.member(there);
  const category = newId();
  await kith.sql('insert into categories (community_id, id, key, name) values ($1, $2, $3, $4)', [
    here.id,
    category,
    'hair',
    'Hair & "more"',
  ]);
  for (let number = 0; number < 30; number++)
    await kith.sql(
      `insert into listings (community_id, id, member_id, category_id, kind, state, title, description, tags, photo_urls, quantity,
         language, unit, published_at, created_at, expires_at, radius_km)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}', $10, 'en', 'hour', $11, $11, $12, 2.5)`,
      [
        here.id,
        newId(),
        number % 3 ? anna!.memberId : boris!.memberId,
        number % 4 ? category : null,
        number % 2 ? 'OFFER' : 'WANT',
        number % 10 === 9 ? 'PAUSED' : 'PUBLISHED',
        TITLES[number % TITLES.length],
        number % 5 ? 'Some\nlines' : '',
        number % 2 ? ['a "b"', 'ü'] : [],
        number % 3 ? number : null,
        // Several at one moment: the id decides.
        `2026-01-${String(1 + Math.floor(number / 2)).padStart(2, '0')}T10:11:12.345${number % 2 ? '678' : ''}Z`,
        number % 2 ? '2027-01-01T00:00:00.9996Z' : null,
      ],
    );
  await kith.sql(
    "insert into listings (community_id, id, member_id, kind, state, title, published_at) values ($1, $2, $3, 'OFFER', 'PUBLISHED', 'Theirs', now())",
    [there.id, newId(), stranger.memberId],
  );
});
afterAll(() => kith.stop());

interface Asked {
  answer: Answer;
  /** How many requests were answered directly meanwhile. */
  direct: number;
}
async function ask(query: string, variables: Record<string, unknown>, as: Person): Promise<Asked> {
  const before = (await answeredDirectly.get()).values[0]!.value;
  const answer = await kith.gql(query, variables, as);
  return { answer, direct: (await answeredDirectly.get()).values[0]!.value - before };
}
/** A condition that always holds is enough to need code. */
const ordinarily = (query: string) => query.replace(/( edges| pageInfo)/, (field) => `${field} @include(if: true)`);

const NODE =
  'id kind state title description tags photoUrls terms unit quantity language remote version publishedAt expiresAt';
const FULL = `edges { cursor node { __typename ${NODE} member { id displayName bio photoUrl } category { id key name } } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }`;
const PAGES: [string, string, Record<string, unknown>?][] = [
  ['a page of the standard size', `{ listings { ${FULL} } }`],
  ['a small page', `{ listings(first: 3) { ${FULL} } }`],
  ['more than there are', `{ listings(first: 50) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`],
  [
    'other names',
    '{ all: listings(first: 2) { rows: edges { it: node { a: title b: title who: member { n: displayName } } } __typename } }',
  ],
  [
    'two pages in one query',
    '{ a: listings(first: 2) { edges { node { id } } } b: listings(first: 1, filter: { kind: WANT }) { edges { node { id kind } } } }',
  ],
  [
    'fragments',
    'query { listings { ...Page } } fragment Page on ListingConnection { edges { node { ...Row ... { kind } } } } fragment Row on Listing { title member { ...Who } } fragment Who on Member { displayName }',
  ],
  [
    'a filter by variables',
    'query ($first: Int = 4, $filter: ListingsFilter) { listings(first: $first, filter: $filter) { edges { node { kind member { displayName } } } } }',
    { filter: { kind: 'OFFER' } },
  ],
  [
    'variables that were left out',
    'query ($first: Int, $after: String) { listings(first: $first, after: $after) { edges { cursor } pageInfo { startCursor } } }',
    { first: null },
  ],
  ['only what a page is', '{ listings { pageInfo { hasNextPage startCursor } } }'],
];

test.each(PAGES)('%s: read directly, it is what the resolvers answer', async (_name, query, variables = {}) => {
  for (const as of [anna!, stranger!]) {
    const [read, resolved] = [await ask(query, variables, as), await ask(ordinarily(query), variables, as)];
    expect([read.direct, resolved.direct]).toEqual([1, 0]);
    expect(read.answer).toEqual(resolved.answer);
    expect(read.answer.errors).toBeUndefined();
  }
});

test('the pages of one member follow each other by their cursors to the end, either way', async () => {
  const query = `query ($after: String) { listings(first: 4, after: $after, filter: { memberId: "${globalId('Member', anna!.memberId)}" }) { ${FULL} } }`;
  const titles: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const read: Asked = await ask(query, { after }, boris!);
    const resolved: Asked = await ask(ordinarily(query), { after }, boris!);
    expect([read.direct, resolved.direct]).toEqual([1, 0]);
    expect(read.answer).toEqual(resolved.answer);
    const { edges, pageInfo } = read.answer.data.listings;
    titles.push(...edges.map(({ node }: { node: { id: string } }) => node.id));
    ({ endCursor: after, hasNextPage: more } = pageInfo);
  }
  expect([titles.length, new Set(titles).size]).toEqual([18, 18]);
});

test('an empty page has the cursor it was asked with', async () => {
  const query =
    '{ listings(after: "MDowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA") { edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }';
  const [read, resolved] = [await ask(query, {}, anna!), await ask(ordinarily(query), {}, anna!)];
  expect(read.answer).toEqual(resolved.answer);
  expect(read.direct).toBe(1);
});

test.each([
  ['what has a rule', '{ listings { edges { node { title member { phone } } } } }'],
  ['a place, which is rounded', '{ listings { edges { node { place { latitude } } } } }'],
  ['a price, which has a currency', '{ listings { edges { node { price { amount } } } } }'],
  ['a list of rows', '{ listings { edges { node { categories { name } } } } }'],
  ['a count', '{ listings { totalCount edges { cursor } } }'],
  [
    'a subtree of categories',
    `{ listings(filter: { categoryId: "${globalId('Category', newId())}" }) { edges { cursor } } }`,
  ],
  ['the end of the list', '{ listings(last: 2) { edges { cursor } } }'],
  ['one name for two selections', '{ listings { edges { node { title } } edges { cursor } } }'],
  ['a page that is too large', '{ listings(first: 1000) { edges { cursor } } }'],
  ['a page of a negative size', '{ listings(first: -1) { edges { cursor } } }'],
  ['a cursor that is none', '{ listings(after: "x") { edges { cursor } } }'],
  ['a member of no community', '{ listings(filter: { memberId: "x" }) { edges { cursor } } }'],
  ['another field beside it', '{ listings { edges { cursor } } __typename }'],
])('%s is left to the resolvers', async (_name, query) => {
  const { direct } = await ask(query, {}, anna!);
  expect(direct).toBe(0);
});

test('who is no active member is refused in the same words, whatever way', async () => {
  const query = '{ listings { edges { node { title } } } }';
  await kith.sql("update members set state = 'SUSPENDED' where id = $1", [boris!.memberId]);
  for (const as of [boris!, { ...anna!, community: 'nowhere' }, { ...anna!, token: 'x'.repeat(43) }]) {
    const { answer, direct } = await ask(query, {}, as);
    expect(direct).toBe(0);
    expect(answer.errors?.[0]?.extensions.code).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)$/);
  }
});

test('a query that is too complex is refused, though it could be read directly', async () => {
  const rows = Array.from({ length: 90 }, (_, number) => `f${number}: title`).join(' ');
  const { answer, direct } = await ask(`{ listings(first: 100) { edges { node { ${rows} } } } }`, {}, anna!);
  expect([answer.errors?.[0]?.extensions.code, direct]).toEqual(['QUERY_TOO_COMPLEX', 0]);
});

test('a page of a large directory is read in the order of its index, also under row-level security', async () => {
  await kith.sql(
    `insert into listings (community_id, id, member_id, kind, state, title, published_at)
     select community_id, gen_random_uuid(), member_id, kind, state, title, published_at - n * interval '1 minute'
     from listings, generate_series(1, 200) n where community_id = $1 and state = 'PUBLISHED'`,
    [here.id],
  );
  await kith.sql('analyze listings');
  const plan = await withCommunity(here.id, () =>
    pool.query(
      `explain select * from listings where community_id = '${here.id}' and state = 'PUBLISHED' order by published_at desc, id limit 21`,
    ),
  );
  const lines = plan.rows.map((row) => String(row['QUERY PLAN'])).join('\n');
  expect(lines).toContain('Index Scan using listings_newest');
  expect(lines).not.toContain('Sort');
});
