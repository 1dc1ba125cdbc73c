import { afterAll, beforeAll, expect, test } from 'vitest';
import { inner, listing } from '../../../test/listing.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { searchIndex } from '../searchIndex.ts';

const SEARCH = 'query ($text: String!) { search(input: { text: $text }) { total } }';
const SUGGESTIONS = '{ suggestions { total items { want { title } offer { title } reasons } } }';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const enqueue = (job: string, payload: object) =>
  kith.sql('select kith.enqueue($1, $2::json, null, null, null)', [job, JSON.stringify(payload)]);

test('a want and an offer that are published at the same moment are suggested to both members', async () => {
  const place = await kith.community();
  const [ann, bob] = [await kith.member(place, { name: 'Ann' }), await kith.member(place, { name: 'Bob' })];
  await Promise.all([
    listing(kith, ann, { kind: 'OFFER', title: 'Piano lessons for beginners' }),
    listing(kith, bob, { kind: 'WANT', title: 'Piano lessons' }),
  ]);
  await kith.jobs();
  for (const who of [ann, bob]) {
    const { total, items } = (await kith.gql(SUGGESTIONS, {}, who)).data.suggestions;
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      want: { title: 'Piano lessons' },
      offer: { title: 'Piano lessons for beginners' },
    });
    expect(items[0].reasons[0]).toMatch(/“piano”/i);
  }
});

test('imported listings are found, whatever size the batch has, and a second run changes nothing', async () => {
  const place = await kith.community();
  const member = await kith.member(place);
  await kith.sql(
    "insert into listings (community_id, id, member_id, kind, state, title, published_at) select $1, gen_random_uuid(), $2, 'OFFER', 'PUBLISHED', 'Turnip ' || n, now() from generate_series(1, 450) n",
    [place.id, member.memberId],
  );
  const rows = await kith.sql('select id from listings where community_id = $1', [place.id]);
  const payload = { communityId: place.id, listingIds: rows.map(({ id }) => id) };
  for (let time = 0; time < 2; time++) {
    await enqueue('listings.imported', payload);
    await kith.jobs();
    expect((await kith.gql(SEARCH, { text: 'turnip' }, member)).data.search.total).toBe(450);
  }
}, 120_000);

test('an index that went wrong is made right by a rebuild while searches go on', async () => {
  const place = await kith.community();
  const member = await kith.member(place);
  const id = await listing(kith, member, { title: 'Zither tuning' });
  await listing(kith, member, { title: 'Zither strings' });
  await kith.jobs();
  await kith.sql('delete from search_documents where community_id = $1 and listing_id = $2', [place.id, inner(id)]);
  expect((await kith.gql(SEARCH, { text: 'zither' }, member)).data.search.total).toBe(1);
  const progress: number[] = [];
  let searching = true;
  const totals: number[] = [];
  const searches = (async () => {
    while (searching) totals.push((await kith.gql(SEARCH, { text: 'zither' }, member)).data.search.total);
  })();
  expect(await searchIndex.rebuild(({ done, total }) => void progress.push(done / total))).toBe(true);
  searching = false;
  await searches;
  expect(Math.min(...totals)).toBeGreaterThanOrEqual(1);
  expect(progress.at(-1)).toBe(1);
  expect((await kith.gql(SEARCH, { text: 'zither' }, member)).data.search.total).toBe(2);
});
