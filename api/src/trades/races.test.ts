import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inner } from '../../../test/listing.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { establish, standingOf } from '../coinage/testCoinage.ts';
import { grantOnAdmission } from '../coinage/grants.ts';
import { newId } from '../ids.ts';
import { balancesOf, differences } from '../ledger/testLedger.ts';
import { completeUnanswered } from './completion.ts';
import { dealing, FIXED, later, memberId, stars } from './testTrades.ts';

let kith: TestKith;
const realNow = clock.now;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => {
  clock.now = realNow;
  expect(await differences(kith)).toEqual([]);
});
afterAll(() => kith.stop());

describe('at the same moment', () => {
  test('agree, counter and cancel: one of them is what happened, and what is held fits it', async () => {
    for (let round = 0; round < 12; round++) {
      const { act, buyer, provider, tradeId, accounts } = await dealing(kith, { until: 'PROPOSED' });
      const acts = [
        () => act(provider, 'agreeTrade', { tradeId, version: 1 }),
        () => act(buyer, 'counterTrade', { tradeId, version: 1, payment: FIXED('39.00') }),
        () => act(buyer, 'cancelTrade', { tradeId }),
      ];
      const turned = [...acts.slice(round % 3), ...acts.slice(0, round % 3)];
      const answers = await Promise.all(turned.map((start) => start()));
      expect(answers.map(({ __typename }) => __typename)).not.toContain(undefined);
      const [row] = await kith.sql<{ state: string }>('select state from trades where id = $1', [inner(tradeId)]);
      const held = { AGREED: '10000 (4000 reserved)', CANCELLED: '10000', PROPOSED: '10000' }[row!.state];
      // Agreed first, the buyer’s wish to cancel is a wish.
      expect(await balancesOf(kith, accounts)).toEqual([held, '0']);
    }
  });

  test('complete, completing by itself and a dispute: the provider is paid once, or a moderator decides', async () => {
    for (let round = 0; round < 12; round++) {
      clock.now = realNow;
      const { act, buyer, tradeId, accounts, community } = await dealing(kith, { until: 'DELIVERED' });
      clock.now = () => new Date(realNow().getTime() + 8 * 86_400_000);
      const unanswered = { communityId: community.id, tradeId: inner(tradeId) };
      const acts: (() => Promise<unknown>)[] = [
        () => act(buyer, 'completeTrade', { tradeId, review: stars() }),
        () => act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' }),
        () => completeUnanswered(unanswered),
        () => completeUnanswered(unanswered),
      ];
      await Promise.all([...acts.slice(round % 4), ...acts.slice(0, round % 4)].map((start) => start()));
      const [row] = await kith.sql('select state, paid::int from trades where id = $1', [inner(tradeId)]);
      const ends: Record<string, string[]> = {
        'COMPLETED 4000': ['6000', '4000'],
        // Completed and then disputed; or disputed before.
        'DISPUTED 4000': ['6000', '4000 (4000 reserved)'],
        'DISPUTED null': ['10000 (4000 reserved)', '0'],
      };
      const end = `${row!.state} ${row!.paid}`;
      expect(await balancesOf(kith, accounts), end).toEqual(ends[end]);
    }
  });

  test('two decisions: one is carried out', async () => {
    const { act, buyer, tradeId, accounts, community } = await dealing(kith, { until: 'DELIVERED' });
    const { id: disputeId } = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' });
    const judges = [0, 1].map(() => kith.member(community, { roles: ['MEMBER', 'MODERATOR'] }));
    const decide = async (judge: (typeof judges)[number], outcome: string) =>
      act(await judge, 'resolveDispute', { disputeId, outcome, reason: 'So it is' });
    const answers = await Promise.all([decide(judges[0]!, 'REFUND'), decide(judges[1]!, 'RELEASE')]);
    expect(answers.map(({ code, state }) => code ?? state).sort()).toEqual(['DISPUTE_CLOSED', 'RESOLVED']);
    const refunded = answers[0]!.state === 'RESOLVED';
    expect(await balancesOf(kith, accounts)).toEqual(refunded ? ['10000', '0'] : ['6000', '4000']);
  });

  test('both review: both are open, once', async () => {
    const { act, buyer, provider, tradeId, community } = await dealing(kith, { until: 'DELIVERED' });
    clock.now = () => new Date(realNow().getTime() + 8 * 86_400_000);
    await completeUnanswered({ communityId: community.id, tradeId: inner(tradeId) });
    await Promise.all([buyer, provider].map((as) => act(as, 'reviewTrade', { tradeId, review: stars() })));
    const rows = await kith.sql('select side from reviews where community_id = $1 and unsealed_at is not null', [
      community.id,
    ]);
    expect(rows).toHaveLength(2);
    const events = await kith.sql("select 1 from events where community_id = $1 and topic = 'review.unsealed'", [
      community.id,
    ]);
    expect(events).toHaveLength(2);
  });

  test('an agreement and a payment that both want the last coins: one has them', async () => {
    const { act, buyer, provider, tradeId, accounts } = await dealing(kith, { funds: 4000n, until: 'PROPOSED' });
    const i = { id: newId(), payeeId: memberId(provider), amount: '40.00' };
    const pay = kith.gql('mutation ($i: PayInput!) { pay(input: $i) { __typename } }', { i }, buyer);
    const [agreed, paid] = await Promise.all([act(provider, 'agreeTrade', { tradeId, version: 1 }), pay]);
    const isAgreed = agreed.state === 'AGREED';
    expect(paid.data.pay.__typename).toBe(isAgreed ? 'InsufficientFunds' : 'JournalEntry');
    expect(await balancesOf(kith, accounts)).toEqual(isAgreed ? ['4000 (4000 reserved)', '0'] : ['0', '4000']);
  });
});

