import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inner, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { balancesOf, differences, moneyed } from '../ledger/testLedger.ts';
import { dealing, doing, everything, FIXED, later, memberId, stars } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const judge = (community: { id: string }) => kith.member(community as never, { roles: ['MEMBER', 'MODERATOR'] });

/** A trade that went wrong, and two moderators. */
async function quarrel(options: Parameters<typeof dealing>[1] = {}) {
  const world = await dealing(kith, { until: 'DELIVERED', ...options });
  const judges: Person[] = [];
  for (const role of ['MODERATOR', 'OPERATOR'] as const)
    judges.push(await kith.member(world.community, { roles: ['MEMBER', role] }));
  const opened = await world.act(world.buyer, 'openDispute', {
    id: newId(),
    tradeId: world.tradeId,
    reason: 'It was stale',
  });
  const decide = (by: Person, outcome: string, amount?: string) =>
    world.act(by, 'resolveDispute', { disputeId: opened.id, outcome, amount, reason: 'As I see it' });
  const appeal = (by: Person) => world.act(by, 'appealDispute', { disputeId: opened.id, reason: 'Unfair' });
  return {
    ...world,
    judges: judges as [Person, Person],
    dispute: opened,
    disputeId: opened.id as string,
    decide,
    appeal,
  };
}

describe('a dispute before completion keeps the money held until a moderator decides', () => {
  test.each([
    ['REFUND', undefined, ['10000', '0']],
    ['RELEASE', undefined, ['6000', '4000']],
    ['SPLIT', '15.55', ['8445', '1555']],
  ])('%s %s', async (outcome, amount, balances) => {
    const { dispute, accounts, judges, decide, act, buyer, tradeId } = await quarrel();
    expect(dispute).toMatchObject({ state: 'OPEN', trade: { state: 'DISPUTED', held: { amount: '40.00' } } });
    expect(await act(buyer, 'completeTrade', { tradeId, review: stars() })).toMatchObject({
      code: 'WRONG_TRADE_STATE',
    });
    await later(kith, clock, 30);
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
    expect(await decide(judges[0], outcome, amount)).toMatchObject({ state: 'RESOLVED', trade: { state: 'RESOLVED' } });
    expect(await decide(judges[0], outcome, amount)).toMatchObject({ state: 'RESOLVED' });
    expect(await balancesOf(kith, accounts)).toEqual(balances);
  });

  test('under AFTER nobody has said the whole: a part is decided, from what the buyer has', async () => {
    const { accounts, judges, decide, community } = await quarrel({ payment: { terms: 'AFTER' }, funds: 1000n });
    await expect(decide(judges[0], 'RELEASE')).rejects.toThrow('BAD_USER_INPUT');
    const before = await everything(kith, community.id);
    expect(await decide(judges[0], 'SPLIT', '10.01')).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    expect(await everything(kith, community.id)).toEqual(before);
    expect(await decide(judges[0], 'SPLIT', '7.50')).toMatchObject({ state: 'RESOLVED' });
    expect(await balancesOf(kith, accounts)).toEqual(['250', '750']);
  });

  test('a refund of what was agreed and never delivered gives the stock back', async () => {
    const act = doing(kith);
    const { people, community } = await moneyed(kith, [10_000n, 0n]);
    const [buyer, provider] = people as [Person, Person];
    const listingId = await listing(kith, provider, { title: 'Chairs', quantity: 2 });
    const { id: tradeId } = await act(buyer, 'proposeTrade', {
      id: newId(),
      listingId,
      payment: FIXED('5'),
      quantity: 2,
    });
    await act(provider, 'agreeTrade', { tradeId, version: 1 });
    const { id: disputeId } = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Never came' });
    const judge = await kith.member(community, { roles: ['MEMBER', 'MODERATOR'] });
    await act(judge, 'resolveDispute', { disputeId, outcome: 'REFUND', reason: 'So it is' });
    const [row] = await kith.sql('select state, quantity from listings where id = $1', [inner(listingId)]);
    expect(row).toEqual({ state: 'PUBLISHED', quantity: 2 });
  });

  test('what was agreed can be released also where the policy allows no trade as large any more', async () => {
    const { accounts, judges, decide, community } = await quarrel();
    await kith.sql(`update communities set policies = '{"paymentMost": 5}' where id = $1`, [community.id]);
    expect(await decide(judges[0], 'RELEASE')).toMatchObject({ state: 'RESOLVED' });
    expect(await balancesOf(kith, accounts)).toEqual(['6000', '4000']);
    // Under AFTER nobody has agreed on an amount: the policy holds.
    const open = await quarrel({ payment: { terms: 'AFTER' } });
    await kith.sql(`update communities set policies = '{"paymentMost": 5}' where id = $1`, [open.community.id]);
    expect(await open.decide(open.judges[0], 'SPLIT', '5.01')).toMatchObject({ code: 'TRADE_TOO_LARGE' });
  });

  test('a part is more than nothing and less than the whole', async () => {
    const { judges, decide } = await quarrel();
    for (const amount of ['0', '40.00', '40.01', '-1', undefined])
      await expect(decide(judges[0], 'SPLIT', amount), amount).rejects.toThrow('BAD_USER_INPUT');
    await expect(decide(judges[0], 'REFUND', '1')).rejects.toThrow('BAD_USER_INPUT');
  });
});

