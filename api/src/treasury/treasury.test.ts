import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../../../test/listing.ts';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { treasuryOf } from '../ledger/accounts.ts';
import { credit, debit, post, reverse } from '../ledger/entries.ts';
import { balancesOf, differences, ledgerOf, mint, moneyed } from '../ledger/testLedger.ts';
import { velocityOf } from './figures.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(async () => {
  expect(await differences(kith)).toEqual([]);
  await kith.stop();
});
const realNow = clock.now;
afterEach(() => void (clock.now = realNow));

async function village(amounts: bigint[], treasury = 10_000n) {
  const made = await moneyed(kith, amounts);
  const operator = await kith.member(made.community, { name: 'Olga', roles: ['MEMBER', 'TREASURER'] });
  const fund = await made.inside(treasuryOf);
  if (treasury) await made.inside((tx) => mint(tx, fund, treasury));
  const pay = (from: number, to: number, amount: bigint, id = newId()) =>
    made.inside((tx) =>
      post(tx, {
        id,
        kind: 'PAYMENT',
        postings: [debit(made.accounts[from]!, amount), credit(made.accounts[to]!, amount)],
      }),
    );
  return { ...made, operator, fund, pay, id: made.community.id };
}
const act = (name: string, type: string) =>
  `mutation ($i: ${type}!) { ${name}(input: $i) { __typename ... on JournalEntry { kind memo } ... on Error { code } } }`;
const GRANT = act('grantFromTreasury', 'GrantFromTreasuryInput');
const BUY = act('buyForTreasury', 'BuyForTreasuryInput');
const BURN = act('burnFromTreasury', 'BurnFromTreasuryInput');
const REPORT = `{ treasuryReport { balance { amount } income { amount } spending { amount } kinds { kind entries income { amount } spending { amount } } }
  treasuryLineList(take: 10) { total items { kind amount { amount } balanceAfter { amount } reason member { displayName } actor { displayName } } } }`;

test('a grant, a purchase and a burn take from the treasury with a reason that every member sees', async () => {
  const { people, operator, accounts, fund } = await village([0n]);
  const memberId = globalId('Member', people[0]!.memberId);
  const grant = { id: newId(), memberId, amount: '10.00', reason: 'Harvest help' };
  expect((await kith.gql(GRANT, { i: grant }, operator)).data.grantFromTreasury).toMatchObject({
    ...{ kind: 'GRANT', memo: 'Harvest help' },
  });
  await kith.gql(BUY, { i: { id: newId(), memberId, amount: '5.50', reason: 'Chairs for the hall' } }, operator);
  await kith.gql(BURN, { i: { id: newId(), amount: '4.50', reason: 'Too much in the world' } }, operator);
  expect(await balancesOf(kith, [...accounts, fund])).toEqual(['1550', '8000']);
  const { data } = await kith.gql(REPORT, {}, people[0]);
  expect(data.treasuryReport).toMatchObject({
    ...{ balance: { amount: '80.00' }, income: { amount: '100.00' }, spending: { amount: '20.00' } },
    kinds: expect.arrayContaining([
      { kind: 'GRANT', entries: 1, income: { amount: '0.00' }, spending: { amount: '10.00' } },
      { kind: 'TREASURY', entries: 1, income: { amount: '0.00' }, spending: { amount: '5.50' } },
      { kind: 'BURN', entries: 1, income: { amount: '0.00' }, spending: { amount: '4.50' } },
    ]),
  });
  expect(data.treasuryLineList.items.slice(0, 3)).toEqual([
    {
      ...{ kind: 'BURN', amount: { amount: '-4.50' }, balanceAfter: { amount: '80.00' } },
      ...{ reason: 'Too much in the world', member: null, actor: { displayName: 'Olga' } },
    },
    {
      ...{ kind: 'TREASURY', amount: { amount: '-5.50' }, balanceAfter: { amount: '84.50' } },
      ...{ reason: 'Chairs for the hall', member: { displayName: 'Somebody' }, actor: { displayName: 'Olga' } },
    },
    {
      ...{ kind: 'GRANT', amount: { amount: '-10.00' }, balanceAfter: { amount: '90.00' } },
      ...{ reason: 'Harvest help', member: { displayName: 'Somebody' }, actor: { displayName: 'Olga' } },
    },
  ]);
  await kith.jobs();
  const told = await kith.sql('select kind, title from notifications where member_id = $1 order by kind', [
    people[0]!.memberId,
  ]);
  expect(told).toEqual([
    { kind: 'treasury.granted', title: 'The treasury granted you 10.00 TEST' },
    { kind: 'treasury.paid', title: 'The treasury paid you 5.50 TEST' },
  ]);
});

