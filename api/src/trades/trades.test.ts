import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inner } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { balancesOf, differences, moneyed } from '../ledger/testLedger.ts';
import { dealing, doing, everything, FIXED, later, memberId, proposal, stars } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

describe('the four payment terms, to the cent', () => {
  test('FIXED: held at agreement, paid from what is held at completion', async () => {
    const { act, buyer, provider, tradeId, accounts } = await dealing(kith, { until: 'PROPOSED' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
    expect(await act(provider, 'agreeTrade', { tradeId, version: 1 })).toMatchObject({
      state: 'AGREED',
      held: { amount: '40.00' },
    });
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
    expect(await act(provider, 'markDelivered', { tradeId })).toMatchObject({ state: 'DELIVERED', paid: null });
    expect(await act(buyer, 'completeTrade', { tradeId, review: stars() })).toMatchObject({
      ...{ state: 'COMPLETED', paid: { amount: '40.00' }, minted: { amount: '0.00' }, held: { amount: '0.00' } },
      completedByItself: false,
    });
    expect(await balancesOf(kith, accounts)).toEqual(['6000', '4000']);
  });

  test('AFTER: nothing is held, and the buyer says how much', async () => {
    const payment = { terms: 'AFTER', price: '10.00', priceTo: '20.00' };
    const { act, buyer, tradeId, accounts } = await dealing(kith, { payment, until: 'DELIVERED' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
    await expect(act(buyer, 'completeTrade', { tradeId, review: stars() })).rejects.toThrow('BAD_USER_INPUT');
    await expect(act(buyer, 'completeTrade', { tradeId, amount: '-1', review: stars() })).rejects.toThrow(
      'BAD_USER_INPUT',
    );
    const done = await act(buyer, 'completeTrade', { tradeId, amount: '25.01', review: stars() });
    expect(done).toMatchObject({ state: 'COMPLETED', paid: { amount: '25.01' }, held: null });
    expect(await balancesOf(kith, accounts)).toEqual(['7499', '2501']);
  });

  test('AFTER: nothing is an amount too, and posts nothing', async () => {
    const { act, buyer, tradeId, accounts } = await dealing(kith, { payment: { terms: 'AFTER' }, until: 'DELIVERED' });
    const done = await act(buyer, 'completeTrade', { tradeId, amount: '0', review: stars({ rating: -1 }) });
    expect(done).toMatchObject({ state: 'COMPLETED', paid: { amount: '0.00' } });
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
  });

  const split = { terms: 'SPLIT', price: '30.00', globalPrice: '12.50', globalCurrency: 'EUR' };
  test('SPLIT: the local part is held, and paid when both have confirmed the global one', async () => {
    const { act, buyer, provider, tradeId, accounts, community } = await dealing(kith, {
      payment: split,
      until: 'DELIVERED',
    });
    const complete = () => act(buyer, 'completeTrade', { tradeId, review: stars() });
    const before = await everything(kith, community.id);
    expect(await complete()).toMatchObject({ code: 'GLOBAL_PART_UNCONFIRMED' });
    expect(await everything(kith, community.id)).toEqual(before);
    await act(provider, 'confirmGlobalPart', { tradeId });
    expect(await complete()).toMatchObject({ code: 'GLOBAL_PART_UNCONFIRMED' });
    await act(buyer, 'confirmGlobalPart', { tradeId });
    expect(await complete()).toMatchObject({ state: 'COMPLETED', paid: { amount: '30.00' } });
    expect(await balancesOf(kith, accounts)).toEqual(['7000', '3000']);
  });

  test('COST_PLUS: the provider may state what the materials cost, at most what was agreed', async () => {
    const { act, buyer, provider, tradeId, accounts } = await dealing(kith, {
      payment: { ...split, terms: 'COST_PLUS' },
    });
    await expect(act(provider, 'markDelivered', { tradeId, globalCost: '12.51' })).rejects.toThrow('BAD_USER_INPUT');
    await act(provider, 'markDelivered', { tradeId, globalCost: '11.20' });
    for (const side of [buyer, provider]) await act(side, 'confirmGlobalPart', { tradeId });
    expect(await act(buyer, 'completeTrade', { tradeId, review: stars() })).toMatchObject({ state: 'COMPLETED' });
    expect(await balancesOf(kith, accounts)).toEqual(['7000', '3000']);
    const { data } = await kith.gql(
      'query ($id: ID!) { trade(id: $id) { globalCost { amount currencyCode } } }',
      { id: tradeId },
      buyer,
    );
    expect(data.trade.globalCost).toEqual({ amount: '11.20', currencyCode: 'EUR' });
  });

  test('terms that leave open what is to be paid are rejected', async () => {
    const act = doing(kith);
    const { people } = await moneyed(kith, [0n, 0n]);
    const [buyer, provider] = people as [Person, Person];
    for (const payment of [
      ...[
        { terms: 'FIXED' },
        { terms: 'FIXED', price: '0' },
        { terms: 'FIXED', price: '-1' },
        { terms: 'FIXED', price: '1.001' },
      ],
      ...[
        { terms: 'SPLIT', price: '1' },
        { ...split, globalPrice: '0' },
        { ...split, globalCurrency: 'XXY' },
      ],
      ...[
        { terms: 'COST_PLUS', globalCurrency: 'EUR' },
        { terms: 'AFTER', price: '2', priceTo: '1' },
      ],
    ])
      await expect(act(buyer, 'proposeTrade', proposal(provider, payment)), JSON.stringify(payment)).rejects.toThrow(
        'BAD_USER_INPUT',
      );
  });
});

describe('before agreement', () => {
  test('either side puts other terms on the table, and agreeing names what was read', async () => {
    const { act, buyer, provider, tradeId, accounts } = await dealing(kith, { until: 'PROPOSED' });
    const counter = { tradeId, version: 1, payment: FIXED('45.00'), note: 'Flour is dear' };
    expect(await act(provider, 'counterTrade', counter)).toMatchObject({
      version: 2,
      viewerActions: ['COUNTER', 'WITHDRAW'],
    });
    expect(await act(provider, 'counterTrade', counter)).toMatchObject({ version: 2 });
    expect(await act(provider, 'agreeTrade', { tradeId, version: 2 })).toMatchObject({ code: 'WRONG_TRADE_STATE' });
    expect(await act(buyer, 'agreeTrade', { tradeId, version: 1 })).toMatchObject({ code: 'TRADE_CHANGED' });
    expect(await act(buyer, 'counterTrade', { ...counter, payment: FIXED('44.00') })).toMatchObject({
      code: 'TRADE_CHANGED',
    });
    expect(await act(buyer, 'agreeTrade', { tradeId, version: 2 })).toMatchObject({
      state: 'AGREED',
      held: { amount: '45.00' },
    });
    expect(await act(buyer, 'agreeTrade', { tradeId, version: 2 })).toMatchObject({ state: 'AGREED' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4500 reserved)', '0']);
    const { data } = await kith.gql(
      'query ($id: ID!) { trade(id: $id) { proposals { version side price { amount } note } } }',
      ...[{ id: tradeId }, buyer],
    );
    expect(data.trade.proposals).toEqual([
      { version: 1, side: 'BUYER', price: { amount: '40.00' }, note: '' },
      { version: 2, side: 'PROVIDER', price: { amount: '45.00' }, note: 'Flour is dear' },
    ]);
  });

  test('the one who was asked declines, the one who asked takes back; twice is once', async () => {
    for (const [index, name, state] of [
      [1, 'declineTrade', 'DECLINED'],
      [0, 'cancelTrade', 'CANCELLED'],
    ] as const) {
      const { act, people, tradeId, community } = await dealing(kith, { until: 'PROPOSED' });
      const before = await everything(kith, community.id);
      expect(await act(people[1 - index]!, name, { tradeId })).toMatchObject({ code: 'WRONG_TRADE_STATE' });
      expect(await everything(kith, community.id)).toEqual(before);
      expect(await act(people[index]!, name, { tradeId, reason: 'No time' })).toMatchObject({ state });
      const after = await everything(kith, community.id);
      expect(await act(people[index]!, name, { tradeId, reason: 'No time' })).toMatchObject({ state });
      expect(await everything(kith, community.id)).toEqual(after);
    }
  });

  test('a proposal expires, unless other terms gave it more time', async () => {
    const one = await dealing(kith, { until: 'PROPOSED' });
    const other = await dealing(kith, { until: 'PROPOSED' });
    const now = clock.now;
    clock.now = () => new Date(now().getTime() + 10 * 86_400_000);
    await other.act(other.provider, 'counterTrade', { tradeId: other.tradeId, version: 1, payment: FIXED('41.00') });
    clock.now = now;
    await later(kith, clock, 15);
    await later(kith, clock, 15);
    const states = await kith.sql('select id, state from trades where id = any($1)', [
      [inner(one.tradeId), inner(other.tradeId)],
    ]);
    expect(new Map(states.map(({ id, state }) => [id, state]))).toEqual(
      new Map([
        [inner(one.tradeId), 'EXPIRED'],
        [inner(other.tradeId), 'PROPOSED'],
      ]),
    );
    expect(await one.act(one.provider, 'agreeTrade', { tradeId: one.tradeId, version: 1 })).toMatchObject({
      code: 'WRONG_TRADE_STATE',
    });
  });

  test('terms whose time is over are not agreed to, also before the job has ended the trade', async () => {
    const { act, provider, tradeId, community } = await dealing(kith, { until: 'PROPOSED' });
    await kith.sql("update trades set expires_at = now() - interval '1 second' where id = $1", [inner(tradeId)]);
    const before = await everything(kith, community.id);
    const late = { code: 'WRONG_TRADE_STATE', message: expect.stringContaining('expired') };
    expect(await act(provider, 'agreeTrade', { tradeId, version: 1 })).toMatchObject(late);
    const other = { tradeId, version: 1, payment: FIXED('41') };
    expect(await act(provider, 'counterTrade', other)).toMatchObject(late);
    expect(await everything(kith, community.id)).toEqual(before);
  });

  test('the same id is the same trade, and is refused with other content', async () => {
    const { act, buyer, provider, input, community } = await dealing(kith, { until: 'PROPOSED' });
    const before = await everything(kith, community.id);
    expect(await act(buyer, 'proposeTrade', input)).toMatchObject({ state: 'PROPOSED', version: 1 });
    expect(await act(buyer, 'proposeTrade', { ...input, title: 'Cake' })).toMatchObject({ code: 'TRADE_ID_REUSED' });
    expect(await act(provider, 'proposeTrade', { ...input, counterpartId: memberId(buyer) })).toMatchObject({
      code: 'TRADE_ID_REUSED',
    });
    expect(await everything(kith, community.id)).toEqual(before);
  });

  test('not with oneself, not with who is not active, not above the policy', async () => {
    const act = doing(kith);
    const { people, community } = await moneyed(kith, [10_000n, 0n]);
    const [buyer, provider] = people as [Person, Person];
    const gone = await kith.member(community, { state: 'SUSPENDED' });
    await kith.sql(`update communities set policies = '{"paymentMost": 50}' where id = $1`, [community.id]);
    const before = await everything(kith, community.id);
    expect(await act(buyer, 'proposeTrade', proposal(buyer, FIXED('1')))).toMatchObject({ code: 'TRADE_WITH_SELF' });
    expect(await act(buyer, 'proposeTrade', proposal(gone, FIXED('1')))).toMatchObject({
      code: 'COUNTERPART_UNAVAILABLE',
    });
    expect(await act(buyer, 'proposeTrade', proposal(provider, FIXED('50.01')))).toMatchObject({
      code: 'TRADE_TOO_LARGE',
    });
    expect(await everything(kith, community.id)).toEqual(before);
    expect(await act(buyer, 'proposeTrade', proposal(provider, FIXED('50.00')))).toMatchObject({ state: 'PROPOSED' });
  });
});

describe('agreement', () => {
  test('what the buyer does not have is not agreed, and nothing moves', async () => {
    const { act, provider, buyer, tradeId, community } = await dealing(kith, { funds: 3999n, until: 'PROPOSED' });
    const before = await everything(kith, community.id);
    expect(await act(provider, 'agreeTrade', { tradeId, version: 1 })).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    expect(await everything(kith, community.id)).toEqual(before);
    expect(await act(buyer, 'agreeTrade', { tradeId, version: 1 })).toMatchObject({ code: 'WRONG_TRADE_STATE' });
  });

  test('the day’s limit counts what was paid today and what is held for trades of today', async () => {
    const act = doing(kith);
    const { people, community } = await moneyed(kith, [10_000n, 0n]);
    const [buyer, provider] = people as [Person, Person];
    await kith.sql(`update communities set policies = '{"paymentsPerDayMost": 50}' where id = $1`, [community.id]);
    const propose = async (payment: object) =>
      (await act(buyer, 'proposeTrade', proposal(provider, payment))).id as string;
    const [first, second, third] = [
      await propose(FIXED('30')),
      await propose(FIXED('20.01')),
      await propose({ terms: 'AFTER' }),
    ];
    expect(await act(provider, 'agreeTrade', { tradeId: first, version: 1 })).toMatchObject({ state: 'AGREED' });
    const before = await everything(kith, community.id);
    expect(await act(provider, 'agreeTrade', { tradeId: second, version: 1 })).toMatchObject({
      code: 'TRADE_DAY_LIMIT_REACHED',
    });
    expect(await everything(kith, community.id)).toEqual(before);
    await act(provider, 'agreeTrade', { tradeId: third, version: 1 });
    await act(provider, 'markDelivered', { tradeId: third });
    const delivered = await everything(kith, community.id);
    const complete = (amount: string) => act(buyer, 'completeTrade', { tradeId: third, amount, review: stars() });
    expect(await complete('20.01')).toMatchObject({ code: 'TRADE_DAY_LIMIT_REACHED' });
    expect(await everything(kith, community.id)).toEqual(delivered);
    expect(await complete('20.00')).toMatchObject({ state: 'COMPLETED' });
    await act(provider, 'cancelTrade', { tradeId: first });
    expect(await act(provider, 'agreeTrade', { tradeId: second, version: 1 })).toMatchObject({ state: 'AGREED' });
  });

  test('the provider gives up alone; the buyer asks; money goes back', async () => {
    const { act, buyer, provider, tradeId, accounts } = await dealing(kith);
    expect(await act(buyer, 'cancelTrade', { tradeId, reason: 'Ill' })).toMatchObject({ state: 'AGREED' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
    expect(await act(provider, 'cancelTrade', { tradeId })).toMatchObject({
      state: 'CANCELLED',
      held: { amount: '0.00' },
    });
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
    expect(await act(provider, 'markDelivered', { tradeId })).toMatchObject({ code: 'WRONG_TRADE_STATE' });
  });
});

test('a side is offered what it can do and has not done', async () => {
  const payment = { terms: 'SPLIT', price: '10', globalPrice: '5', globalCurrency: 'EUR' };
  const { act, buyer, provider, tradeId, community } = await dealing(kith, { payment, until: 'DELIVERED' });
  const offered = async (as: Person) =>
    (await kith.gql('query ($id: ID!) { trade(id: $id) { viewerActions } }', { id: tradeId }, as)).data.trade
      .viewerActions as string[];
  expect(await offered(buyer)).toEqual(['ASK_TO_CANCEL', 'CONFIRM_GLOBAL', 'COMPLETE', 'DISPUTE']);
  await act(buyer, 'cancelTrade', { tradeId });
  await act(buyer, 'confirmGlobalPart', { tradeId });
  expect(await offered(buyer)).toEqual(['COMPLETE', 'DISPUTE']);
  expect(await offered(provider)).toEqual(['CANCEL', 'CONFIRM_GLOBAL', 'DISPUTE']);
  await act(provider, 'confirmGlobalPart', { tradeId });
  await act(buyer, 'completeTrade', { tradeId, review: stars() });
  expect(await offered(buyer)).toEqual(['DISPUTE']);
  expect(await offered(provider)).toEqual(['DISPUTE', 'REVIEW']);
  const { id: disputeId } = await act(buyer, 'openDispute', { id: newId(), tradeId, reason: 'Stale' });
  const judge = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  await act(judge, 'resolveDispute', { disputeId, outcome: 'RELEASE', reason: 'Fresh' });
  expect(await offered(provider)).toEqual(['APPEAL', 'REVIEW']);
  await act(judge, 'undoTrade', { tradeId, reason: 'All wrong' });
  expect(await offered(provider)).toEqual([]);
});

describe('at the end', () => {
  test('a reserved trade completes by itself when the buyer says nothing, once, and mints nothing', async () => {
    const { tradeId, accounts, provider, buyer } = await dealing(kith, { until: 'DELIVERED' });
    await later(kith, clock, 6);
    expect(await balancesOf(kith, accounts)).toEqual(['10000 (4000 reserved)', '0']);
    await later(kith, clock, 8);
    await kith.sql(
      "select graphile_worker.add_job('trade.lapse', json_build_object('communityId', community_id, 'tradeId', id)) from trades where id = $1",
      [inner(tradeId)],
    );
    await later(kith, clock, 8);
    expect(await balancesOf(kith, accounts)).toEqual(['6000', '4000']);
    const { data } = await kith.gql(
      'query ($id: ID!) { trade(id: $id) { state completedByItself reviews { id } } }',
      { id: tradeId },
      provider,
    );
    expect(data.trade).toEqual({ state: 'COMPLETED', completedByItself: true, reviews: [] });
    const inbox = await kith.gql('{ notifications { edges { node { kind title } } } }', {}, buyer);
    expect(inbox.data.notifications.edges[0].node).toEqual({
      kind: 'trade.completed',
      title: '“Bread” has completed by itself: 40.00 TEST',
    });
  });

  test('where nothing is held the buyer is reminded, and nothing is paid', async () => {
    const { buyer, accounts } = await dealing(kith, { payment: { terms: 'AFTER' }, until: 'DELIVERED' });
    await later(kith, clock, 8);
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '0']);
    const inbox = await kith.gql('{ notifications { edges { node { kind } } } }', {}, buyer);
    expect(inbox.data.notifications.edges[0].node.kind).toBe('trade.reminded');
  });

  test('completing twice pays once; with other words it is refused', async () => {
    const { act, buyer, tradeId, accounts, community } = await dealing(kith, { until: 'DELIVERED' });
    const complete = (review = stars()) => act(buyer, 'completeTrade', { tradeId, review });
    const answers = await Promise.all([complete(), complete(), complete()]);
    expect(answers.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(await balancesOf(kith, accounts)).toEqual(['6000', '4000']);
    const before = await everything(kith, community.id);
    expect(await complete(stars({ rating: 0 }))).toMatchObject({ code: 'WRONG_TRADE_STATE' });
    expect(await everything(kith, community.id)).toEqual(before);
  });

  test('under AFTER the buyer who has less is told, and nothing moves', async () => {
    const { act, buyer, tradeId, community } = await dealing(kith, {
      funds: 100n,
      payment: { terms: 'AFTER' },
      until: 'DELIVERED',
    });
    const before = await everything(kith, community.id);
    const answer = await act(buyer, 'completeTrade', { tradeId, amount: '1.01', review: stars() });
    expect(answer).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    expect(await everything(kith, community.id)).toEqual(before);
  });

  test('an operator undoes it with its reviews, also where the money was spent; nothing is opened again', async () => {
    const { act, buyer, provider, tradeId, accounts, community } = await dealing(kith, { until: 'COMPLETED' });
    await act(provider, 'reviewTrade', { tradeId, review: stars() });
    const other = await kith.member(community);
    await kith.gql(
      'mutation ($i: PayInput!) { pay(input: $i) { __typename } }',
      { i: { id: newId(), payeeId: memberId(other), amount: '39.00' } },
      provider,
    );
    const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
    const undo = () => act(operator, 'undoTrade', { tradeId, reason: 'It never happened' });
    expect(await undo()).toMatchObject({ state: 'COMPLETED' });
    expect(await undo()).toMatchObject({ state: 'COMPLETED' });
    expect(await act(operator, 'undoTrade', { tradeId, reason: 'Else' })).toMatchObject({ code: 'ALREADY_UNDONE' });
    expect(await balancesOf(kith, accounts)).toEqual(['10000', '-3900']);
    const { data } = await kith.gql(
      'query ($m: ID!) { memberReviews(memberId: $m) { totalCount } }',
      { m: memberId(provider) },
      buyer,
    );
    expect(data.memberReviews.totalCount).toBe(0);
    expect(
      await kith.sql("select action from audit_log where community_id = $1 and action = 'trade.undo'", [community.id]),
    ).toHaveLength(1);
    const dispute = { id: newId(), tradeId, reason: 'Why?' };
    expect(await act(buyer, 'openDispute', dispute)).toMatchObject({ code: 'DISPUTE_TIME_OVER' });
  });
});
