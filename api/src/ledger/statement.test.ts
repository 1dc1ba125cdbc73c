import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { credit, debit, post } from './entries.ts';
import { balancesOf, ledgerOf, moneyed } from './testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(() => kith.stop());

/** Two members, 25 payments of 1, 2, 3 … from the first to the second. */
async function history() {
  const world = await moneyed(kith, [100_000n, 0n, 0n]);
  const [from, to] = world.accounts;
  const ids: string[] = [];
  for (let n = 1; n <= 25; n++) {
    ids.push(newId());
    await world.inside((tx) =>
      post(tx, {
        id: ids.at(-1)!,
        kind: 'PAYMENT',
        memo: `=no ${n}`,
        postings: [debit(from!, BigInt(n)), credit(to!, BigInt(n))],
      }),
    );
  }
  const [payer, payee, other] = world.people as [Person, Person, Person];
  const treasurer = await kith.member(world.community, { roles: ['MEMBER', 'TREASURER'] });
  return { ...world, ids, payer, payee, other, treasurer };
}

const STATEMENT = `query ($first: Int, $after: String, $filter: StatementFilter) { myAccount { balance { amount } available { amount }
  statement(first: $first, after: $after, filter: $filter) { pageInfo { hasNextPage endCursor }
    edges { node { amount { amount } balanceAfter { amount } memo kind counterparty { id } entry { id } } } } } }`;