test('what others wrote to a fee is not shown in the public report', async () => {
  const { people, accounts, fund, inside } = await village([1000n], 0n);
  await inside((tx) =>
    post(tx, {
      id: newId(),
      kind: 'FEE',
      memo: 'private',
      actorId: people[0]!.memberId,
      postings: [debit(accounts[0]!, 5n), credit(fund, 5n)],
    }),
  );
  expect((await kith.gql(REPORT, {}, people[0])).data.treasuryLineList.items).toMatchObject([
    { kind: 'FEE', amount: { amount: '0.05' }, reason: null, member: null, actor: null },
  ]);
});

test('one id spends once, however often and at once it is sent', async () => {
  const { operator, people, accounts } = await village([0n]);
  const i = { id: newId(), memberId: globalId('Member', people[0]!.memberId), amount: '10.00', reason: 'Prize' };
  const answers = await Promise.all([1, 2, 3].map(() => kith.gql(GRANT, { i }, operator)));
  expect(answers.map(({ data }) => data.grantFromTreasury.__typename)).toEqual(Array(3).fill('JournalEntry'));
  expect(await balancesOf(kith, accounts)).toEqual(['1000']);
  expect((await kith.gql(GRANT, { i: { ...i, amount: '11.00' } }, operator)).data.grantFromTreasury.code).toBe(
    'ENTRY_ID_REUSED',
  );
});

test('the treasury spends no more than it has, to active members only; a refusal moves nothing', async () => {
  const { operator, people, id } = await village([0n, 0n], 999n);
  await kith.sql("update members set state = 'SUSPENDED' where id = $1", [people[1]!.memberId]);
  const before = await ledgerOf(kith, id);
  const to = (n: number) => globalId('Member', people[n]!.memberId);
  const grant = async (i: object) =>
    (await kith.gql(GRANT, { i: { id: newId(), reason: 'x', ...i } }, operator)).data.grantFromTreasury;
  expect((await grant({ memberId: to(0), amount: '10.00' })).code).toBe('INSUFFICIENT_FUNDS');
  expect((await grant({ memberId: to(1), amount: '1.00' })).code).toBe('RECEIVER_UNAVAILABLE');
  const burn = await kith.gql(BURN, { i: { id: newId(), amount: '10.00', reason: 'x' } }, operator);
  expect(burn.data.burnFromTreasury.code).toBe('INSUFFICIENT_FUNDS');
  for (const amount of ['0.00', '-1.00', '0.001'])
    expect(
      (await kith.gql(BURN, { i: { id: newId(), amount, reason: 'x' } }, operator)).errors![0]!.extensions.code,
    ).toBe('BAD_USER_INPUT');
  expect(await ledgerOf(kith, id)).toEqual(before);
});

