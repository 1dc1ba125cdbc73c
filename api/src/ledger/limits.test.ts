import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { accountOf } from './accounts.ts';
import { differences, ledgerOf, moneyed } from './testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const ACCOUNT = `... on Account { creditLimit { amount } ceiling { amount } available { amount } hasOwnCreditLimit }`;
const documents = {
  setCreditLimit: `mutation ($i: SetCreditLimitInput!) { setCreditLimit(input: $i) { ${ACCOUNT} ... on Error { code } } }`,
  setMemberCreditLimit: `mutation ($i: SetMemberCreditLimitInput!) { setMemberCreditLimit(input: $i) { ${ACCOUNT} ... on Error { code } } }`,
  applyCreditLimit: `mutation ($i: ApplyCreditLimitInput!) { applyCreditLimit(input: $i) { raised lowered inArrears isDryRun } }`,
  pay: `mutation ($i: PayInput!) { pay(input: $i) { ... on Error { code } } }`,
};
const act = async (as: Person, name: keyof typeof documents, i: object) => {
  const { data, errors } = await kith.gql(documents[name], { i }, as);
  return errors ? { code: errors[0]!.extensions.code } : data[name];
};
const pay = (payer: Person, payee: Person, amount: string) =>
  act(payer, 'pay', { id: newId(), payeeId: globalId('Member', payee.memberId), amount });

/** A community with members whose accounts hold nothing, and its treasurer. */
async function kept(members: number, policies: object = {}) {
  const world = await moneyed(kith, []);
  await kith.sql('update communities set policies = $2 where id = $1', [world.community.id, JSON.stringify(policies)]);
  const treasurer = await kith.member(world.community, { roles: ['MEMBER', 'TREASURER'] });
  const people: Person[] = [];
  for (let n = 0; n < members; n++) {
    const person = await kith.member(world.community);
    people.push(person);
    await world.inside((tx) => accountOf(tx, person.memberId));
  }
  const id = (person: Person) => globalId('Member', person.memberId);
  const limits = async () => {
    const rows = await kith.sql<{ member_id: string; credit_limit: string; has_own_limit: boolean }>(
      "select member_id, credit_limit, has_own_limit from accounts where community_id = $1 and kind = 'MEMBER'",
      [world.community.id],
    );
    return people.map(({ memberId }) => {
      const { credit_limit, has_own_limit } = rows.find((row) => row.member_id === memberId)!;
      return has_own_limit ? `${credit_limit} of its own` : credit_limit;
    });
  };
  return { ...world, people, treasurer, id, limits };
}

test('a treasurer sets one member’s limit with a reason; the member and the audit log are told', async () => {
  const { community, treasurer, id } = await kept(0, { creditLimit: 7 });
  const member = await kith.member(community);
  const reason = 'Known for years';
  // There is no account yet: it is opened.
  expect(
    await act(treasurer, 'setMemberCreditLimit', { memberId: id(member), creditLimit: '25', ceiling: '90', reason }),
  ).toEqual({
    ...{ creditLimit: { amount: '25.00' }, ceiling: { amount: '90.00' }, available: { amount: '25.00' } },
    hasOwnCreditLimit: true,
  });
  // What is not said stays; without a limit of its own an account has the policy's.
  const accountId = globalId('Account', member.memberId);
  expect(await act(treasurer, 'setCreditLimit', { accountId, creditLimit: null, reason: 'As all' })).toMatchObject({
    ...{ creditLimit: { amount: '7.00' }, ceiling: { amount: '90.00' }, hasOwnCreditLimit: false },
  });
  expect(await act(treasurer, 'setCreditLimit', { accountId, ceiling: null, reason: 'No need' })).toMatchObject({
    ...{ creditLimit: { amount: '7.00' }, ceiling: null },
  });
  const log = 'select reason, detail from audit_log where community_id = $1 and action = $2 order by created_at, id';
  expect(await kith.sql(log, [community.id, 'ledger.setLimits'])).toEqual([
    {
      reason,
      detail: { before: { creditLimit: '700', ceiling: null }, after: { creditLimit: '2500', ceiling: '9000' } },
    },
    {
      ...{ reason: 'As all' },
      detail: { before: { creditLimit: '2500', ceiling: '9000' }, after: { creditLimit: '700', ceiling: '9000' } },
    },
    {
      ...{ reason: 'No need' },
      detail: { before: { creditLimit: '700', ceiling: '9000' }, after: { creditLimit: '700', ceiling: null } },
    },
  ]);
  await kith.jobs();
  expect(
    await kith.sql('select title, body from notifications where member_id = $1 order by body, title', [
      member.memberId,
    ]),
  ).toEqual([
    { title: 'Your credit limit is 7.00 TEST now', body: 'As all' },
    { title: 'Your account may hold at most 90.00 TEST now', body: reason },
    { title: 'Your credit limit is 25.00 TEST now', body: reason },
    { title: 'Your account has no ceiling any more', body: 'No need' },
  ]);
});

