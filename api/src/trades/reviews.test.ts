import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { differences } from '../ledger/testLedger.ts';
import { dealing, everything, FIXED, later, memberId, proposal, stars } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const seen = async (as: Person, of: Person) => {
  const document = `query ($m: ID!) { memberReviews(memberId: $m) { totalCount edges { node {
    id rating quality communication punctuality comment reply isTextHidden hiddenReason } } } }`;
  const { data } = await kith.gql(document, { m: memberId(of) }, as);
  return data.memberReviews.edges.map(({ node }: { node: object }) => node);
};

test('a review is sealed until both have written: until then its author alone reads it', async () => {
  const { act, buyer, provider, tradeId } = await dealing(kith, { until: 'COMPLETED' });
  const ofTrade = async (as: Person) =>
    (await kith.gql('query ($id: ID!) { trade(id: $id) { reviews { side isSealed } } }', { id: tradeId }, as)).data
      .trade.reviews;
  expect(await ofTrade(buyer)).toEqual([{ side: 'BUYER', isSealed: true }]);
  expect(await ofTrade(provider)).toEqual([]);
  expect(await seen(buyer, provider)).toEqual([]);
  const written = await act(provider, 'reviewTrade', { tradeId, review: stars({ rating: 0 }) });
  expect(written).toMatchObject({ isSealed: false, rating: 0 });
  expect(await ofTrade(provider)).toHaveLength(2);
  expect(await seen(buyer, provider)).toMatchObject([
    { rating: 1, quality: 5, communication: 4, punctuality: 3, comment: 'Good' },
  ]);
});

test('after the days of the policy what was written is open, and nothing more is written', async () => {
  const { act, provider, tradeId, community } = await dealing(kith, { until: 'COMPLETED' });
  await later(kith, clock, 13);
  expect(await seen(provider, provider)).toEqual([]);
  await later(kith, clock, 15);
  expect(await seen(provider, provider)).toHaveLength(1);
  const before = await everything(kith, community.id);
  expect(await act(provider, 'reviewTrade', { tradeId, review: stars() })).toMatchObject({ code: 'REVIEWS_CLOSED' });
  expect(await everything(kith, community.id)).toEqual(before);
  const inbox = await kith.gql('{ notifications { edges { node { kind title } } } }', {}, provider);
  expect(inbox.data.notifications.edges[0].node).toEqual({
    kind: 'review.unsealed',
    title: 'The review of “Bread” can be read',
  });
});

test('a review is written once and not changed; nobody reviews before the end', async () => {
  const early = await dealing(kith, { until: 'DELIVERED' });
  expect(await early.act(early.provider, 'reviewTrade', { tradeId: early.tradeId, review: stars() })).toMatchObject({
    code: 'WRONG_TRADE_STATE',
  });
  const { act, buyer, provider, tradeId, community } = await dealing(kith, { until: 'COMPLETED' });
  const before = await everything(kith, community.id);
  expect(await act(buyer, 'reviewTrade', { tradeId, review: stars({ rating: -1 }) })).toMatchObject({
    code: 'ALREADY_REVIEWED',
  });
  for (const review of [stars({ rating: 2 }), stars({ quality: 0 }), stars({ punctuality: 6 })])
    await expect(act(provider, 'reviewTrade', { tradeId, review })).rejects.toThrow('BAD_USER_INPUT');
  expect(await everything(kith, community.id)).toEqual(before);
  const both = await Promise.all([0, 1].map(() => act(provider, 'reviewTrade', { tradeId, review: stars() })));
  expect(new Set(both.map(({ id }) => id)).size).toBe(1);
});

test('the reviewed member replies once; a moderator hides the words, not the rating', async () => {
  const { act, buyer, provider, tradeId, community } = await dealing(kith, { until: 'COMPLETED' });
  await act(provider, 'reviewTrade', { tradeId, review: stars() });
  const [{ id: reviewId }] = (await seen(buyer, provider)) as [{ id: string }];
  await expect(act(buyer, 'replyToReview', { reviewId, reply: 'Mine' })).rejects.toThrow('FORBIDDEN');
  expect(await act(provider, 'replyToReview', { reviewId, reply: 'Thanks' })).toMatchObject({ reply: 'Thanks' });
  expect(await act(provider, 'replyToReview', { reviewId, reply: 'Thanks' })).toMatchObject({ reply: 'Thanks' });
  expect(await act(provider, 'replyToReview', { reviewId, reply: 'More' })).toMatchObject({ code: 'ALREADY_REPLIED' });
  const [moderator, stranger] = [
    await kith.member(community, { roles: ['MEMBER', 'MODERATOR'] }),
    await kith.member(community),
  ];
  await expect(act(stranger, 'hideReviewText', { reviewId, reason: 'Rude' })).rejects.toThrow('FORBIDDEN');
  await act(moderator, 'hideReviewText', { reviewId, reason: 'Rude' });
  const hidden = { rating: 1, comment: null, reply: null, isTextHidden: true, hiddenReason: null };
  expect(await seen(stranger, provider)).toMatchObject([hidden]);
  expect(await seen(buyer, provider)).toMatchObject([
    { ...hidden, comment: 'Good', reply: 'Thanks', hiddenReason: 'Rude' },
  ]);
});