test('a statement shows each line once with what the account held then, page by page', async () => {
  const { payee, payer, ids } = await history();
  const lines: { amount: { amount: string }; balanceAfter: { amount: string }; entry: { id: string } }[] = [];
  let after: string | null = null;
  do {
    const { data } = await kith.gql(STATEMENT, { first: 10, after }, payee);
    const { edges, pageInfo } = data.myAccount.statement as {
      edges: { node: (typeof lines)[number] }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    lines.push(...edges.map(({ node }) => node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(lines.map(({ entry }) => entry.id)).toEqual([...ids].reverse().map((id) => globalId('JournalEntry', id)));
  expect(lines[0]).toMatchObject({ amount: { amount: '0.25' }, balanceAfter: { amount: '3.25' } });
  expect(lines.at(-1)).toMatchObject({ amount: { amount: '0.01' }, balanceAfter: { amount: '0.01' } });
  const { data } = await kith.gql(STATEMENT, { first: 100, filter: { text: 'no 7', kinds: ['PAYMENT'] } }, payer);
  expect(data.myAccount.statement.edges.map(({ node }: { node: { memo: string } }) => node.memo)).toEqual(['=no 7']);
  const none = await kith.gql(STATEMENT, { filter: { counterpartyId: globalId('Member', payer.memberId) } }, payer);
  expect(none.data.myAccount.statement.edges).toEqual([]);
  const minted = await kith.gql(STATEMENT, { filter: { kinds: ['MINT'] } }, payer);
  expect(minted.data.myAccount.statement.edges).toMatchObject([
    { node: { counterparty: null, amount: { amount: '1000.00' } } },
  ]);
  expect((await kith.gql(STATEMENT, { after: 'nonsense' }, payer)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

test('the statement as a file is the same, for whoever may look at the account', async () => {
  const { payee, payer, other, treasurer, accounts } = await history();
  const get = async (as: Person | undefined, query = '') => {
    const response = await fetch(`${kith.url}/exports/statement.csv${query}`, {
      headers: as ? { authorization: `Bearer ${as.token}`, 'x-kith-community': as.community } : {},
    });
    return { status: response.status, lines: (await response.text()).split('\r\n') };
  };
  const { status, lines } = await get(payee);
  expect([status, lines.length, lines[0]]).toEqual([
    ...[200, 27, 'posted_at,kind,counterparty,memo,amount,balance_after,currency,entry_id,broker'],
  ]);
  expect(lines[1]).toMatch(/^20[^,]+Z,PAYMENT,Somebody,'=no 25,0.25,3.25,TEST,[0-9a-f-]{36},$/);
  expect((await get(payer, '?to=2020-01-01')).lines).toHaveLength(2);
  const account = `?account=${accounts[1]!.id}`;
  expect((await get(treasurer, account)).lines).toEqual(lines);
  const asWritten = `?account=${encodeURIComponent(globalId('Account', accounts[1]!.id))}`;
  expect((await get(treasurer, asWritten)).lines).toEqual(lines);
  expect((await get(other, asWritten)).status).toBe(404);
  expect((await get(other, account)).status).toBe(404);
  expect((await get(other, '?account=nonsense')).status).toBe(404);
  expect((await get(other, '?from=yesterday')).status).toBe(400);
  expect((await get(undefined)).status).toBe(401);
});

test('a member sees their own account and entries, and nothing of what others hold', async () => {
  const { payee, other, accounts, ids, treasurer } = await history();
  const node = async (as: Person, type: string, id: string) =>
    (await kith.gql('query ($id: ID!) { node(id: $id) { __typename } }', { id: globalId(type, id) }, as)).data?.node;
  expect(await node(payee, 'Account', accounts[1]!.id)).toEqual({ __typename: 'Account' });
  expect(await node(payee, 'Account', accounts[0]!.id)).toBe(null);
  expect(await node(treasurer, 'Account', accounts[0]!.id)).toEqual({ __typename: 'Account' });
  expect(await node(payee, 'JournalEntry', ids[0]!)).toEqual({ __typename: 'JournalEntry' });
  expect(await node(other, 'JournalEntry', ids[0]!)).toBe(null);
  for (const query of ['{ accountList { total } }', '{ journalEntryList { total } }', '{ trialBalance { accounts } }'])
    expect((await kith.gql(query, {}, other)).errors![0]!.extensions.code).toBe('FORBIDDEN');
});

test('those who keep the ledger find accounts and entries, and that it sums to zero', async () => {
  const { treasurer, people, accounts, ids } = await history();
  const { data } = await kith.gql(
    `query ($m: ID!, $a: ID!) {
      trialBalance { kind accounts balance { amount } negative { amount } }
      accountList(sort: BALANCE_DESC, filter: { memberId: $m }) { total items { member { id } balance { amount } } }
      journalEntryList(take: 1, filter: { accountId: $a, kinds: [PAYMENT] }) { total items { id postings { amount { amount } balanceAfter { amount } } } }
      arrears: accountList(filter: { inArrears: true }) { total } }`,
    { m: globalId('Member', people[1]!.memberId), a: globalId('Account', accounts[1]!.id) },
    treasurer,
  );
  expect(data).toEqual({
    trialBalance: [
      { kind: 'MEMBER', accounts: 3, balance: { amount: '1000.00' }, negative: { amount: '0.00' } },
      { kind: 'ISSUANCE', accounts: 1, balance: { amount: '-1000.00' }, negative: { amount: '-1000.00' } },
    ],
    accountList: {
      total: 1,
      items: [{ member: { id: globalId('Member', people[1]!.memberId) }, balance: { amount: '3.25' } }],
    },
    journalEntryList: {
      total: 25,
      items: [
        {
          id: globalId('JournalEntry', ids[24]!),
          postings: [
            { amount: { amount: '-0.25' }, balanceAfter: { amount: '996.75' } },
            { amount: { amount: '0.25' }, balanceAfter: { amount: '3.25' } },
          ],
        },
      ],
    },
    arrears: { total: 0 },
  });
});

test('a treasurer reverses an entry once with a reason, and sets limits on the record', async () => {
  const { treasurer, accounts, ids, community } = await history();
  const REVERSE = `mutation ($i: ReverseEntryInput!) { reverseEntry(input: $i) { __typename
    ... on JournalEntry { kind memo reverses { id reversedBy { id } } } ... on Error { code } } }`;
  const i = { id: newId(), entryId: globalId('JournalEntry', ids[0]!), reason: 'Entered twice' };
  const reversed = {
    data: {
      reverseEntry: {
        kind: 'REVERSAL',
        memo: 'Entered twice',
        reverses: [{ id: i.entryId, reversedBy: { id: globalId('JournalEntry', i.id) } }],
      },
    },
  };
  expect(await kith.gql(REVERSE, { i }, treasurer)).toMatchObject(reversed);
  expect(await kith.gql(REVERSE, { i }, treasurer)).toMatchObject(reversed);
  const before = await ledgerOf(kith, community.id);
  expect(await kith.gql(REVERSE, { i: { ...i, id: newId() } }, treasurer)).toMatchObject({
    data: { reverseEntry: { code: 'ALREADY_REVERSED' } },
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
  const LIMIT = `mutation ($i: SetCreditLimitInput!) { setCreditLimit(input: $i) { ... on Account { creditLimit { amount } ceiling { amount } available { amount } } ... on Error { code } } }`;
  const limit = {
    accountId: globalId('Account', accounts[2]!.id),
    creditLimit: '25',
    ceiling: '100',
    reason: 'Trusted',
  };
  expect((await kith.gql(LIMIT, { i: limit }, treasurer)).data.setCreditLimit).toEqual({
    ...{ creditLimit: { amount: '25.00' }, ceiling: { amount: '100.00' }, available: { amount: '25.00' } },
  });
  expect(await balancesOf(kith, accounts)).toEqual(['99676', '324', '0']);
  expect(
    await kith.sql('select action, reason from audit_log where community_id = $1 order by created_at', [community.id]),
  ).toEqual([
    { action: 'ledger.reverse', reason: 'Entered twice' },
    { action: 'ledger.setLimits', reason: 'Trusted' },
  ]);
  await kith.jobs();
  expect(
    await kith.sql(
      "select title, body from notifications where community_id = $1 and kind = 'entry.reversed' order by title",
      [community.id],
    ),
  ).toEqual([
    { title: 'An operator undid an entry on your account: -0.01 TEST', body: 'Entered twice' },
    { title: 'An operator undid an entry on your account: 0.01 TEST', body: 'Entered twice' },
  ]);
});

test('nobody leaves with coins or with credit', async () => {
  const { accounts, people, inside } = await moneyed(kith, [100n, 0n]);
  const [payer, payee] = people as [Person, Person];
  const obstacles = async (as: Person) =>
    (await kith.gql('{ obstaclesToLeaving { code message } }', {}, as)).data.obstaclesToLeaving as object[];
  expect(await obstacles(payer)).toEqual([
    {
      code: 'BALANCE_LEFT',
      message:
        'Spend 1.00 TEST, or give it to a member or to the treasury; what is reserved of it has to be free first.',
    },
  ]);
  expect(await obstacles(payee)).toEqual([]);
  await inside((tx) =>
    post(tx, { id: newId(), kind: 'PAYMENT', postings: [debit(accounts[0]!, 100n), credit(accounts[1]!, 100n)] }),
  );
  expect(await obstacles(payer)).toEqual([]);
});
