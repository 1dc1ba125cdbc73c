import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { balancesOf, differences, ledgerOf, moneyed } from '../ledger/testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const FIELDS = '{ __typename ... on PaymentRequest { id state reason entry { memo } } ... on Error { code } }';
const DO = {
  request: `mutation ($i: RequestPaymentInput!) { done: requestPayment(input: $i) ${FIELDS} }`,
  accept: `mutation ($i: AcceptPaymentRequestInput!) { done: acceptPaymentRequest(input: $i) ${FIELDS} }`,
  decline: `mutation ($i: DeclinePaymentRequestInput!) { done: declinePaymentRequest(input: $i) ${FIELDS} }`,
  cancel: `mutation ($i: CancelPaymentRequestInput!) { done: cancelPaymentRequest(input: $i) ${FIELDS} }`,
  rule: `mutation ($i: SetPaymentRuleInput!) { done: setPaymentRule(input: $i) { ... on PaymentRule { id afterDays amountMost { amount } payee { id } } ... on Error { code } } }`,
};
const act = async (as: Person, what: keyof typeof DO, i: object) => {
  const { data, errors } = await kith.gql(DO[what], { i }, as);
  return errors ? errors[0]!.extensions.code : data.done;
};
const asking = (payer: Person, amount: string, more: object = {}) => ({
  ...{ id: newId(), payerId: globalId('Member', payer.memberId), amount, memo: 'Eggs' },
  ...more,
});
const idOf = ({ id }: { id: string }) => ({ requestId: globalId('PaymentRequest', id) });
const inbox = (member: Person) =>
  kith.sql('select kind, title from notifications where member_id = $1 order by created_at, id', [member.memberId]);

