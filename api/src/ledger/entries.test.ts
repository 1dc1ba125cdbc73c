import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { accountOf, balanceAt, clearingOf, issuanceOf, treasuryOf, type AccountRef } from './accounts.ts';
import { credit, debit, post, postMany } from './entries.ts';
import { setLimits } from './limits.ts';
import { CeilingExceeded, EntryIdReused, InsufficientFunds } from './refusals.ts';
import { balancesOf, differences, ledgerOf, mint, moneyed } from './testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

test('an entry moves money from account to account, and its postings sum to zero', async () => {
  const { accounts, inside } = await moneyed(kith, [1000n, 0n]);
  const [from, to] = accounts;
  const id = newId();
  const posted = await inside((tx) =>
    post(tx, { id, kind: 'PAYMENT', memo: 'Bread', postings: [debit(from!, 250n), credit(to!, 250n)] }),
  );
  expect(posted).toMatchObject({ id, repeated: false });
  expect(await balancesOf(kith, accounts)).toEqual(['750', '250']);
  expect(await kith.sql('select amount, balance_after from postings where entry_id = $1 order by seq', [id])).toEqual([
    { amount: '-250', balance_after: '750' },
    { amount: '250', balance_after: '250' },
  ]);
});

test('one id posts once, however often it is sent at once', async () => {
  const { accounts, inside } = await moneyed(kith, [1000n, 0n]);
  const entry = {
    id: newId(),
    kind: 'PAYMENT' as const,
    postings: [debit(accounts[0]!, 100n), credit(accounts[1]!, 100n)],
  };
  const results = await Promise.all(Array.from({ length: 8 }, () => inside((tx) => post(tx, entry))));
  expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(new Set(results.map(({ postedAt }) => postedAt.getTime())).size).toBe(1);
  expect(await balancesOf(kith, accounts)).toEqual(['900', '100']);
});

test('an id with other content is refused, also by accounts nobody holds together, and nothing moves', async () => {
  const { accounts, inside, community } = await moneyed(kith, [1000n, 0n, 1000n, 0n]);
  const id = newId();
  const pay = (from: number, to: number, amount: bigint, memo?: string) =>
    inside((tx) =>
      post(tx, {
        id,
        kind: 'PAYMENT',
        memo,
        postings: [debit(accounts[from]!, amount), credit(accounts[to]!, amount)],
      }),
    );
  await pay(0, 1, 100n);
  const before = await ledgerOf(kith, community.id);
  for (const other of [() => pay(0, 1, 101n), () => pay(0, 1, 100n, 'other words'), () => pay(2, 3, 100n)])
    await expect(other()).rejects.toThrow(EntryIdReused);
  expect(await ledgerOf(kith, community.id)).toEqual(before);

  const shared = newId();
  const together = await Promise.allSettled(
    [0, 2].map((at) =>
      inside((tx) =>
        post(tx, { id: shared, kind: 'PAYMENT', postings: [debit(accounts[at]!, 1n), credit(accounts[at + 1]!, 1n)] }),
      ),
    ),
  );
  expect(together.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('of a hundred who spend the last coins at once, one succeeds', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 0n]);
  const spend = () =>
    inside((tx) =>
      post(tx, { id: newId(), kind: 'PAYMENT', postings: [debit(accounts[0]!, 100n), credit(accounts[1]!, 100n)] }),
    );
  const results = await Promise.allSettled(Array.from({ length: 100 }, spend));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(InsufficientFunds);
  expect(await balancesOf(kith, accounts)).toEqual(['0', '100']);
});

test('two who pay each other at the same time do not wait for each other for ever', async () => {
  const { accounts, inside } = await moneyed(kith, [1000n, 1000n, 1000n]);
  const ring = Array.from({ length: 60 }, (_, turn) =>
    inside((tx) =>
      post(tx, {
        id: newId(),
        kind: 'PAYMENT',
        postings: [debit(accounts[turn % 3]!, 1n), credit(accounts[(turn + 1 + (turn % 2)) % 3]!, 1n)],
      }),
    ),
  );
  await Promise.all(ring);
  expect((await balancesOf(kith, accounts)).reduce((sum, balance) => sum + Number(balance), 0)).toBe(3000);
});