describe('coinage', () => {
  async function newcomerSells(until: string) {
    const world = await dealing(kith, { until, payment: FIXED('30.01') });
    const { community, buyer, provider, inside } = world;
    await establish(kith, community.id, buyer);
    await inside((tx) => grantOnAdmission(tx, { communityId: community.id, memberId: provider.memberId }));
    return world;
  }

  test('with the buyer’s review half is minted, in the one entry that pays; what was held beyond goes back', async () => {
    const { act, buyer, provider, tradeId, accounts, community } = await newcomerSells('DELIVERED');
    const done = await act(buyer, 'completeTrade', { tradeId, review: stars() });
    expect(done).toMatchObject({ paid: { amount: '30.01' }, minted: { amount: '15.00' }, held: { amount: '0.00' } });
    expect(await balancesOf(kith, accounts)).toEqual(['8499', '3001']);
    expect(await standingOf(kith, provider.memberId)).toEqual(['10000', '1500', '0']);
    expect(
      await kith.sql("select 1 from journal_entries where community_id = $1 and kind = 'TRADE'", [community.id]),
    ).toHaveLength(1);
  });

  test('completing by itself mints nothing', async () => {
    const { accounts, provider } = await newcomerSells('DELIVERED');
    await later(kith, clock, 8);
    expect(await balancesOf(kith, accounts)).toEqual(['6999', '3001']);
    expect(await standingOf(kith, provider.memberId)).toEqual(['10000', '0', '0']);
  });

  test('undone or refunded, the coins go back to issuance and to the grant, in one entry', async () => {
    for (const isUndone of [true, false]) {
      const { act, buyer, provider, tradeId, accounts, community } = await newcomerSells('DELIVERED');
      await act(buyer, 'completeTrade', { tradeId, review: stars() });
      const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
      if (isUndone) await act(operator, 'undoTrade', { tradeId, reason: 'Wrong' });
      else {
        const { id: disputeId } = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' });
        await act(operator, 'resolveDispute', { disputeId, outcome: 'REFUND', reason: 'Stale it was' });
      }
      await kith.jobs();
      expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
      expect(await standingOf(kith, provider.memberId)).toEqual(['10000', '0', '0']);
      const entries = await kith.sql("select 1 from journal_entries where community_id = $1 and kind = 'REVERSAL'", [
        community.id,
      ]);
      expect(entries).toHaveLength(1);
    }
  });

  test('a dispute after completion is released: what was minted stays', async () => {
    const { act, buyer, tradeId, accounts, community } = await newcomerSells('DELIVERED');
    await act(buyer, 'completeTrade', { tradeId, review: stars() });
    const judge = await kith.member(community, { roles: ['MEMBER', 'MODERATOR'] });
    const { id: disputeId } = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' });
    await act(judge, 'resolveDispute', { disputeId, outcome: 'RELEASE', reason: 'It was not' });
    expect(await balancesOf(kith, accounts)).toEqual(['8499', '3001']);
  });
});

test('of an erased person the words go, what was agreed and rated stays', async () => {
  const { act, buyer, provider, tradeId, community } = await dealing(kith, {
    until: 'COMPLETED',
    more: { note: 'Ring twice' },
  });
  await act(provider, 'reviewTrade', { tradeId, review: stars() });
  await kith.jobs();
  const exported = await kith.gql('{ exportMyData }', {}, buyer);
  expect(exported.data.exportMyData).toMatchObject({
    trades: [{ title: 'Bread', paid: '40.00', proposals: [{ price: '40.00', note: 'Ring twice' }] }],
    reviews: [{ comment: 'Good' }, { comment: 'Good' }],
  });
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const i = { id: newId(), payeeId: memberId(operator), amount: '60.00' };
  await kith.gql('mutation ($i: PayInput!) { pay(input: $i) { __typename } }', { i }, buyer);
  const erase = 'mutation ($i: EraseMemberInput!) { eraseMember(input: $i) { __typename } }';
  const { errors } = await kith.gql(erase, { i: { memberId: memberId(buyer), reason: 'Asked' } }, operator);
  expect(errors).toBeUndefined();
  const { data } = await kith.gql(
    'query ($id: ID!) { trade(id: $id) { title paid { amount } proposals { note } reviews { side rating comment } } }',
    ...[{ id: tradeId }, provider],
  );
  expect(data.trade).toEqual({
    ...{ title: '—', paid: { amount: '40.00' }, proposals: [{ note: '' }] },
    reviews: [
      { side: 'BUYER', rating: 1, comment: '' },
      { side: 'PROVIDER', rating: 1, comment: 'Good' },
    ],
  });
  const kept = await kith.sql("select 1 from notifications where community_id = $1 and subject_type = 'Trade'", [
    community.id,
  ]);
  expect(kept).toEqual([]);
});

test('nobody leaves while a trade is open', async () => {
  const { buyer, act, provider, tradeId } = await dealing(kith, { until: 'PROPOSED' });
  const obstacles = async () =>
    (await kith.gql('{ obstaclesToLeaving { code } }', {}, buyer)).data.obstaclesToLeaving.map(
      ({ code }: { code: string }) => code,
    );
  expect(await obstacles()).toContain('OPEN_TRADES');
  await act(provider, 'declineTrade', { tradeId });
  expect(await obstacles()).not.toContain('OPEN_TRADES');
});