test('a request is paid once by its payer, however often they accept', async () => {
  const { accounts, people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = asking(payer, '2.50');
  expect(await act(payee, 'request', input)).toMatchObject({ state: 'OPEN', entry: null });
  expect(await act(payee, 'request', input)).toMatchObject({ state: 'OPEN' });
  expect(await act(payee, 'request', { ...input, amount: '2.51' })).toMatchObject({ code: 'REQUEST_ID_REUSED' });
  const accepted = await Promise.all(Array.from({ length: 5 }, () => act(payer, 'accept', idOf(input))));
  for (const answer of accepted) expect(answer).toMatchObject({ state: 'ACCEPTED', entry: { memo: 'Eggs' } });
  expect(await balancesOf(kith, accounts)).toEqual(['750', '250']);
  expect(await act(payer, 'decline', idOf(input))).toEqual({ __typename: 'RequestClosed', code: 'REQUEST_CLOSED' });
  await kith.jobs();
  expect(await inbox(payer)).toEqual([{ kind: 'payment.requested', title: 'Somebody asks you to pay 2.50 TEST' }]);
  expect((await inbox(payee)).map(({ kind }) => kind).sort()).toEqual(['payment.accepted', 'payment.received']);
});

test('a request nobody can pay stays open and moves nothing', async () => {
  const { people, community } = await moneyed(kith, [100n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = asking(payer, '2');
  await act(payee, 'request', input);
  const before = [
    await ledgerOf(kith, community.id),
    await kith.sql('select t::text from payment_requests t where id = $1', [input.id]),
  ];
  expect(await act(payer, 'accept', idOf(input))).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  expect([
    await ledgerOf(kith, community.id),
    await kith.sql('select t::text from payment_requests t where id = $1', [input.id]),
  ]).toEqual(before);
});

test('only the payer answers and only the payee takes back; for others it is not there', async () => {
  const { accounts, people } = await moneyed(kith, [1000n, 0n, 0n]);
  const [payer, payee, other] = people as [Person, Person, Person];
  const input = asking(payer, '1');
  await act(payee, 'request', input);
  for (const what of ['accept', 'decline', 'cancel'] as const)
    expect(await act(other, what, idOf(input))).toBe('NOT_FOUND');
  expect(await act(payee, 'accept', idOf(input))).toBe('FORBIDDEN');
  expect(await act(payer, 'cancel', idOf(input))).toBe('FORBIDDEN');
  expect(await act(payer, 'decline', { ...idOf(input), reason: 'Never got them' })).toMatchObject({
    state: 'DECLINED',
    reason: 'Never got them',
  });
  expect(await act(payee, 'cancel', idOf(input))).toMatchObject({ code: 'REQUEST_CLOSED' });
  const second = asking(payer, '1');
  await act(payee, 'request', second);
  expect(await act(payee, 'cancel', idOf(second))).toMatchObject({ state: 'CANCELLED' });
  expect(await act(payer, 'accept', idOf(second))).toMatchObject({ code: 'REQUEST_CLOSED' });
  expect(await balancesOf(kith, accounts)).toEqual(['1000', '0', '0']);
});

test('of an acceptance and a cancellation at the same time, one holds', async () => {
  const { accounts, people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = asking(payer, '1');
  await act(payee, 'request', input);
  const [accepted] = await Promise.all([act(payer, 'accept', idOf(input)), act(payee, 'cancel', idOf(input))]);
  expect(await balancesOf(kith, accounts)).toEqual(accepted.state === 'ACCEPTED' ? ['900', '100'] : ['1000', '0']);
});

test('a request expires once when its time is over', async () => {
  const { people } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = asking(payer, '1');
  await act(payee, 'request', input);
  const due = "update graphile_worker._private_jobs set run_at = now() where payload->>'requestId' = $1";
  await kith.sql(due, [input.id]);
  await kith.jobs();
  expect(await kith.sql('select state from payment_requests where id = $1', [input.id])).toEqual([{ state: 'OPEN' }]);
  await kith.sql("update payment_requests set expires_at = now() - interval '1 second' where id = $1", [input.id]);
  for (const _ of [1, 2]) {
    await kith.sql(
      "select graphile_worker.add_job('paymentRequest.expire', json_build_object('communityId', community_id, 'requestId', id)) from payment_requests where id = $1",
      [input.id],
    );
    await kith.jobs();
  }
  expect(await kith.sql('select state from payment_requests where id = $1', [input.id])).toEqual([
    { state: 'EXPIRED' },
  ]);
  expect((await inbox(payee)).map(({ kind }) => kind)).toEqual(['payment.expired']);
});

test('a request whose time is over is not paid, also before the job has ended it', async () => {
  const { people, community } = await moneyed(kith, [1000n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = asking(payer, '5');
  await act(payee, 'request', input);
  await kith.sql("update payment_requests set expires_at = now() - interval '1 second' where id = $1", [input.id]);
  const before = await ledgerOf(kith, community.id);
  expect(await act(payer, 'accept', idOf(input))).toMatchObject({ code: 'REQUEST_CLOSED' });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
});

test('a rule accepts at once what it covers, the rule for one member before the one for all', async () => {
  const { accounts, people } = await moneyed(kith, [1000n, 0n, 0n]);
  const [payer, baker, other] = people as [Person, Person, Person];
  expect(
    await act(payer, 'rule', { payeeId: globalId('Member', baker.memberId), afterDays: 0, amountMost: '3' }),
  ).toMatchObject({
    ...{ afterDays: 0, amountMost: { amount: '3.00' }, payee: { id: globalId('Member', baker.memberId) } },
  });
  await act(payer, 'rule', { afterDays: 5 });
  const [small, large, later] = [asking(payer, '3'), asking(payer, '3.01'), asking(payer, '1')];
  await act(baker, 'request', small);
  await act(baker, 'request', large);
  await act(other, 'request', later);
  await kith.jobs();
  await kith.jobs();
  const state = async ({ id }: { id: string }) =>
    (await kith.sql('select state, accept_at is not null as waits from payment_requests where id = $1', [id]))[0];
  expect([await state(small), await state(large), await state(later)]).toEqual([
    { state: 'ACCEPTED', waits: false },
    { state: 'OPEN', waits: false },
    { state: 'OPEN', waits: true },
  ]);
  expect(await balancesOf(kith, accounts)).toEqual(['700', '300', '0']);
  expect((await inbox(payer)).filter(({ kind }) => kind === 'payment.paidByRule')).toHaveLength(1);
});

test('a request that was made is answered again, also where no more can be made', async () => {
  const { people, community } = await moneyed(kith, [100n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const input = asking(payer, '5');
  const made = await act(payee, 'request', input);
  await kith.sql(
    `insert into payment_requests select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).*
     from payment_requests r, generate_series(2, 500) where r.id = $1`,
    [input.id],
  );
  const before = await ledgerOf(kith, community.id);
  expect(await act(payee, 'request', asking(payer, '5'))).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  await kith.sql("update members set state = 'SUSPENDED' where id = $1", [payer.memberId]);
  expect(await act(payee, 'request', input)).toEqual(made);
  expect(await act(payee, 'request', { ...input, amount: '6' })).toMatchObject({ code: 'REQUEST_ID_REUSED' });
});

test('a rule that cannot pay leaves the request to the payer and says so once', async () => {
  const { people, community } = await moneyed(kith, [100n, 0n]);
  const [payer, payee] = people as [Person, Person];
  await act(payer, 'rule', { afterDays: 0 });
  const input = asking(payer, '5');
  await act(payee, 'request', input);
  const job = `select graphile_worker.add_job('paymentRequest.accept', json_build_object('communityId', '${community.id}', 'requestId', '${input.id}'))`;
  for (const _ of [1, 2]) {
    await kith.sql(job);
    await kith.jobs();
  }
  expect(await kith.sql('select state, accept_at from payment_requests where id = $1', [input.id])).toEqual([
    { state: 'OPEN', accept_at: null },
  ]);
  expect((await inbox(payer)).map(({ kind }) => kind).sort()).toEqual(['payment.requested', 'payment.unpaid']);
});