test('a refusal says what is available to whom, and nothing moved', async () => {
  const { accounts, people, inside, community } = await moneyed(kith, [100n, 0n]);
  const before = await ledgerOf(kith, community.id);
  const refused = inside((tx) =>
    post(tx, { id: newId(), kind: 'PAYMENT', postings: [debit(accounts[0]!, 101n), credit(accounts[1]!, 101n)] }),
  );
  await expect(refused).rejects.toMatchObject({
    code: 'INSUFFICIENT_FUNDS',
    memberId: people[0]!.memberId,
    available: { minor: 100n, currencyCode: 'TEST', scale: 2 },
    needed: { minor: 101n },
  });
  expect(await ledgerOf(kith, community.id)).toEqual(before);
});

test('the limit judges the whole entry, not the order of its lines', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 50n]);
  const [a, b] = accounts;
  await inside((tx) =>
    post(tx, {
      id: newId(),
      kind: 'TRADE',
      postings: [debit(a!, 140n), credit(b!, 140n), debit(b!, 60n), credit(a!, 60n)],
    }),
  );
  expect(await balancesOf(kith, accounts)).toEqual(['20', '130']);
});

test('a credit limit lets a balance fall below zero; lowered below what is used, it forbids what is new and takes nothing back', async () => {
  const { accounts, inside } = await moneyed(kith, [0n, 0n]);
  const [a, b] = accounts;
  const limit = (creditLimit: bigint) => inside((tx) => setLimits(tx, { accountId: a!.id, creditLimit }));
  const pay = (from: AccountRef, to: AccountRef, amount: bigint) =>
    inside((tx) => post(tx, { id: newId(), kind: 'PAYMENT', postings: [debit(from, amount), credit(to, amount)] }));
  await expect(pay(a!, b!, 1n)).rejects.toThrow(InsufficientFunds);
  await limit(500n);
  await pay(a!, b!, 300n);
  await expect(pay(a!, b!, 201n)).rejects.toMatchObject({ available: { minor: 200n } });
  await limit(100n);
  expect(await balancesOf(kith, accounts)).toEqual(['-300', '300']);
  await expect(pay(a!, b!, 1n)).rejects.toMatchObject({ available: { minor: -200n } });
  await pay(b!, a!, 150n);
  await expect(pay(a!, b!, 1n)).rejects.toMatchObject({ available: { minor: -50n } });
  await pay(b!, a!, 60n);
  await pay(a!, b!, 10n);
  await expect(pay(a!, b!, 1n)).rejects.toMatchObject({ available: { minor: 0n } });
  expect(await balancesOf(kith, accounts)).toEqual(['-100', '100']);
});

test('a new account begins with the credit limit of the policy', async () => {
  const { community, people, inside } = await moneyed(kith, [0n]);
  await kith.sql(`update communities set policies = '{"creditLimit": 50}' where id = $1`, [community.id]);
  const newcomer = await kith.member(community);
  await inside((tx) => accountOf(tx, newcomer.memberId));
  expect(
    await kith.sql('select member_id, credit_limit from accounts where community_id = $1 order by credit_limit', [
      community.id,
    ]),
  ).toEqual([
    { member_id: people[0]!.memberId, credit_limit: '0' },
    { member_id: newcomer.memberId, credit_limit: '5000' },
  ]);
});

test('a ceiling keeps a balance from rising above it', async () => {
  const { accounts, inside } = await moneyed(kith, [1000n, 0n]);
  const [a, b] = accounts;
  await inside((tx) => setLimits(tx, { accountId: b!.id, creditLimit: 0n, ceiling: 300n }));
  const pay = (amount: bigint) =>
    inside((tx) => post(tx, { id: newId(), kind: 'PAYMENT', postings: [debit(a!, amount), credit(b!, amount)] }));
  await pay(300n);
  await expect(pay(1n)).rejects.toThrow(CeilingExceeded);
  expect(await balancesOf(kith, accounts)).toEqual(['700', '300']);
});

