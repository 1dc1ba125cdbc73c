import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inner, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
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

describe('what listings are found by changes without them', () => {
  const SYNONYMS = `mutation ($terms: [String!]!) { createSynonyms(input: { terms: $terms }) { __typename } }`;
  const suggested = async (who: Person) => (await kith.gql(SUGGESTIONS, {}, who)).data.suggestions.total as number;

  async function apart() {
    const place = await kith.community();
    const operator = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
    const [ann, bob] = [await kith.member(place, { name: 'Ann' }), await kith.member(place, { name: 'Bob' })];
    for (const title of ['Help with homework', 'Help in the garden', 'Help carrying boxes', 'Help with taxes'])
      await listing(kith, operator, { title });
    await listing(kith, ann, { kind: 'OFFER', title: 'Bicycle for two' });
    await listing(kith, bob, { kind: 'WANT', title: 'Velocipede' });
    return { place, operator, ann, bob };
  }

  test('words that have become equal make a suggestion; many changes are one run', async () => {
    const { place, operator, ann, bob } = await apart();
    await kith.jobs();
    expect([await suggested(ann), await suggested(bob)]).toEqual([0, 0]);
    const sets = ['car auto', 'bicycle velocipede', 'sofa couch'].map((words) => words.split(' '));
    await Promise.all(sets.map((terms) => kith.gql(SYNONYMS, { terms }, operator)));
    const waiting = await kith.sql('select task_identifier from graphile_worker.jobs where key = $1', [
      `search.reindex:${place.id}`,
    ]);
    expect(waiting).toEqual([{ task_identifier: 'search.reindex' }]);
    await kith.jobs();
    expect([await suggested(ann), await suggested(bob)]).toEqual([1, 1]);
    // Twice is as once.
    await enqueue('listings.reindexed', { communityId: place.id });
    await kith.jobs();
    expect([await suggested(ann), await suggested(bob)]).toEqual([1, 1]);
  });

  test('a member who moves is suggested by the new distance', async () => {
    const place = await kith.community();
    const [ann, bob] = [await kith.member(place, { name: 'Ann' }), await kith.member(place, { name: 'Bob' })];
    const move = (who: Person, latitude: number) =>
      kith.gql(
        'mutation ($place: MapPointInput) { updateMyProfile(input: { place: $place }) { id } }',
        { place: { latitude, longitude: 13.4 } },
        who,
      );
    await Promise.all([move(ann, 52.5), move(bob, 52.5)]);
    await listing(kith, ann, { kind: 'OFFER', title: 'Piano lessons' });
    await listing(kith, bob, { kind: 'WANT', title: 'Piano lessons' });
    await kith.jobs();
    const reasons = async () => (await kith.gql(SUGGESTIONS, {}, bob)).data.suggestions.items[0].reasons.join();
    expect(await reasons()).toContain('0 km away');
    await move(ann, 52.59);
    await kith.jobs();
    expect(await reasons()).toContain('10 km away');
  });
});
