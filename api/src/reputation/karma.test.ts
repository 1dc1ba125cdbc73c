import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '../builder.ts';
import { inCommunity } from '../db.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { standing } from './karma.ts';
import { completedTrade, type TestReview } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(() => kith.stop());

const good: TestReview = { rating: 1, stars: [5, 5, 5] };
async function village(policies: object = { karma: true }) {
  const community = await kith.community();
  await kith.sql('update communities set policies = $2 where id = $1', [community.id, JSON.stringify(policies)]);
  const people: Person[] = [];
  for (let at = 0; at < 4; at++) people.push(await kith.member(community, { name: `Member ${at}` }));
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const [one, two, three, four] = people as [Person, Person, Person, Person];
  return { community, communityId: community.id, one, two, three, four, operator };
}
const awards = (communityId: string) =>
  kith.sql('select member_id, cause, points from karma_awards where community_id = $1 order by cause, member_id', [
    communityId,
  ]);
/** Says three times that the trade was completed and reviewed, as a job may run. */
async function tell(
  communityId: string,
  tradeId: string,
  memberIds: string[],
  jobs = ['trade.completed', 'review.unsealed'],
) {
  for (let turn = 0; turn < 3; turn++) {
    for (const job of jobs)
      await inCommunity(communityId, (tx) => enqueue(tx, job, { communityId, tradeId, memberIds }));
    await kith.jobs();
  }
}
const KARMA =
  'query ($id: ID!) { member(id: $id) { karma { points level { name } next { name least } badges { name } } } }';
const karmaOf = async (of: Person, viewer: Person) =>
  (await kith.gql(KARMA, { id: globalId('Member', of.memberId) }, viewer)).data.member.karma;

test('an honest review earns once for each member and week, and no more when the trade is undone', async () => {
  const { communityId, one, two } = await village();
  const sale = { communityId, buyerId: one.memberId, providerId: two.memberId, at: new Date(), ofProvider: good };
  const memberIds = [one.memberId, two.memberId];
  const trades = [await completedTrade(kith, sale), await completedTrade(kith, sale)];
  for (const tradeId of trades) await tell(communityId, tradeId, memberIds);
  const earned = [{ member_id: one.memberId, cause: 'HONEST_REVIEW', points: 1 }];
  expect(await awards(communityId)).toEqual(earned);
  const undo = async (tradeId: string) => {
    await kith.sql('update reviews set voided_at = now() where trade_id = $1', [tradeId]);
    await tell(communityId, tradeId, memberIds, ['trade.undone']);
  };
  await undo(trades[0]!);
  expect(await awards(communityId)).toEqual(earned);
  await undo(trades[1]!);
  expect(await awards(communityId)).toEqual([]);
});

test('a review that is sealed still, or that a broker wrote, earns nothing', async () => {
  const { communityId, one, two, three } = await village();
  const sale = { communityId, buyerId: one.memberId, providerId: two.memberId, at: new Date(), ofProvider: good };
  const sealed = await completedTrade(kith, { ...sale, isOpen: false });
  const brokered = await completedTrade(kith, { ...sale, buyerId: three.memberId });
  await kith.sql('update reviews set actor_id = $2 where trade_id = $1', [brokered, two.memberId]);
  for (const tradeId of [sealed, brokered]) await tell(communityId, tradeId, [two.memberId]);
  expect(await awards(communityId)).toEqual([]);
});

test('who invited somebody earns when they have traded with two others, once', async () => {
  const { communityId, one, two, three, four } = await village();
  await kith.sql('update members set invited_by = $1 where id = $2', [one.memberId, two.memberId]);
  const trade = async (providerId: string) => {
    const tradeId = await completedTrade(kith, { communityId, buyerId: two.memberId, providerId, at: new Date() });
    await tell(communityId, tradeId, [two.memberId, providerId]);
  };
  await trade(one.memberId);
  await trade(three.memberId);
  await trade(three.memberId);
  expect(await awards(communityId)).toEqual([]);
  await trade(four.memberId);
  await trade(four.memberId);
  expect(await awards(communityId)).toEqual([{ member_id: one.memberId, cause: 'ACTIVE_INVITATION', points: 10 }]);
});

test('where the community does not want it, nothing is earned, entered or shown', async () => {
  const { communityId, one, two, operator } = await village({});
  const sale = { communityId, buyerId: one.memberId, providerId: two.memberId, at: new Date(), ofProvider: good };
  await tell(communityId, await completedTrade(kith, sale), [two.memberId]);
  const award = {
    id: newId(),
    memberId: globalId('Member', one.memberId),
    cause: 'COMMUNITY_WORK',
    points: 5,
    reason: 'Swept the hall',
  };
  expect((await kith.gql(AWARD, { i: award }, operator)).data.awardKarma).toEqual({ __typename: 'KarmaOff' });
  expect(await awards(communityId)).toEqual([]);
  expect(await kith.sql('select from audit_log where community_id = $1', [communityId])).toEqual([]);
  expect(await karmaOf(one, two)).toBeNull();
});