test('no more is burned than was minted', async () => {
  const { accounts, inside } = await moneyed(kith, [100n, 0n]);
  await inside((tx) => setLimits(tx, { accountId: accounts[1]!.id, creditLimit: 100n, ceiling: null }));
  const burn = inside(async (tx) =>
    post(tx, {
      id: newId(),
      kind: 'BURN',
      postings: [debit(accounts[0]!, 100n), debit(accounts[1]!, 1n), credit(await issuanceOf(tx), 101n)],
    }),
  );
  await expect(burn).rejects.toThrow(CeilingExceeded);
});

test('several currencies in one entry each sum to zero', async () => {
  const { accounts, people, inside } = await moneyed(kith, [1000n, 0n]);
  const euro = { code: 'EUR', scale: 2 };
  await inside(async (tx) => {
    const [a, b] = [await accountOf(tx, people[0]!.memberId, euro), await accountOf(tx, people[1]!.memberId, euro)];
    await post(tx, {
      id: newId(),
      kind: 'CASH_IN',
      postings: [debit(await clearingOf(tx, euro), 500n), credit(b, 500n)],
    });
    await post(tx, {
      id: newId(),
      kind: 'EXCHANGE',
      postings: [
        debit(accounts[0]!, 700n),
        credit(accounts[1]!, 690n),
        credit(await treasuryOf(tx), 10n),
        debit(b, 450n),
        credit(a, 450n),
      ],
    });
    await expect(
      post(tx, { id: newId(), kind: 'EXCHANGE', postings: [debit(accounts[0]!, 1n), credit(a, 1n)] }),
    ).rejects.toThrow('sum to -1 and not to zero');
  });
  expect(await balancesOf(kith, accounts)).toEqual(['300', '690']);
});

test('the database refuses what TypeScript would have asserted', async () => {
  const { accounts, community } = await moneyed(kith, [1000n, 1000n]);
  const elsewhere = await moneyed(kith, [1000n]);
  const app = new pg.Client(kith.appUrl);
  await app.connect();
  const [a, b, foreign] = [accounts[0]!.id, accounts[1]!.id, elsewhere.accounts[0]!.id];
  const posting = async (lines: [string | null, number][]) => {
    const postings = lines.map(([accountId, amount]) => ({ accountId, amount: String(amount) }));
    await app.query(`begin; set local app.community_id = '${community.id}'`);
    return app
      .query('select ledger.post($1)', [JSON.stringify({ id: newId(), kind: 'PAYMENT', postings })])
      .then(
        () => 'posted',
        (error: pg.DatabaseError) => error.code,
      )
      .finally(() => app.query('rollback'));
  };
  expect(
    await posting([
      [a, -1],
      [b, 1],
    ]),
  ).toBe('posted');
  expect(
    await posting([
      [a, -1],
      [b, 2],
    ]),
  ).toBe('KL008');
  expect(
    await posting([
      [a, -1],
      [foreign, 1],
    ]),
  ).toBe('KL007');
  expect(
    await posting([
      [foreign, -1],
      [a, 1],
    ]),
  ).toBe('KL007');
  expect(await posting([[a, -1]])).toBe('KL009');
  expect(await posting([])).toBe('KL009');
  expect(
    await posting([
      [a, 0],
      [b, 0],
    ]),
  ).toBe('KL009');
  expect(await app.query("select ledger.post('{}')").catch((error: pg.DatabaseError) => error.code)).toMatch(
    /42704|22P02/,
  );
  await app.end();
});

