import { afterAll, beforeAll, expect, test } from 'vitest';
import { listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { LEVEL_MOST } from '../search/criteria.ts';
import { LEVELS } from './score.ts';
import { completedTrade } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const SEARCH = `query ($level: Int) { search(input: { text: "lessons", reputationLevelFrom: $level, sort: NEWEST, facets: [KIND] }) {
  total facets { kinds { count } } items { listing { title } } } }`;
const found = async (as: Person, level: number | null) => {
  const { data, errors } = await kith.gql(SEARCH, { level }, as);
  expect(errors).toBeUndefined();
  const { total, items, facets } = data.search;
  expect([items.length, facets.kinds[0]?.count ?? 0]).toEqual([total, total]);
  return items.map((item: { listing: { title: string } }) => item.listing.title);
};
const INBOX = '{ notifications { edges { node { kind title body } } } }';

async function village() {
  const community = await kith.community();
  const people: Person[] = [];
  for (let at = 0; at < 6; at++) people.push(await kith.member(community));
  const [anna, boris, ...others] = people as [Person, Person, ...Person[]];
  await listing(kith, anna, { title: 'Guitar lessons' });
  await listing(kith, boris, { title: 'Piano lessons' });
  await kith.jobs();
  const trades: string[] = [];
  /** So many others of them say that a deal was good. */
  const praise = async (of: Person, by: number) => {
    for (const { memberId: buyerId } of others.slice(trades.length, trades.length + by)) {
      const sides = { communityId: community.id, buyerId, providerId: of.memberId };
      const ofProvider = { rating: 1, stars: [5, 5, 5] as [number, number, number] };
      trades.push(await completedTrade(kith, { ...sides, at: new Date(), ofProvider }));
    }
    await compute(of);
  };
  const compute = (of: Person) =>
    inCommunity(community.id, (tx) =>
      enqueue(tx, 'review.unsealed', { communityId: community.id, tradeId: trades[0]!, memberIds: [of.memberId] }),
    );
  return { community, anna, boris, others, trades, praise, compute };
}

test('a search for a level finds the listings of members who have reached it, and loses them when they fall below', async () => {
  const { anna, others, trades, praise, compute } = await village();
  const [reader] = others as [Person];
  expect(await found(reader, null)).toEqual(['Piano lessons', 'Guitar lessons']);
  expect(await found(reader, 1)).toEqual([]);
  await praise(anna, 1);
  await kith.jobs();
  expect(await found(reader, 1)).toEqual(['Guitar lessons']);
  expect(await found(reader, 2)).toEqual([]);
  await kith.sql('update reviews set voided_at = now() where trade_id = $1', [trades[0]]);
  await compute(anna);
  await kith.jobs();
  expect(await found(reader, 1)).toEqual([]);
  expect(await found(reader, null)).toHaveLength(2);
});

test('only a level that is another has listings indexed anew', async () => {
  const { community, boris, praise } = await village();
  const indexed = async () =>
    (await kith.sql('select indexed_at::text from search_documents where member_id = $1', [boris.memberId]))[0]!
      .indexed_at as string;
  const before = await indexed();
  await praise(boris, 1);
  await kith.jobs();
  const reached = await indexed();
  expect(reached > before).toBe(true);
  await praise(boris, 1);
  await kith.jobs();
  expect(await indexed()).toBe(reached);
  expect(await kith.sql('select score_milli, level from reputations where community_id = $1', [community.id])).toEqual([
    { score_milli: 2000, level: 1 },
  ]);
});

test('a saved search asks for the level too; one that no member can have is refused', async () => {
  const { anna, boris, others, praise } = await village();
  const [reader] = others as [Person];
  const save = `mutation ($criteria: SearchCriteriaInput!) { createSavedSearch(input: { name: "Known", criteria: $criteria, notify: true }) {
    ... on SavedSearch { criteria { reputationLevelFrom } } } }`;
  for (const level of [0, LEVEL_MOST + 1]) {
    const { errors } = await kith.gql(save, { criteria: { reputationLevelFrom: level } }, reader);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  }
  const { data } = await kith.gql(save, { criteria: { text: 'cello', reputationLevelFrom: 1 } }, reader);
  expect(data.createSavedSearch.criteria).toEqual({ reputationLevelFrom: 1 });
  await praise(anna, 1);
  await kith.jobs();
  await listing(kith, anna, { title: 'Cello of a member with a name' });
  await listing(kith, boris, { title: 'Cello of a member without' });
  await kith.jobs();
  const told = (await kith.gql(INBOX, {}, reader)).data.notifications.edges.map(
    ({ node }: { node: { body: string } }) => node.body,
  );
  expect(told).toEqual(['Cello of a member with a name']);
  expect(LEVELS).toHaveLength(LEVEL_MOST);
});
