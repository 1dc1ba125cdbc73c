import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { reserve } from '../ledger/reservations.ts';
import { ledgerOf, moneyed } from '../ledger/testLedger.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());
const realNow = clock.now;
afterEach(() => void (clock.now = realNow));
const at = (time: string) => void (clock.now = () => new Date(time));

async function village(amounts: bigint[], policies: object) {
  at('2027-01-01T00:00:00Z');
  const made = await moneyed(kith, amounts);
  await kith.sql(
    "update communities set policies = $2, created_at = '2027-01-01', time_zone = 'Europe/Berlin' where id = $1",
    [made.community.id, policies],
  );
  await kith.sql("update members set admitted_at = '2027-01-01' where community_id = $1", [made.community.id]);
  await kith.sql("update sessions set expires_at = '2100-01-01'");
  const operator = await kith.member(made.community, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.sql("update sessions set expires_at = '2100-01-01'");
  return { ...made, operator };
}
const RULES = { demurrage: true, demurrageGraceDays: 0, demurrageAllowance: 100 };
const MINE = '{ myDemurrage { endsAt ratePpm allowance { amount } balance { amount } charge { amount } paysFrom } }';
const RUNS = `{ demurrageRunList(take: 2) { total items { id endsOn endsAt period ratePpm state accounts chargedAccounts charged { amount } arrearsAccounts
  arrears { amount } entry { kind memo } chargeList(take: 5) { total items { member { id } paid { amount } balanceAfter { amount } } }
  arrearsList(take: 5) { total items { charge { amount } paid { amount } } } } } }`;
const PREVIEW = `query ($p: PoliciesInput, $take: Int!) { demurragePreview(policies: $p, take: $take) { endsAt ratePpm total spared charge { amount }
  arrears { amount } items { member { displayName } balance { amount } charge { amount } arrears { amount } } } }`;

test('a member sees when they pay next and how much of today’s balance', async () => {
  const { people } = await village([50_050n, 9_999n], RULES);
  at('2027-01-31T22:58:00Z');
  const { data } = await kith.gql(MINE, {}, people[0]);
  expect(data.myDemurrage).toEqual({
    endsAt: '2027-01-31T22:59:00.000Z',
    ...{ ratePpm: 10_000, allowance: { amount: '100.00' }, balance: { amount: '500.50' }, charge: { amount: '4.00' } },
    paysFrom: '2027-01-01T00:00:00.000Z',
  });
  at('2027-01-31T22:59:01Z');
  const later = await kith.gql(MINE, {}, people[1]);
  expect(later.data.myDemurrage).toMatchObject({ endsAt: '2027-02-28T22:59:00.000Z', charge: { amount: '0.00' } });
});

test('in the days of grace the forecast is nothing, and without demurrage there is none', async () => {
  const { people } = await village([50_000n], { ...RULES, demurrageGraceDays: 60 });
  expect((await kith.gql(MINE, {}, people[0])).data.myDemurrage).toMatchObject({
    ...{ charge: { amount: '0.00' }, paysFrom: '2027-03-02T00:00:00.000Z' },
  });
  const off = await village([50_000n], {});
  expect((await kith.gql(MINE, {}, off.people[0])).data.myDemurrage).toBeNull();
});

test('the worker charges what is due, tells members, and the report says who paid and who could not', async () => {
  const { people, accounts, inside, operator, community } = await village([50_000n, 20_000n, 5_000n], RULES);
  await inside((tx) => reserve(tx, { id: newId(), accountId: accounts[1]!.id, amount: 19_950n }));
  at('2027-02-01T00:00:00Z');
  await kith.gql('mutation { startDemurrage }', {}, operator);
  await kith.jobs();
  const { data } = await kith.gql(RUNS, {}, operator);
  expect(data.demurrageRunList).toEqual({
    total: 1,
    items: [
      {
        ...{ id: expect.any(String), endsOn: '2027-01-31', endsAt: '2027-01-31T22:59:00.000Z', period: 'MONTH' },
        ...{ ratePpm: 10_000, state: 'DONE', accounts: 3, chargedAccounts: 2, charged: { amount: '4.50' } },
        ...{ arrearsAccounts: 1, arrears: { amount: '0.50' }, entry: { kind: 'DEMURRAGE', memo: '2027-01-31' } },
        chargeList: {
          total: 2,
          items: [
            { member: { id: expect.any(String) }, paid: { amount: '4.00' }, balanceAfter: { amount: '496.00' } },
            { member: { id: expect.any(String) }, paid: { amount: '0.50' }, balanceAfter: { amount: '199.50' } },
          ],
        },
        arrearsList: { total: 1, items: [{ charge: { amount: '1.00' }, paid: { amount: '0.50' } }] },
      },
    ],
  });
  const told = await kith.sql(
    "select member_id from events where community_id = $1 and topic = 'account.changed' and payload->>'entryId' in (select id::text from demurrage_runs) order by 1",
    [community.id],
  );
  expect(told).toEqual([people[0]!.memberId, people[1]!.memberId].sort().map((member_id) => ({ member_id })));
});

test('what others were charged, and what came back to them, is not shown to a member', async () => {
  const { people, operator } = await village([50_000n, 20_000n], RULES);
  at('2027-02-01T00:00:00Z');
  await kith.gql('mutation { startDemurrage }', {}, operator);
  await kith.jobs();
  const runs = await kith.gql('{ demurrageRunList(take: 1) { items { entry { id } } } }', {}, operator);
  const entryId = runs.data.demurrageRunList.items[0].entry.id;
  const i = { id: newId(), entryId, reason: 'Announced too late' };
  await kith.gql('mutation ($i: ReverseEntryInput!) { reverseEntry(input: $i) { __typename } }', { i }, operator);
  const STATEMENT = `{ myAccount { statement(first: 2) { edges { node { kind amount { amount } counterparty { id }
    entry { postings { accountKind amount { amount } } } } } } } }`;
  const { data } = await kith.gql(STATEMENT, {}, people[0]);
  expect(data.myAccount.statement.edges.map(({ node }: { node: unknown }) => node)).toEqual([
    {
      ...{ kind: 'REVERSAL', amount: { amount: '4.00' }, counterparty: null },
      entry: {
        postings: expect.toSatisfy(
          (lines: { accountKind: string }[]) =>
            lines
              .map((line) => line.accountKind)
              .sort()
              .join() === 'MEMBER,TREASURY',
        ),
      },
    },
    {
      ...{ kind: 'DEMURRAGE', amount: { amount: '-4.00' }, counterparty: null },
      entry: {
        postings: [
          { accountKind: 'MEMBER', amount: { amount: '-4.00' } },
          { accountKind: 'TREASURY', amount: { amount: '5.00' } },
        ],
      },
    },
  ]);
  const whole = '{ journalEntryList(take: 1, filter: { kinds: [DEMURRAGE] }) { items { postings { accountKind } } } }';
  expect((await kith.gql(whole, {}, operator)).data.journalEntryList.items[0].postings).toHaveLength(3);
});

test('a preview says who would pay what under other rules, and changes nothing', async () => {
  const { operator, accounts, inside, community } = await village([50_000n, 20_000n, 5_000n], { demurrage: false });
  await inside((tx) => reserve(tx, { id: newId(), accountId: accounts[1]!.id, amount: 20_000n }));
  const before = await ledgerOf(kith, community.id);
  const p = { demurrageRatePpm: 50_000, demurragePeriod: 'WEEK', demurrageAllowance: 60, demurrageGraceDays: 0 };
  const { data } = await kith.gql(PREVIEW, { p, take: 1 }, operator);
  expect(data.demurragePreview).toEqual({
    ...{ endsAt: '2027-01-03T22:59:00.000Z', ratePpm: 50_000, total: 2, spared: 1 },
    ...{ charge: { amount: '29.00' }, arrears: { amount: '7.00' } },
    items: [
      {
        ...{ member: { displayName: 'Somebody' }, balance: { amount: '500.00' } },
        ...{ charge: { amount: '22.00' }, arrears: { amount: '0.00' } },
      },
    ],
  });
  const none = await kith.gql(PREVIEW, { p: { demurrageRatePpm: 0 }, take: 10 }, operator);
  expect(none.data.demurragePreview).toMatchObject({ total: 0, items: [], charge: { amount: '0.00' } });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
});

test('a preview reckons with what is announced for the end of the period, as the member’s forecast and the run do', async () => {
  const { operator, people } = await village([50_000n], { ...RULES, demurrageAllowance: 0 });
  const SCHEDULE = 'mutation ($i: SchedulePoliciesInput!) { schedulePolicies(input: $i) { id } }';
  const i = { policies: { demurrageRatePpm: 30_000 }, effectiveAt: '2027-01-20T00:00:00Z', reason: 'Voted' };
  await kith.gql(SCHEDULE, { i }, operator);
  const previewed = async (p?: object) =>
    (await kith.gql(PREVIEW, { p, take: 1 }, operator)).data.demurragePreview as object;
  const announced = { endsAt: '2027-01-31T22:59:00.000Z', ratePpm: 30_000, charge: { amount: '15.00' } };
  expect((await kith.gql(MINE, {}, people[0])).data.myDemurrage).toMatchObject(announced);
  expect(await previewed()).toMatchObject(announced);
  // What is thought of goes over what is announced; what is not named stays as it will be.
  expect(await previewed({ demurrageAllowance: 100 })).toMatchObject({ ratePpm: 30_000, charge: { amount: '12.00' } });
  expect(await previewed({ demurrageRatePpm: 1_000 })).toMatchObject({ ratePpm: 1_000, charge: { amount: '0.50' } });
  // Announced for later than the end, it does not count yet.
  const off = { policies: { demurrage: false }, effectiveAt: '2027-02-20T00:00:00Z', reason: 'Voted' };
  await kith.gql(SCHEDULE, { i: off }, operator);
  expect(await previewed()).toMatchObject(announced);
});

test('an ordinary member sees neither runs nor previews', async () => {
  const { people } = await village([100n], RULES);
  for (const query of [
    '{ demurrageRunList { total } }',
    '{ demurragePreview { total } }',
    'mutation { startDemurrage }',
  ])
    expect((await kith.gql(query, {}, people[0])).errors![0]!.extensions.code).toBe('FORBIDDEN');
});
