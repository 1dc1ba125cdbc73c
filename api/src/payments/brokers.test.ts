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

const INPUTS = {
  pay: 'PayInput',
  payBatch: 'PayBatchInput',
  refundPayment: 'RefundPaymentInput',
  requestPayment: 'RequestPaymentInput',
  acceptPaymentRequest: 'AcceptPaymentRequestInput',
  declinePaymentRequest: 'DeclinePaymentRequestInput',
  cancelPaymentRequest: 'CancelPaymentRequestInput',
};
const act = async (as: Person, what: keyof typeof INPUTS, i: object): Promise<string> => {
  const document = `mutation ($i: ${INPUTS[what]}!) { done: ${what}(input: $i) { __typename ... on Error { code } } }`;
  const { data, errors } = await kith.gql(document, { i }, as);
  return errors ? errors[0]!.extensions.code : (data.done.code ?? data.done.__typename);
};
const memberId = ({ memberId: id }: Person) => globalId('Member', id);
const requestId = (id: string) => globalId('PaymentRequest', id);
const recorded = (communityId: string) =>
  kith.sql('select action, detail from audit_log where community_id = $1 order by created_at, id', [communityId]);

/** Two members with ten units each and a broker. */
async function offline() {
  const { accounts, people, community } = await moneyed(kith, [1000n, 1000n]);
  const broker = await kith.member(community, { name: 'Berta', roles: ['MEMBER', 'BROKER'] });
  const [absent, other] = people as [Person, Person];
  return { accounts, absent, other, broker, communityId: community.id };
}
const consent = (member: Person, may: boolean) =>
  kith.gql(
    'mutation ($i: UpdateMyProfileInput!) { updateMyProfile(input: $i) { brokersMayAct } }',
    { i: { brokersMayAct: may } },
    member,
  );

test('whatever a broker does with a member’s money is on the record once, in the statement, and the member is told', async () => {
  const { absent, other, broker, communityId } = await offline();
  const payment = { id: newId(), payerId: memberId(absent), payeeId: memberId(other), amount: '3' };
  expect([await act(broker, 'pay', payment), await act(broker, 'pay', payment)]).toEqual([
    ...['JournalEntry', 'JournalEntry'],
  ]);
  const [asked, declined] = [newId(), newId()];
  await act(broker, 'requestPayment', {
    ...{ id: asked, payeeId: memberId(absent), payerId: memberId(other), amount: '1', memo: 'Eggs' },
  });
  await act(broker, 'cancelPaymentRequest', { requestId: requestId(asked) });
  await act(other, 'requestPayment', { id: declined, payerId: memberId(absent), amount: '2', memo: 'Jam' });
  await act(broker, 'declinePaymentRequest', { requestId: requestId(declined) });
  const detail = { memberId: absent.memberId };
  expect(await recorded(communityId)).toEqual([
    { action: 'payment.pay', detail: { ...detail, amount: '300' } },
    { action: 'paymentRequest.make', detail },
    { action: 'paymentRequest.cancel', detail },
    { action: 'paymentRequest.decline', detail },
  ]);
  const statement = '{ myAccount { statement { edges { node { amount { amount } broker { displayName } } } } } }';
  const { data } = await kith.gql(statement, {}, absent);
  expect(data.myAccount.statement.edges[0].node).toEqual({
    ...{ amount: { amount: '-3.00' }, broker: { displayName: 'Berta' } },
  });
  await kith.jobs();
  const told = await kith.sql(
    "select title from notifications where member_id = $1 and title like '%behalf%' order by created_at, id",
    [absent.memberId],
  );
  expect(told.map(({ title }) => title).sort()).toEqual([
    'Berta asked for 1.00 TEST on your behalf',
    'Berta declined a request for 2.00 TEST on your behalf',
    'Berta paid 3.00 TEST on your behalf',
    'Berta took back a request for 1.00 TEST on your behalf',
  ]);
});

test('a member who wants no broker is left alone: every act for them is refused and leaves nothing', async () => {
  const { absent, other, broker, communityId } = await offline();
  const [received, asked, mine] = [newId(), newId(), newId()];
  await act(other, 'pay', { id: received, payeeId: memberId(absent), amount: '2' });
  await act(other, 'requestPayment', { id: asked, payerId: memberId(absent), amount: '2', memo: 'Jam' });
  await act(absent, 'requestPayment', { id: mine, payerId: memberId(other), amount: '2', memo: 'Tea' });
  expect((await consent(absent, false)).data.updateMyProfile).toEqual({ brokersMayAct: false });
  const everything = async () => [
    ...[await ledgerOf(kith, communityId), await recorded(communityId)],
    await kith.sql('select t::text from payment_requests t where community_id = $1 order by id', [communityId]),
  ];
  const before = await everything();
  const payment = { payerId: memberId(absent), payeeId: memberId(other), amount: '1' };
  const request = { payeeId: memberId(absent), payerId: memberId(other), amount: '1', memo: 'Eggs' };
  const csv = `payee;amount\n${memberId(other)};1`;
  const answers = [
    await act(broker, 'pay', { id: newId(), ...payment }),
    await act(broker, 'payBatch', { id: newId(), csv, payerId: memberId(absent) }),
    await act(broker, 'refundPayment', {
      ...{ id: newId(), entryId: globalId('JournalEntry', received), payeeId: memberId(absent) },
    }),
    await act(broker, 'requestPayment', { id: newId(), ...request }),
    await act(broker, 'acceptPaymentRequest', { requestId: requestId(asked) }),
    await act(broker, 'declinePaymentRequest', { requestId: requestId(asked) }),
    await act(broker, 'cancelPaymentRequest', { requestId: requestId(mine) }),
  ];
  expect(answers).toEqual(answers.map(() => 'ACTING_NOT_ALLOWED'));
  expect(await everything()).toEqual(before);
  await consent(absent, true);
  expect(await act(broker, 'pay', { id: newId(), ...payment })).toBe('JournalEntry');
});

test('a broker does not take the money of a member they act for', async () => {
  const { accounts, absent, broker, communityId } = await offline();
  const [asked, received] = [newId(), newId()];
  await act(broker, 'requestPayment', { id: asked, payerId: memberId(absent), amount: '2', memo: 'Jam' });
  const before = [await ledgerOf(kith, communityId), await recorded(communityId)];
  const payment = { payerId: memberId(absent), payeeId: memberId(broker), amount: '1' };
  const csv = `payee;amount\n${memberId(broker)};1`;
  expect([
    await act(broker, 'pay', { id: newId(), ...payment }),
    await act(broker, 'payBatch', { id: newId(), csv, payerId: memberId(absent) }),
    await act(broker, 'acceptPaymentRequest', { requestId: requestId(asked) }),
  ]).toEqual(Array(3).fill('FORBIDDEN'));
  expect([await ledgerOf(kith, communityId), await recorded(communityId)]).toEqual(before);
  await act(absent, 'acceptPaymentRequest', { requestId: requestId(asked) });
  await act(broker, 'pay', { id: received, payeeId: memberId(absent), amount: '1' });
  const refund = { id: newId(), entryId: globalId('JournalEntry', received), payeeId: memberId(absent) };
  expect(await act(broker, 'refundPayment', refund)).toBe('FORBIDDEN');
  expect(await balancesOf(kith, accounts)).toEqual(['900', '1000']);
});