test('a limit below zero is rejected with what it takes, and nothing changes', async () => {
  const { people, treasurer, id, limits } = await kept(1, { creditLimit: 10 });
  const i = { memberId: id(people[0]!), creditLimit: '-1', reason: 'x' };
  const { errors } = await kith.gql(documents.setMemberCreditLimit, { i }, treasurer);
  expect(errors![0]).toMatchObject({
    message: 'creditLimit is 0 or more: how far the account may fall below zero.',
    extensions: { code: 'BAD_USER_INPUT', field: 'creditLimit' },
  });
  expect(await limits()).toEqual(['1000']);
});

test('a limit that is lowered while its credit is spent forbids what is new, and takes nothing back', async () => {
  const { people, treasurer, id } = await kept(2, { creditLimit: 10 });
  const [spender, other] = people as [Person, Person];
  const payments = Array.from({ length: 20 }, () => pay(spender, other, '0.50'));
  const lowered = act(treasurer, 'setMemberCreditLimit', {
    memberId: id(spender),
    creditLimit: '0',
    reason: 'Not trusted',
  });
  const refused = (await Promise.all(payments)).filter(({ code }) => code === 'INSUFFICIENT_FUNDS').length;
  expect(await lowered).toMatchObject({ creditLimit: { amount: '0.00' } });
  const spent = 50 * (20 - refused);
  const balance = async ({ memberId }: Person) =>
    (await kith.sql<{ balance: string }>('select balance from accounts where member_id = $1', [memberId]))[0]!.balance;
  expect(await balance(spender)).toBe(String(-spent));
  expect(await pay(spender, other, '0.01')).toEqual({ code: 'INSUFFICIENT_FUNDS' });
  if (spent) expect(await pay(other, spender, '0.50')).toEqual({});
});

test('a changed policy is that of new accounts, until it is applied to those that are there', async () => {
  const { community, people, treasurer, id, limits } = await kept(4, { creditLimit: 10 });
  const [one, debtor, trusted, above] = people as [Person, Person, Person, Person];
  const reason = 'The members’ meeting';
  await act(treasurer, 'setMemberCreditLimit', { memberId: id(trusted), creditLimit: '100', reason });
  await kith.sql('update accounts set credit_limit = 100 where member_id = $1', [above.memberId]);
  expect(await pay(debtor, one, '8.00')).toEqual({});
  await kith.sql(`update communities set policies = '{"creditLimit": 5}' where id = $1`, [community.id]);
  expect(await limits()).toEqual(['1000', '1000', '10000 of its own', '100']);

  const before = await ledgerOf(kith, community.id);
  const isDryRun = true;
  expect(await act(treasurer, 'applyCreditLimit', { reason, isDryRun })).toEqual({
    ...{ raised: 1, lowered: 2, inArrears: 1, isDryRun },
  });
  expect(await act(treasurer, 'applyCreditLimit', { reason, isDryRun, includeOwn: true })).toMatchObject({
    lowered: 3,
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);

  expect(await act(treasurer, 'applyCreditLimit', { reason })).toEqual({
    ...{ raised: 1, lowered: 2, inArrears: 1, isDryRun: false },
  });
  expect(await limits()).toEqual(['500', '500', '10000 of its own', '500']);
  expect(await pay(debtor, one, '0.01')).toEqual({ code: 'INSUFFICIENT_FUNDS' });
  expect(await pay(one, debtor, '8.00')).toEqual({});
  expect(await act(treasurer, 'applyCreditLimit', { reason, includeOwn: true })).toMatchObject({
    raised: 0,
    lowered: 1,
  });
  expect(await limits()).toEqual(['500', '500', '500', '500']);
  expect(await act(treasurer, 'applyCreditLimit', { reason })).toMatchObject({ raised: 0, lowered: 0 });
  await kith.jobs();
  const told = await kith.sql(
    "select member_id, count(*)::int from notifications where community_id = $1 and kind = 'account.limit' group by 1",
    [community.id],
  );
  const counts = new Map(told.map(({ member_id, count }) => [member_id, count]));
  expect(people.map(({ memberId }) => counts.get(memberId))).toEqual([1, 1, 2, 1]);
  const log =
    "select reason, detail from audit_log where community_id = $1 and action = 'ledger.applyCreditLimit' order by id";
  expect(await kith.sql(log, [community.id])).toEqual([
    { reason, detail: { includeOwn: false, raised: 1, lowered: 2, inArrears: 1 } },
    { reason, detail: { includeOwn: true, raised: 0, lowered: 1, inArrears: 0 } },
    { reason, detail: { includeOwn: false, raised: 0, lowered: 0, inArrears: 0 } },
  ]);
});

test('a limit is of one account that is open', async () => {
  const { community, people, treasurer } = await kept(1);
  const [member] = people as [Person];
  const before = await ledgerOf(kith, community.id);
  const accountId = globalId('Account', member.memberId);
  const limit = { creditLimit: '1', reason: 'Why not' };
  expect(await act(treasurer, 'setMemberCreditLimit', { ...limit, memberId: globalId('Member', newId()) })).toEqual({
    code: 'NOT_FOUND',
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  await kith.gql('mutation { leaveCommunity { __typename } }', {}, member);
  expect(await act(treasurer, 'setCreditLimit', { ...limit, accountId })).toEqual({ code: 'ACCOUNT_CLOSED' });
  expect(await act(treasurer, 'applyCreditLimit', { reason: 'All', includeOwn: true })).toMatchObject({ raised: 0 });
});