test('a reversed run of demurrage is shown to every member with its reason, and does not count as income of demurrage', async () => {
  const { operator, people, accounts, fund, inside } = await village([10_000n, 0n]);
  const id = newId();
  await inside((tx) =>
    post(tx, { id, kind: 'DEMURRAGE', memo: '2027-01-31', postings: [debit(accounts[0]!, 500n), credit(fund, 500n)] }),
  );
  const REVERSE = 'mutation ($i: ReverseEntryInput!) { reverseEntry(input: $i) { __typename ... on Error { code } } }';
  const i = { id: newId(), entryId: globalId('JournalEntry', id), reason: 'Charged by mistake' };
  await kith.gql(REVERSE, { i }, operator);
  // What undoes the business of members stays theirs.
  const fee = newId();
  await inside((tx) =>
    post(tx, { id: fee, kind: 'FEE', memo: 'Private', postings: [debit(accounts[0]!, 100n), credit(fund, 100n)] }),
  );
  await kith.gql(REVERSE, { i: { ...i, id: newId(), entryId: globalId('JournalEntry', fee) } }, operator);
  const { items } = (await kith.gql(REPORT, {}, people[1])).data.treasuryLineList;
  expect(items.slice(0, 3)).toMatchObject([
    { kind: 'REVERSAL', amount: { amount: '-1.00' }, reason: null, actor: null },
    { kind: 'FEE', reason: null },
    { kind: 'REVERSAL', amount: { amount: '-5.00' }, reason: 'Charged by mistake', actor: { displayName: 'Olga' } },
  ]);
  expect((await kith.gql(MONEY, {}, operator)).data.moneyReport.demurrage).toEqual({ amount: '0.00' });
});

test('a member gives what is left to the treasury, once, and can leave; every member sees it', async () => {
  const { people, accounts, fund, id } = await village([1250n, 0n], 0n);
  const GIVE = act('giveToTreasury', 'GiveToTreasuryInput');
  const i = { id: newId(), amount: '12.50' };
  const give = async (amount: string, key = newId()) =>
    (await kith.gql(GIVE, { i: { id: key, amount } }, people[0])).data.giveToTreasury;
  const before = await ledgerOf(kith, id);
  expect((await give('12.51')).code).toBe('INSUFFICIENT_FUNDS');
  expect(await ledgerOf(kith, id)).toEqual(before);
  const given = await Promise.all([1, 2, 3].map(() => give(i.amount, i.id)));
  expect(given.map(({ kind }) => kind)).toEqual(['TREASURY', 'TREASURY', 'TREASURY']);
  expect((await give('1.00', i.id)).code).toBe('ENTRY_ID_REUSED');
  expect(await balancesOf(kith, [...accounts, fund])).toEqual(['0', '0', '1250']);
  const { items } = (await kith.gql(REPORT, {}, people[1])).data.treasuryLineList;
  expect(items).toMatchObject([
    { kind: 'TREASURY', amount: { amount: '12.50' }, reason: null, member: { displayName: 'Somebody' } },
  ]);
  const LEAVE = 'mutation { leaveCommunity { __typename ... on CannotLeaveYet { obstacles { code } } } }';
  expect((await kith.gql(LEAVE, {}, people[0])).data.leaveCommunity).toEqual({ __typename: 'Member' });
});

test('what members lend each other cannot be burned: the supply does not fall below zero', async () => {
  const { operator, accounts, fund, inside, id } = await village([0n], 100n);
  await kith.sql('update accounts set credit_limit = 1000 where id = $1', [accounts[0]!.id]);
  await inside((tx) =>
    post(tx, { id: newId(), kind: 'FEE', postings: [debit(accounts[0]!, 500n), credit(fund, 500n)] }),
  );
  const before = await ledgerOf(kith, id);
  const burn = async (amount: string) =>
    (await kith.gql(BURN, { i: { id: newId(), amount, reason: 'x' } }, operator)).data.burnFromTreasury;
  expect((await burn('1.01')).code).toBe('BURN_EXCEEDS_SUPPLY');
  expect(await ledgerOf(kith, id)).toEqual(before);
  expect((await burn('1.00')).kind).toBe('BURN');
});

const MONEY = `query ($from: DateTime, $to: DateTime) { moneyReport(from: $from, to: $to) { supplyBefore { amount } supply { amount } minted { amount }
  burned { amount } volume { amount } velocity gini topTenthShare held { amount } demurrage { amount } treasury { amount } payments members traders inactive } }`;

