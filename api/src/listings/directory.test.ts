import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type As, type TestKith } from '../../../test/kit.ts';
import { globalId, inner, listing } from '../../../test/listing.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ListingsFilter) {
  listings(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount edges { cursor node { id title } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
const page = async (variables: object, as: As) => {
  const { data } = await kith.gql(PAGE, variables as Record<string, unknown>, as);
  const { edges, pageInfo, totalCount } = data.listings;
  return { titles: edges.map(({ node }: { node: { title: string } }) => node.title) as string[], pageInfo, totalCount };
};

test('pages neither repeat nor skip while listings come, go and are renewed, also where many were published in one moment', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  // Three moments with many rows each; microseconds as another program may write them.
  await kith.sql(
    `insert into listings (community_id, id, member_id, kind, title, state, published_at)
     select $1, gen_random_uuid(), $2, 'OFFER', 'Old ' || n, 'PUBLISHED', '2026-01-01 10:00:00.123456Z'::timestamptz + (n / 10) * interval '1 microsecond' * 400
     from generate_series(0, 29) n`,
    [place.id, anna.memberId],
  );
  const found: string[] = [];
  let after: string | null = null;
  for (let pages = 0; ; pages++) {
    const { titles, pageInfo } = await page({ first: 4, after }, anna);
    found.push(...titles);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
    await listing(kith, anna, { title: `New ${pages}` });
    // The row the cursor stands on leaves the directory.
    const [, id] = Buffer.from(after!, 'base64url').toString().split(':');
    await kith.sql("update listings set state = 'PAUSED' where id = $1", [id]);
  }
  expect(found).toHaveLength(30);
  expect(new Set(found)).toEqual(new Set(Array.from({ length: 30 }, (_, n) => `Old ${n}`)));
});

test('pages are read backwards too, and sizes are bounded', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  for (let n = 1; n <= 5; n++) await listing(kith, anna, { title: `Number ${n}` });
  const first = await page({ first: 2 }, anna);
  expect(first).toMatchObject({
    totalCount: 5,
    titles: ['Number 5', 'Number 4'],
    pageInfo: { hasNextPage: true, hasPreviousPage: false },
  });
  const second = await page({ first: 2, after: first.pageInfo.endCursor }, anna);
  expect(second.titles).toEqual(['Number 3', 'Number 2']);
  const back = await page({ last: 2, before: second.pageInfo.startCursor }, anna);
  expect(back.titles).toEqual(['Number 5', 'Number 4']);
  expect((await page({ last: 2 }, anna)).titles).toEqual(['Number 2', 'Number 1']);
  for (const variables of [{ first: -1 }, { first: 2, after: 'nonsense' }]) {
    const { errors } = await kith.gql(PAGE, variables, anna);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  }
});

test('the directory is filtered by kind, member, and category with all below it', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place), await kith.member(place)];
  const [top, below, deep, aside] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  for (const [id, parent] of [
    [top, null],
    [below, top],
    [deep, below],
    [aside, null],
  ])
    await kith.sql('insert into categories (community_id, id, parent_id, key, name) values ($1, $2, $3, $4, $4)', [
      place.id,
      id,
      parent,
      id,
    ]);
  const category = (id: string) => globalId('Category', id);
  await listing(kith, anna, { title: 'In aside', categoryId: category(aside) });
  await listing(kith, anna, { title: 'Deep', kind: 'WANT', categoryId: category(deep) });
  await listing(kith, boris, { title: 'In two', categoryId: category(aside), furtherCategoryIds: [category(below)] });
  await listing(kith, boris, { title: 'In none' });
  const titles = async (filter: object) => (await page({ filter }, anna)).titles;
  expect(await titles({ categoryId: category(top) })).toEqual(['In two', 'Deep']);
  expect(await titles({ categoryId: category(deep) })).toEqual(['Deep']);
  expect(await titles({ categoryId: category(aside) })).toEqual(['In two', 'In aside']);
  expect(await titles({ categoryId: category(top), kind: 'OFFER' })).toEqual(['In two']);
  expect(await titles({ memberId: globalId('Member', boris.memberId) })).toEqual(['In none', 'In two']);
});

const PUBLIC = `query ($community: String!, $first: Int, $after: String) { publicListings(community: $community, first: $first, after: $after) {
  edges { node { id title categoryName price { amount currencyCode } place { latitude exact } } } pageInfo { hasNextPage endCursor } } }`;

test('outsiders see the published listings of a community that shows them, without the member and the exact place', async () => {
  const place = await kith.community({ currencyScale: 0 });
  const anna = await kith.member(place);
  const id = await listing(kith, anna, {
    title: 'Bread',
    payment: { terms: 'FIXED', price: '3' },
    place: { latitude: 47.123456, longitude: 8 },
  });
  await listing(kith, anna, { title: 'Hidden', state: 'HIDDEN' });
  await listing(kith, anna, { title: 'Draft', state: 'DRAFT' });
  const ask = (as: As = {}, variables: object = {}) => kith.gql(PUBLIC, { community: place.slug, ...variables }, as);
  expect((await ask()).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await ask({}, { community: 'no-such-place' })).errors![0]!.message).toBe((await ask()).errors![0]!.message);
  await kith.sql(`update communities set policies = '{"publicListings": true}' where id = $1`, [place.id]);
  const shown = {
    ...{ id, title: 'Bread', categoryName: null, price: { amount: '3', currencyCode: 'TEST' } },
    place: { latitude: 47.12, exact: false },
  };
  // Also a member of another community, whose own community the request stands in.
  for (const as of [{}, await kith.member(await kith.community()), anna])
    expect((await ask(as)).data.publicListings.edges).toEqual([{ node: shown }]);
  await listing(kith, anna, { title: 'Cake' });
  const { edges, pageInfo } = (await ask({}, { first: 1 })).data.publicListings;
  expect([edges[0].node.title, pageInfo.hasNextPage]).toEqual(['Cake', true]);
  const rest = (await ask({}, { first: 1, after: pageInfo.endCursor })).data.publicListings;
  expect([inner(rest.edges[0].node.id), rest.pageInfo.hasNextPage]).toEqual([inner(id), false]);
});

test('a community that is hidden or closed shows outsiders nothing, whatever its policy says', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  await listing(kith, anna);
  await kith.sql(`update communities set policies = '{"publicListings": true}', visibility = 'HIDDEN' where id = $1`, [
    place.id,
  ]);
  expect((await kith.gql(PUBLIC, { community: place.slug })).errors![0]!.extensions.code).toBe('NOT_FOUND');
  await kith.sql("update communities set state = 'CLOSED', visibility = 'LISTED' where id = $1", [place.id]);
  expect((await kith.gql(PUBLIC, { community: place.slug })).errors![0]!.extensions.code).toBe('NOT_FOUND');
});