describe('a dispute after completion', () => {
  test.each([
    ['REFUND', undefined, ['10000', '0']],
    ['RELEASE', undefined, ['6000', '4000']],
    ['SPLIT', '0.01', ['9999', '1']],
  ])('holds what the provider got, and is decided: %s %s', async (outcome, amount, balances) => {
    const { dispute, accounts, judges, decide } = await quarrel({ until: 'COMPLETED' });
    expect(dispute).toMatchObject({
      held: { amount: '40.00' },
      trade: { state: 'DISPUTED', paid: { amount: '40.00' } },
    });
    expect(await balancesOf(kith, accounts)).toEqual(['6000', '4000 (4000 reserved)']);
    expect(await decide(judges[1], outcome, amount)).toMatchObject({ state: 'RESOLVED' });
    expect(await balancesOf(kith, accounts)).toEqual(balances);
  });

  test('holds what is left where the provider has spent some, and a refund leaves them in arrears', async () => {
    const { act, buyer, provider, tradeId, community, accounts } = await dealing(kith, { until: 'COMPLETED' });
    const shop = await kith.member(community);
    const i = { id: newId(), payeeId: memberId(shop), amount: '30.00' };
    await kith.gql('mutation ($i: PayInput!) { pay(input: $i) { __typename } }', { i }, provider);
    const dispute = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' });
    expect(dispute.held).toEqual({ amount: '10.00' });
    const judge = await kith.member(community, { roles: ['MEMBER', 'MODERATOR'] });
    await act(judge, 'resolveDispute', { disputeId: dispute.id, outcome: 'REFUND', reason: 'Stale it was' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '-3000']);
  });

  test('is opened within the days of the policy', async () => {
    const { act, buyer, tradeId, community } = await dealing(kith, { until: 'COMPLETED' });
    await kith.sql("update trades set completed_at = completed_at - interval '14 days' where community_id = $1", [
      community.id,
    ]);
    const before = await everything(kith, community.id);
    expect(await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Late' })).toMatchObject({
      code: 'DISPUTE_TIME_OVER',
    });
    expect(await everything(kith, community.id)).toEqual(before);
  });
});