test('the money report reckons by its formulas', async () => {
  clock.now = () => new Date('2027-01-01T00:00:00Z');
  const { operator, pay, inside, fund, accounts } = await village([10_000n, 20_000n, 30_000n], 0n);
  await kith.sql("update sessions set expires_at = '2100-01-01'");
  clock.now = () => new Date('2027-01-11T00:00:00Z');
  await pay(2, 0, 10_000n);
  const undone = newId();
  await pay(1, 0, 5_000n, undone);
  const refunded = newId();
  await pay(2, 1, 1_000n, refunded);
  await inside((tx) => reverse(tx, { id: newId(), entryId: undone, reason: 'Wrong' }));
  await inside((tx) =>
    post(tx, {
      id: newId(),
      kind: 'REFUND',
      parentId: refunded,
      postings: [debit(accounts[1]!, 400n), credit(accounts[2]!, 400n)],
    }),
  );
  await inside((tx) =>
    post(tx, { id: newId(), kind: 'DEMURRAGE', postings: [debit(accounts[1]!, 600n), credit(fund, 600n)] }),
  );
  await kith.gql(BURN, { i: { id: newId(), amount: '1.00', reason: 'x' } }, operator);
  clock.now = () => new Date('2027-01-21T00:00:00Z');
  await inside((tx) => mint(tx, accounts[0]!, 50_000n));
  const span = { from: '2027-01-10T00:00:00Z', to: '2027-01-20T00:00:00Z' };
  const { data } = await kith.gql(MONEY, span, operator);
  // Balances then: 200.00, 200.00, 194.00 and the operator's nothing.
  expect(data.moneyReport).toEqual({
    ...{
      supplyBefore: { amount: '600.00' },
      supply: { amount: '599.00' },
      minted: { amount: '0.00' },
      burned: { amount: '1.00' },
    },
    ...{ volume: { amount: '106.00' }, velocity: '6.4581', payments: 2 },
    ...{ gini: '0.2551', topTenthShare: '0.3367', held: { amount: '594.00' } },
    ...{ demurrage: { amount: '6.00' }, treasury: { amount: '5.00' }, members: 4, traders: 3, inactive: 1 },
  });
  const whole = await kith.gql(MONEY, { from: '2026-12-31T00:00:00Z', to: '2027-02-01T00:00:00Z' }, operator);
  expect(whole.data.moneyReport).toMatchObject({
    ...{ supplyBefore: { amount: '0.00' }, supply: { amount: '1099.00' }, minted: { amount: '1100.00' } },
  });
  const INACTIVE = '{ inactiveMemberList(days: 5) { total items { member { displayName } lastAt } } }';
  expect((await kith.gql(INACTIVE, {}, operator)).data.inactiveMemberList).toMatchObject({
    ...{ total: 4, items: [{ member: { displayName: 'Olga' }, lastAt: null }, {}, {}, {}] },
  });
  expect(
    (await kith.gql('{ inactiveMemberList(days: 30) { total } }', {}, operator)).data.inactiveMemberList.total,
  ).toBe(1);
  expect((await kith.gql(MONEY, { from: span.to, to: span.from }, operator)).errors![0]!.extensions.code).toBe(
    'BAD_USER_INPUT',
  );
});

test('without money there is neither velocity nor concentration', async () => {
  const { operator } = await village([0n], 0n);
  expect((await kith.gql(MONEY, {}, operator)).data.moneyReport).toMatchObject({
    ...{ supply: { amount: '0.00' }, velocity: null, gini: null, topTenthShare: null },
  });
});

test('a supply that changes hands once in a year has velocity 1', () => {
  const from = new Date('2027-01-01T00:00:00Z');
  const to = new Date(from.getTime() + 365.25 * 864e5);
  expect(velocityOf({ volume: 500n, supplyBefore: 400n, supply: 600n }, { from, to })).toBe('1.0000');
});