test('times of an account never run backwards, and what it held at a moment stays what it was', async () => {
  const { accounts, inside } = await moneyed(kith, [1000n, 0n]);
  const [a, b] = accounts;
  const at = async (time: string, amount: bigint) => {
    const entry = JSON.stringify({
      ...{ id: newId(), kind: 'PAYMENT' },
      postings: [
        { accountId: a!.id, amount: String(-amount) },
        { accountId: b!.id, amount: String(amount) },
      ],
    });
    const rows = await inside(
      (tx) => tx.$queryRaw<{ posted_at: Date }[]>`select * from ledger.post(${entry}::jsonb, ${time}::timestamptz)`,
    );
    return rows[0]!.posted_at.toISOString();
  };
  expect(await at('2040-01-01T10:00:00Z', 100n)).toBe('2040-01-01T10:00:00.000Z');
  expect(await at('2040-01-01T09:00:00Z', 10n)).toBe('2040-01-01T10:00:00.000Z');
  expect(await at('2040-01-01T11:00:00Z', 1n)).toBe('2040-01-01T11:00:00.000Z');
  const held = (moment: string) => inside((tx) => balanceAt(tx, b!.id, new Date(moment)));
  expect(
    await Promise.all(
      ['2039-12-31T00:00:00Z', '2040-01-01T10:00:00Z', '2040-01-01T10:59:59Z', '2041-01-01T00:00:00Z'].map(held),
    ),
  ).toEqual([0n, 110n, 110n, 111n]);
});

test('of many entries each has its own result, whatever becomes of the others', async () => {
  const { accounts, inside, people } = await moneyed(kith, [100n, 0n, 50n, 0n]);
  const [a, b, c, d] = accounts;
  const pay = (from: typeof a, to: typeof a, amount: bigint, id = newId()) => ({
    id,
    kind: 'PAYMENT' as const,
    postings: [debit(from!, amount), credit(to!, amount)],
  });
  const twice = pay(c, d, 10n);
  const entries = [
    pay(a, b, 60n),
    twice,
    pay(a, b, 60n),
    pay(b, a, 20n),
    pay(a, d, 60n),
    twice,
    pay(c, d, 1n, twice.id),
  ];
  const results = await inside((tx) => postMany(tx, entries));
  expect(
    results.map((result) => (result instanceof Error ? (result as InsufficientFunds).code : result.repeated)),
  ).toEqual([...[false, false, 'INSUFFICIENT_FUNDS', false, false, true, 'ENTRY_ID_REUSED']]);
  expect(await balancesOf(kith, accounts)).toEqual(['0', '40', '40', '70']);
  const told = await kith.sql(
    "select count(*)::int as n from events where topic = 'account.changed' and member_id = $1",
    [people[1]!.memberId],
  );
  expect(told).toEqual([{ n: 2 }]);
});

test('entries posted together leave the same balances as one after another', async () => {
  const { accounts, inside } = await moneyed(kith, [10_000n, 10_000n, 10_000n, 0n]);
  const entries = Array.from({ length: 50 }, (_, at) => ({
    id: newId(),
    kind: 'PAYMENT' as const,
    postings: [debit(accounts[at % 3]!, BigInt(at + 1)), credit(accounts[3]!, BigInt(at + 1))],
  }));
  const groups = await Promise.all(
    [entries.slice(0, 25), entries.slice(25)].map((half) => inside((tx) => postMany(tx, half))),
  );
  expect(groups.flat().every((result) => !(result instanceof Error) && !result.repeated)).toBe(true);
  expect(await balancesOf(kith, accounts)).toEqual(['9575', '9558', '9592', '1275']);
  const running = await kith.sql<{ after: string }>(
    'select balance_after as after from postings where account_id = $1 order by posted_at, seq',
    [accounts[3]!.id],
  );
  expect(running.at(-1)).toEqual({ after: '1275' });
});

test('the supply is what the issuance account is below zero', async () => {
  const { inside, accounts } = await moneyed(kith, [100n, 200n]);
  await inside((tx) => mint(tx, accounts[0]!, 50n));
  const issuance = await inside(issuanceOf);
  expect(await balancesOf(kith, [issuance])).toEqual(['-350']);
});

test('an account is opened once, however many open it', async () => {
  const { people, inside } = await moneyed(kith, [0n]);
  const opened = await Promise.all(
    Array.from({ length: 6 }, () => inside((tx) => accountOf(tx, people[0]!.memberId, { code: 'EUR', scale: 2 }))),
  );
  expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  await expect(inside((tx) => accountOf(tx, newId()))).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
});
