import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { release, reserve } from '../ledger/reservations.ts';
import { balancesOf, differences, ledgerOf, moneyed } from '../ledger/testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const PAY = `mutation ($i: PayInput!) { pay(input: $i) { __typename
  ... on JournalEntry { id kind memo postedAt actor { id } onBehalfOf { id } subjectId
    postings { amount { amount currencyCode } member { id } balanceAfter { amount } account { available { amount } } } }
  ... on Error { code message } ... on InsufficientFunds { available { amount } } } }`;
const payment = (payee: Person, amount: string, more: object = {}) => ({
  ...{ id: newId(), payeeId: globalId('Member', payee.memberId), amount },
  ...more,
});
const pay = async (as: Person, input: object) => {
  const { data, errors } = await kith.gql(PAY, { i: input }, as);
  if (errors) throw new Error(errors[0]!.message);
  return data.pay;
};

test('a payment moves money, and shows each side its own account alone', async () => {
  const { accounts, people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = payment(payee, '2.50', { memo: 'Bread' });
  const me = { id: globalId('Member', payer.memberId) };
  expect(await pay(payer, input)).toEqual({
    ...{ __typename: 'JournalEntry', id: globalId('JournalEntry', input.id), kind: 'PAYMENT', memo: 'Bread' },
    ...{ postedAt: expect.any(String), actor: me, onBehalfOf: null, subjectId: null },
    postings: [
      {
        ...{ amount: { amount: '-2.50', currencyCode: 'TEST' }, member: me, balanceAfter: { amount: '7.50' } },
        account: { available: { amount: '7.50' } },
      },
      {
        ...{ amount: { amount: '2.50', currencyCode: 'TEST' }, member: { id: input.payeeId } },
        ...{ balanceAfter: null, account: null },
      },
    ],
  });
  expect(await balancesOf(kith, accounts)).toEqual(['750', '250']);
});

test('the same id pays once, however often it is sent at once, and is refused with other content', async () => {
  const { accounts, people, community } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = payment(payee, '2.50');
  const answers = await Promise.all(Array.from({ length: 12 }, () => pay(payer, input)));
  expect(new Set(answers.map(({ postedAt }) => postedAt)).size).toBe(1);
  const before = await ledgerOf(kith, community.id);
  expect(await pay(payer, { ...input, amount: '2.51' })).toMatchObject({ code: 'ENTRY_ID_REUSED' });
  expect(await pay(payee, { ...input, payeeId: globalId('Member', payer.memberId) })).toMatchObject({
    code: 'ENTRY_ID_REUSED',
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  expect(await balancesOf(kith, accounts)).toEqual(['750', '250']);
});

test('of a hundred who pay at once with the last coins, one succeeds and the others are told', async () => {
  const { accounts, people } = await moneyed(kith, [100n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const answers = await Promise.all(Array.from({ length: 100 }, () => pay(payer, payment(payee, '1.00'))));
  const codes = answers.map(({ code }) => code ?? 'paid').sort();
  expect(codes).toEqual([...Array.from({ length: 99 }, () => 'INSUFFICIENT_FUNDS'), 'paid']);
  expect(await balancesOf(kith, accounts)).toEqual(['0', '100']);
});

test('what waits together is paid together, each with its own result', async () => {
  const { accounts, people } = await moneyed(kith, [5000n, 5000n, 0n, 10n]);
  const [one, other, payee, poor] = people as [Person, Person, Person, Person];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) => pay([one, other, poor][at % 3]!, payment(payee, '1.00'))),
  );
  expect(answers.map(({ code }, at) => (at % 3 === 2 ? code : (code ?? 'paid')))).toEqual(
    Array.from({ length: 40 }, (_, at) => (at % 3 === 2 ? 'INSUFFICIENT_FUNDS' : 'paid')),
  );
  expect(await balancesOf(kith, accounts)).toEqual(['3600', '3700', '2700', '10']);
});

test('a refusal moves nothing and tells nobody', async () => {
  const { people, community } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const suspended = await kith.member(community, { state: 'SUSPENDED' });
  const foreigner = await kith.member(await kith.community());
  const before = [
    await ledgerOf(kith, community.id),
    await kith.sql('select count(*) from graphile_worker._private_jobs'),
  ];
  expect(await pay(payer, payment(payee, '10.01'))).toEqual({
    ...{ __typename: 'InsufficientFunds', code: 'INSUFFICIENT_FUNDS', available: { amount: '10.00' } },
    message: 'There is not enough available on the account for this.',
  });
  expect(await pay(payer, payment(payer, '1'))).toMatchObject({ code: 'PAYMENT_TO_SELF' });
  expect(await pay(payer, payment(suspended, '1'))).toMatchObject({ code: 'PAYEE_UNAVAILABLE' });
  expect(await pay(payer, payment(foreigner, '1'))).toMatchObject({ code: 'PAYEE_UNAVAILABLE' });
  await expect(pay(payer, payment(payee, '0'))).rejects.toThrow('above zero');
  await expect(pay(payer, payment(payee, '-1'))).rejects.toThrow('above zero');
  await expect(pay(payer, payment(payee, '0.001'))).rejects.toThrow('at most 2 decimals');
  await expect(pay(payer, payment(payee, '9999999999999'))).rejects.toThrow('at most 12 digits');
  await expect(pay(payer, payment(payee, '1', { payerId: globalId('Member', payee.memberId) }))).rejects.toThrow(
    'Your role does not allow acting for another member.',
  );
  await expect(pay(payer, payment(payee, '1', { listingId: globalId('Listing', newId()) }))).rejects.toThrow(
    'no such listing',
  );
  expect([
    await ledgerOf(kith, community.id),
    await kith.sql('select count(*) from graphile_worker._private_jobs'),
  ]).toEqual(before);
});

test('a broker pays for a member who is offline, and it stands in the entry', async () => {
  const { accounts, people, community } = await moneyed(kith, [1000n, 0n]);
  const [offline, payee] = people as [Person, Person];
  const broker = await kith.member(community, { roles: ['MEMBER', 'BROKER'] });
  const paid = await pay(broker, payment(payee, '3', { payerId: globalId('Member', offline.memberId) }));
  expect(paid).toMatchObject({
    actor: { id: globalId('Member', broker.memberId) },
    onBehalfOf: { id: globalId('Member', offline.memberId) },
  });
  expect(await balancesOf(kith, accounts)).toEqual(['700', '300']);
  const tooMuch = await pay(broker, payment(payee, '8', { payerId: globalId('Member', offline.memberId) }));
  expect(tooMuch).toMatchObject({ code: 'INSUFFICIENT_FUNDS', available: null });
});

test('the largest payment and the most of a day hold under the payer’s lock', async () => {
  const { accounts, people, community } = await moneyed(kith, [10_000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  await kith.sql(`update communities set policies = '{"paymentMost": 5, "paymentsPerDayMost": 12}' where id = $1`, [
    community.id,
  ]);
  expect(await pay(payer, payment(payee, '5.01'))).toMatchObject({ code: 'PAYMENT_TOO_LARGE' });
  const first = payment(payee, '5');
  const answers = await Promise.all(
    [first, ...[1, 2, 3, 4].map(() => payment(payee, '5'))].map((input) => pay(payer, input)),
  );
  expect(answers.map(({ code }) => code ?? 'paid').sort()).toEqual([
    ...['DAY_LIMIT_REACHED', 'DAY_LIMIT_REACHED', 'DAY_LIMIT_REACHED', 'paid', 'paid'],
  ]);
  expect(await pay(payer, payment(payee, '2'))).toMatchObject({ kind: 'PAYMENT' });
  expect(await pay(payer, payment(payee, '0.01'))).toMatchObject({ code: 'DAY_LIMIT_REACHED' });
  expect(await balancesOf(kith, accounts)).toEqual(['8800', '1200']);
});

test('a payment can name a trade of the two, and is undone by itself', async () => {
  const { accounts, people, community } = await moneyed(kith, [1000n, 0n, 0n]);
  const [payer, payee, third] = people as [Person, Person, Person];
  const PROPOSE = 'mutation ($i: ProposeTradeInput!) { proposeTrade(input: $i) { ... on Trade { id } } }';
  const terms = { side: 'BUYER', title: 'Bread', payment: { terms: 'AFTER' } };
  const propose = { id: newId(), counterpartId: globalId('Member', payee.memberId), ...terms };
  const tradeId = (await kith.gql(PROPOSE, { i: propose }, payer)).data.proposeTrade.id as string;
  const before = await ledgerOf(kith, community.id);
  await expect(pay(payer, { ...payment(third, '1'), tradeId })).rejects.toThrow('There is no such trade here.');
  const both = { ...payment(payee, '1'), tradeId, listingId: globalId('Listing', newId()) };
  await expect(pay(payer, both)).rejects.toThrow('name one of them');
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  const tip = { ...payment(payee, '1.50'), tradeId };
  expect(await pay(payer, tip)).toMatchObject({ kind: 'PAYMENT', subjectId: tradeId });
  const treasurer = await kith.member(community, { roles: ['MEMBER', 'TREASURER'] });
  const REVERSE =
    'mutation ($i: ReverseEntryInput!) { reverseEntry(input: $i) { ... on JournalEntry { kind } ... on Error { code } } }';
  const i = { id: newId(), entryId: globalId('JournalEntry', tip.id), reason: 'By mistake' };
  expect((await kith.gql(REVERSE, { i }, treasurer)).data.reverseEntry).toEqual({ kind: 'REVERSAL' });
  expect(await balancesOf(kith, accounts)).toEqual(['1000', '0', '0']);
});

test('a payment for a listing that was hidden since is answered again as it was', async () => {
  const { people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const listingId = await listing(kith, payee, { title: 'Bread' });
  const input = { ...payment(payee, '1'), listingId };
  const paid = await pay(payer, input);
  expect(paid).toMatchObject({ kind: 'PAYMENT', subjectId: listingId });
  await kith.sql("update listings set state = 'HIDDEN', hidden_reason = 'x' where member_id = $1", [payee.memberId]);
  expect(await pay(payer, input)).toEqual(paid);
  await expect(pay(payer, { ...input, id: newId() })).rejects.toThrow('There is no such listing here.');
});

test('what is held for trades agreed today counts in the limit of the day, whichever came first', async () => {
  const { accounts, people, community, inside } = await moneyed(kith, [10_000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  await kith.sql(`update communities set policies = '{"paymentsPerDayMost": 12}' where id = $1`, [community.id]);
  const held = { accountId: accounts[0]!.id, amount: 900n };
  const [trade, other] = [newId(), newId()];
  await inside((tx) => reserve(tx, { id: trade, ...held, subject: { type: 'Trade', id: newId() } }));
  // What a dispute holds was counted when it was paid, and what was agreed before today counted then.
  await inside((tx) => reserve(tx, { id: newId(), ...held, subject: { type: 'Dispute', id: newId() } }));
  await inside((tx) => reserve(tx, { id: other, ...held, subject: { type: 'Trade', id: newId() } }));
  await kith.sql("update reservations set created_at = created_at - interval '2 days' where id = $1", [other]);
  expect(await pay(payer, payment(payee, '3.01'))).toMatchObject({ code: 'DAY_LIMIT_REACHED' });
  expect(await pay(payer, payment(payee, '3'))).toMatchObject({ kind: 'PAYMENT' });
  expect(await pay(payer, payment(payee, '0.01'))).toMatchObject({ code: 'DAY_LIMIT_REACHED' });
  await inside((tx) => release(tx, { id: trade }));
  expect(await pay(payer, payment(payee, '9'))).toMatchObject({ kind: 'PAYMENT' });
  expect(await balancesOf(kith, accounts)).toEqual(['8800 (1800 reserved)', '1200']);
});

test('a payment made before its payee left is answered again as it was', async () => {
  const { people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = payment(payee, '1');
  const paid = await pay(payer, input);
  await kith.sql("update members set state = 'SUSPENDED' where id = $1", [payee.memberId]);
  expect(await pay(payer, input)).toEqual(paid);
});

const REFUND = `mutation ($i: RefundPaymentInput!) { refundPayment(input: $i) { __typename
  ... on JournalEntry { id kind parent { id } } ... on Error { code } } }`;
test('what is sent back is at most what was paid, however it is asked for', async () => {
  const { accounts, people, community } = await moneyed(kith, [1000n, 1000n, 1000n]);
  const [payer, payee, other] = people as [Person, Person, Person];
  const input = payment(payee, '6');
  await pay(payer, input);
  const entryId = globalId('JournalEntry', input.id);
  const refund = async (as: Person, amount?: string, id = newId()) => {
    const { data, errors } = await kith.gql(REFUND, { i: { id, entryId, amount } }, as);
    return errors ? errors[0]!.extensions.code : (data.refundPayment.code ?? data.refundPayment.kind);
  };
  expect(await refund(other)).toBe('NOT_FOUND');
  expect(await refund(payer)).toBe('NOT_FOUND');
  const together = await Promise.all([refund(payee, '4'), refund(payee, '4'), refund(payee, '6.01')]);
  expect(together.sort()).toEqual(['REFUND', 'REFUND_TOO_LARGE', 'REFUND_TOO_LARGE']);
  const last = newId();
  expect([await refund(payee, undefined, last), await refund(payee, undefined, last)]).toEqual(['REFUND', 'REFUND']);
  const before = await ledgerOf(kith, community.id);
  expect(await refund(payee, '0.01')).toBe('REFUND_TOO_LARGE');
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  expect(await balancesOf(kith, accounts)).toEqual(['1000', '1000', '1000']);
});

test('the payee is told live, and both hear of their accounts, also what they missed', async () => {
  const { people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const received = kith.subscribe('subscription { paymentReceived { id entry { memo } } }', {}, payee);
  await received.started;
  await pay(payer, payment(payee, '1', { memo: 'first' }));
  const { data } = await received.next();
  expect(data.paymentReceived.entry).toEqual({ memo: 'first' });
  const closed = async () => expect.poll(() => kith.subscriptions()).toBe(0);
  await received.close();
  await closed();
  await pay(payer, payment(payee, '2', { memo: 'second' }));
  const again = kith.subscribe(
    'subscription ($after: ID) { paymentReceived(after: $after) { entry { memo } } }',
    { after: data.paymentReceived.id },
    payee,
  );
  expect((await again.next()).data.paymentReceived.entry).toEqual({ memo: 'second' });
  await again.close();
  await closed();
  const changed = kith.subscribe(
    'subscription { accountChanged { entry { memo } accounts { available { amount } } } }',
    {},
    payer,
  );
  await changed.started;
  await pay(payer, payment(payee, '3', { memo: 'third' }));
  expect((await changed.next()).data.accountChanged).toEqual({
    entry: { memo: 'third' },
    accounts: [{ available: { amount: '4.00' } }],
  });
});