test('a broker acts for a member who is offline, on the record, and the member is told', async () => {
  const { act, buyer, provider, tradeId, community } = await dealing(kith, { until: 'PROPOSED' });
  const broker = await kith.member(community, { roles: ['MEMBER', 'BROKER'] });
  await expect(act(broker, 'agreeTrade', { tradeId, version: 1 })).rejects.toThrow('FORBIDDEN');
  await expect(act(buyer, 'agreeTrade', { tradeId, version: 1, memberId: memberId(provider) })).rejects.toThrow(
    'FORBIDDEN',
  );
  await act(broker, 'agreeTrade', { tradeId, version: 1, memberId: memberId(provider) });
  await act(broker, 'markDelivered', { tradeId, memberId: memberId(provider) });
  const done = await act(broker, 'completeTrade', { tradeId, review: stars(), memberId: memberId(buyer) });
  expect(done).toMatchObject({ state: 'COMPLETED', viewerSide: null });
  const lines = await kith.sql(
    'select action, actor_member_id, detail from audit_log where community_id = $1 order by created_at',
    [community.id],
  );
  expect(lines).toEqual([
    { action: 'trade.agree', actor_member_id: broker.memberId, detail: { memberId: provider.memberId } },
    { action: 'trade.deliver', actor_member_id: broker.memberId, detail: { memberId: provider.memberId } },
    { action: 'trade.complete', actor_member_id: broker.memberId, detail: { memberId: buyer.memberId } },
  ]);
  expect(
    await kith.sql("select actor_id, on_behalf_of_id from journal_entries where community_id = $1 and kind = 'TRADE'", [
      community.id,
    ]),
  ).toEqual([{ actor_id: broker.memberId, on_behalf_of_id: buyer.memberId }]);
  await kith.jobs();
  const inbox = await kith.gql('{ notifications { edges { node { kind } } } }', {}, provider);
  const kinds = inbox.data.notifications.edges.map(({ node }: { node: { kind: string } }) => node.kind).sort();
  expect(kinds).toEqual(['trade.agreed', 'trade.completed', 'trade.delivered', 'trade.proposed']);
});

test('a broker proposes no trade with themselves for a member they act for: they would agree to it too', async () => {
  const { act, buyer, community } = await dealing(kith, { until: 'PROPOSED' });
  const broker = await kith.member(community, { roles: ['MEMBER', 'BROKER'] });
  const listingId = await listing(kith, broker, { title: 'Advice' });
  const before = await everything(kith, community.id);
  const own = { ...proposal(broker, FIXED('30')), memberId: memberId(buyer) };
  await expect(act(broker, 'proposeTrade', own)).rejects.toThrow('FORBIDDEN');
  await expect(act(broker, 'proposeTrade', { ...own, side: 'PROVIDER' })).rejects.toThrow('FORBIDDEN');
  const listed = { id: newId(), listingId, payment: FIXED('30'), memberId: memberId(buyer) };
  await expect(act(broker, 'proposeTrade', listed)).rejects.toThrow('FORBIDDEN');
  expect(await everything(kith, community.id)).toEqual(before);
});

test('who wants no broker is asked themselves: no step of a trade is taken for them', async () => {
  const { act, buyer, provider, tradeId, community } = await dealing(kith, { until: 'PROPOSED' });
  const broker = await kith.member(community, { roles: ['MEMBER', 'BROKER'] });
  await kith.sql('update members set brokers_may_act = false where id = $1', [provider.memberId]);
  const before = await everything(kith, community.id);
  for (const [step, input] of [
    ['agreeTrade', { tradeId, version: 1 }],
    ['declineTrade', { tradeId, reason: 'No' }],
  ] as const) {
    const answer = await act(broker, step, { ...input, memberId: memberId(provider) });
    expect(answer).toMatchObject({ code: 'ACTING_NOT_ALLOWED' });
  }
  expect(await everything(kith, community.id)).toEqual(before);
  const answer = await act(broker, 'declineTrade', { tradeId, reason: 'Ill', memberId: memberId(buyer) });
  expect(answer).toMatchObject({ code: 'WRONG_TRADE_STATE' });
});

test('both members hear every step live, in order, and from where they left', async () => {
  const { act, buyer, provider, tradeId } = await dealing(kith, { until: 'PROPOSED' });
  const document = 'subscription ($after: ID) { tradeChanged(after: $after) { id what trade { state } } }';
  const stream = kith.subscribe(document, {}, buyer);
  await stream.started;
  await act(provider, 'agreeTrade', { tradeId, version: 1 });
  await act(provider, 'markDelivered', { tradeId });
  await act(buyer, 'completeTrade', { tradeId, review: stars() });
  await act(provider, 'reviewTrade', { tradeId, review: stars() });
  const heard = [];
  while (heard.at(-1)?.what !== 'review.unsealed') {
    const step = (await stream.next()).data.tradeChanged;
    // What was written just before the subscription may still be on its way to it.
    if (step.what !== 'trade.proposed') heard.push(step);
  }
  expect(heard.map(({ what }) => what)).toEqual([
    'trade.agreed',
    'trade.delivered',
    'trade.completed',
    'review.unsealed',
  ]);
  stream.close();
  const again = kith.subscribe(document, { after: heard[1].id }, buyer);
  expect((await again.next()).data.tradeChanged).toMatchObject({
    what: 'trade.completed',
    trade: { state: 'COMPLETED' },
  });
  again.close();
});