const AWARD =
  'mutation ($i: AwardKarmaInput!) { awardKarma(input: $i) { __typename ... on KarmaAward { id points reason awardedBy { id } } } }';
test('an operator gives points for work, once for each id, never to themselves, and takes back a mistake', async () => {
  const { communityId, one, two, operator } = await village();
  const award = {
    id: newId(),
    memberId: globalId('Member', one.memberId),
    cause: 'COMMUNITY_WORK',
    points: 25,
    reason: 'Swept the hall',
  };
  const sent = await Promise.all([1, 2, 3, 4].map(() => kith.gql(AWARD, { i: award }, operator)));
  for (const { data } of sent) expect(data.awardKarma).toMatchObject({ points: 25, reason: 'Swept the hall' });
  expect(await kith.sql('select action, reason from audit_log where community_id = $1', [communityId])).toEqual([
    { action: 'karma.award', reason: 'Swept the hall' },
  ]);
  const before = await awards(communityId);
  const other = await kith.gql(AWARD, { i: { ...award, points: 26 } }, operator);
  expect(other.data.awardKarma).toEqual({ __typename: 'EntryIdReused' });
  const own = { ...award, id: newId(), memberId: globalId('Member', operator.memberId) };
  expect((await kith.gql(AWARD, { i: own }, operator)).data.awardKarma).toEqual({ __typename: 'OwnKarma' });
  expect(await awards(communityId)).toEqual(before);
  expect(await karmaOf(one, two)).toEqual({
    ...{ points: 25, level: { name: 'Sapling' }, next: { name: 'Tree', least: 100 }, badges: [] },
  });
  const LIST = '{ karmaAwardList { total items { points cause reason } } }';
  expect((await kith.gql(LIST, {}, one)).data.karmaAwardList.total).toBe(1);
  expect((await kith.gql(LIST, {}, two)).data.karmaAwardList.total).toBe(0);
  expect((await kith.gql(LIST, {}, operator)).data.karmaAwardList.total).toBe(1);
  const REVOKE = 'mutation ($i: RevokeKarmaInput!) { revokeKarma(input: $i) }';
  const revoked = await kith.gql(
    REVOKE,
    { i: { awardId: sent[0]!.data.awardKarma.id, reason: 'Another did it' } },
    operator,
  );
  expect(revoked.data.revokeKarma).toBe(true);
  expect(await awards(communityId)).toEqual([]);
});

test('operators set levels and badges; they hold for everybody at once, and none brings the standard back', async () => {
  const { communityId, one, two, operator } = await village();
  const award = {
    id: newId(),
    memberId: globalId('Member', one.memberId),
    cause: 'GOOD_FLAG',
    points: 7,
    reason: 'Saw it',
  };
  await kith.gql(AWARD, { i: award }, operator);
  const SET =
    'mutation ($i: SetKarmaRulesInput!) { setKarmaRules(input: $i) { levels { name least } badges { name cause least } } }';
  const i = {
    levels: [
      { name: 'High', least: 7 },
      { name: 'Low', least: 3 },
    ],
    badges: [
      { name: 'Eye', cause: 'GOOD_FLAG', least: 1 },
      { name: 'Rich', least: 8 },
    ],
  };
  const { data } = await kith.gql(SET, { i }, operator);
  expect(data.setKarmaRules.levels).toEqual([
    { name: 'Low', least: 3 },
    { name: 'High', least: 7 },
  ]);
  expect(await karmaOf(one, two)).toEqual({
    points: 7,
    level: { name: 'High' },
    next: null,
    badges: [{ name: 'Eye' }],
  });
  const twice = await kith.gql(SET, { i: { ...i, levels: [i.levels[0], i.levels[0]] } }, operator);
  expect(twice.errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'levels' });
  const tied = await kith.gql(SET, { i: { ...i, levels: [i.levels[1], { name: 'Also low', least: 3 }] } }, operator);
  expect(tied.errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'levels' });
  await Promise.all([1, 2, 3].map(() => kith.gql(SET, { i }, operator)));
  expect(await kith.sql('select from karma_rules where community_id = $1', [communityId])).toHaveLength(4);
  await kith.gql(SET, { i: { levels: [], badges: [] } }, operator);
  expect(await karmaOf(one, two)).toMatchObject({ level: { name: 'Seedling' } });
});

test('a level holds from its points on, a badge from its count', () => {
  const rules = {
    levels: [
      { name: 'A', least: 1 },
      { name: 'B', least: 10 },
    ],
    badges: [{ name: 'Five', description: '', cause: 'HONEST_REVIEW' as const, least: 5 }],
  };
  const at = (points: number, reviews: number) => {
    const { level, next, badges } = standing(rules, { points, counts: new Map([['HONEST_REVIEW', reviews]]) });
    return [level?.name, next?.name, badges.length];
  };
  expect([at(0, 0), at(1, 4), at(9, 5), at(10, 6)]).toEqual([
    ...[
      [undefined, 'A', 0],
      ['A', 'B', 0],
      ['A', 'B', 1],
      ['B', undefined, 1],
    ],
  ]);
});