describe('one appeal', () => {
  test('is decided by another moderator, anew and finally', async () => {
    const { accounts, judges, decide, appeal, provider, buyer } = await quarrel();
    await decide(judges[0], 'REFUND');
    expect(await appeal(provider)).toMatchObject({ state: 'APPEALED', trade: { state: 'DISPUTED' } });
    expect(await appeal(provider)).toMatchObject({ state: 'APPEALED' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
    expect(await decide(judges[0], 'RELEASE')).toMatchObject({ code: 'NOT_IMPARTIAL' });
    expect(await decide(judges[1], 'SPLIT', '30')).toMatchObject({
      state: 'CLOSED',
      decisions: [
        { round: 1, outcome: 'REFUND', amount: { amount: '0.00' } },
        { round: 2, outcome: 'SPLIT', amount: { amount: '30.00' } },
      ],
    });
    expect(await balancesOf(kith, accounts)).toEqual(['7000', '3000']);
    expect(await appeal(buyer)).toMatchObject({ code: 'DISPUTE_CLOSED' });
  });

  test('undoes what the first decision has paid', async () => {
    const { accounts, judges, decide, appeal, buyer } = await quarrel();
    await decide(judges[1], 'RELEASE');
    await appeal(buyer);
    expect(await balancesOf(kith, accounts)).toEqual(['6000', '4000 (4000 reserved)']);
    await decide(judges[0], 'REFUND');
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
  });

  test.each([
    ['RELEASE', undefined, ['6000', '4000']],
    ['SPLIT', '39.99', ['6001', '3999']],
  ])(
    'gives back what the buyer had set under AFTER, whatever was decided first: %s',
    async (outcome, amount, balances) => {
      const { act, buyer, provider, tradeId, community, accounts } = await dealing(kith, {
        ...{ payment: { terms: 'AFTER' }, until: 'DELIVERED' },
      });
      await act(buyer, 'completeTrade', { tradeId, amount: '40.00', review: stars() });
      const { id: disputeId } = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' });
      const [one, two] = [await judge(community), await judge(community)];
      await act(one, 'resolveDispute', { disputeId, outcome: 'REFUND', reason: 'Stale it was' });
      expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
      await act(provider, 'appealDispute', { disputeId, reason: 'It was not' });
      expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
      await expect(
        act(two, 'resolveDispute', { disputeId, outcome: 'SPLIT', amount: '40.00', reason: 'x' }),
      ).rejects.toThrow('BAD_USER_INPUT');
      const decided = await act(two, 'resolveDispute', { disputeId, outcome, amount, reason: 'It was not' });
      expect(decided).toMatchObject({ state: 'CLOSED', trade: { state: 'RESOLVED', held: { amount: '0.00' } } });
      expect(await balancesOf(kith, accounts)).toEqual(balances);
    },
  );

  test('is made in time', async () => {
    const { judges, decide, appeal, provider, community } = await quarrel();
    await decide(judges[0], 'REFUND');
    await kith.sql("update disputes set appeal_until = now() - interval '1 second' where community_id = $1", [
      community.id,
    ]);
    const before = await everything(kith, community.id);
    expect(await appeal(provider)).toMatchObject({ code: 'DISPUTE_TIME_OVER' });
    expect(await everything(kith, community.id)).toEqual(before);
  });
});

test('nobody decides about themselves, and a broker does not act against the member they trade with', async () => {
  const { act, buyer, disputeId, provider, community } = await quarrel();
  await kith.sql("update members set roles = '{MEMBER,MODERATOR,BROKER,OPERATOR}' where id = $1", [buyer.memberId]);
  const before = await everything(kith, community.id);
  const decision = { disputeId, outcome: 'REFUND', reason: 'Mine' };
  expect(await act(buyer, 'resolveDispute', decision)).toMatchObject({ code: 'NOT_IMPARTIAL' });
  const evidence = { id: newId(), disputeId, text: 'I was wrong', memberId: memberId(provider) };
  await expect(act(buyer, 'addEvidence', evidence)).rejects.toThrow('FORBIDDEN');
  expect(await everything(kith, community.id)).toEqual(before);
});

test('both sides give evidence once for each id, while it is open', async () => {
  const { act, buyer, provider, disputeId, decide, judges } = await quarrel();
  const piece = { id: newId(), disputeId, text: 'A photo', links: ['https://example.org/bread.jpg'] };
  await act(buyer, 'addEvidence', piece);
  await act(buyer, 'addEvidence', piece);
  expect(await act(buyer, 'addEvidence', { ...piece, text: 'Another' })).toMatchObject({ code: 'TRADE_ID_REUSED' });
  expect(await act(provider, 'addEvidence', { id: newId(), disputeId, text: 'It was fresh' })).toMatchObject({
    evidence: [
      { side: 'BUYER', text: 'A photo', links: ['https://example.org/bread.jpg'] },
      { side: 'PROVIDER', text: 'It was fresh', links: [] },
    ],
  });
  await decide(judges[0], 'RELEASE');
  expect(await act(provider, 'addEvidence', { id: newId(), disputeId, text: 'More' })).toMatchObject({
    code: 'DISPUTE_CLOSED',
  });
});

test('one dispute for a trade, once for each id; strangers see nothing of it', async () => {
  const { act, buyer, provider, tradeId, disputeId, community } = await quarrel();
  expect(await act(provider, 'openDispute', { id: newId(), tradeId, reason: 'Me too' })).toMatchObject({
    code: 'ALREADY_DISPUTED',
  });
  const local = Buffer.from(disputeId, 'base64').toString().split(':')[1]!;
  expect(await act(buyer, 'openDispute', { id: local, tradeId, reason: 'It was stale' })).toMatchObject({
    state: 'OPEN',
  });
  expect(await act(buyer, 'openDispute', { id: local, tradeId, reason: 'Else' })).toMatchObject({
    code: 'TRADE_ID_REUSED',
  });
  const stranger = await kith.member(community);
  const read = (id: string) => kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, stranger);
  for (const id of [tradeId, disputeId]) expect((await read(id)).data?.node ?? null).toBeNull();
  await expect(act(stranger, 'agreeTrade', { tradeId, version: 1 })).rejects.toThrow('NOT_FOUND');
});
