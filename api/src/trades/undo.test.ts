import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { grantOnAdmission } from '../coinage/grants.ts';
import { establish, standingOf } from '../coinage/testCoinage.ts';
import { newId } from '../ids.ts';
import { balancesOf, differences } from '../ledger/testLedger.ts';
import { dealing, everything, FIXED, stars } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const REVERSE = `mutation ($i: ReverseEntryInput!) { reverseEntry(input: $i) { __typename
  ... on Error { code message } ... on PartOfSomething { mutation subjectId } } }`;
/** A completed trade whose price was minted in part, with both reviews, and who could undo it. */
async function completed() {
  const world = await dealing(kith, { until: 'DELIVERED', payment: FIXED('30.01') });
  const { buyer, provider, tradeId, act, community, inside } = world;
  await establish(kith, community.id, buyer);
  await inside((tx) => grantOnAdmission(tx, { communityId: community.id, memberId: provider.memberId }));
  expect(await act(buyer, 'completeTrade', { tradeId, review: stars() })).toMatchObject({
    minted: { amount: '15.00' },
  });
  await world.act(world.provider, 'reviewTrade', { tradeId: world.tradeId, review: stars() });
  const operator = await kith.member(world.community, { roles: ['MEMBER', 'OPERATOR'] });
  const treasurer = await kith.member(world.community, { roles: ['MEMBER', 'TREASURER'] });
  const [entry] = await kith.sql<{ id: string }>(
    "select id from journal_entries where community_id = $1 and kind = 'TRADE'",
    [world.community.id],
  );
  const reverse = async (as = treasurer) => {
    const i = { id: newId(), entryId: globalId('JournalEntry', entry!.id), reason: 'Wrong' };
    return (await kith.gql(REVERSE, { i }, as)).data.reverseEntry as { code?: string };
  };
  return { ...world, operator, reverse };
}

test('the entry of a trade is not reversed by itself: the refusal names what undoes all of it', async () => {
  const { tradeId, reverse, community } = await completed();
  const before = await everything(kith, community.id);
  expect(await reverse()).toEqual({
    ...{ __typename: 'PartOfSomething', code: 'PART_OF_SOMETHING', mutation: 'undoTrade', subjectId: tradeId },
    message: expect.stringContaining('(undoTrade)'),
  });
  expect(await everything(kith, community.id)).toEqual(before);
});

test('however it is asked for at once, a trade is undone once, in one entry, with its coins and its reviews', async () => {
  const { act, operator, provider, tradeId, reverse, community, accounts } = await completed();
  const undo = () => act(operator, 'undoTrade', { tradeId, reason: 'It never happened' });
  const [reversed, undone] = await Promise.all([
    Promise.all(Array.from({ length: 5 }, () => reverse(operator))),
    Promise.all(Array.from({ length: 5 }, undo)),
  ]);
  expect(undone.map(({ state }) => state)).toEqual(Array(5).fill('COMPLETED'));
  for (const { code } of reversed) expect(['PART_OF_SOMETHING', 'ALREADY_REVERSED']).toContain(code);
  // Afterwards there is nothing left to take.
  expect(await reverse()).toMatchObject({ code: 'ALREADY_REVERSED' });
  expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
  expect(await standingOf(kith, provider.memberId)).toEqual(['10000', '0', '0']);
  const count = async (text: string) => (await kith.sql(text, [community.id])).length;
  expect(await count("select from journal_entries where community_id = $1 and kind = 'REVERSAL'")).toBe(1);
  expect(await count('select from reviews where community_id = $1 and voided_at is null')).toBe(0);
  expect(await count('select from reviews where community_id = $1')).toBe(2);
});
