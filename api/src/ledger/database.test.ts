import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { testDatabase, withClient } from '../../../test/database.ts';
import { newId } from '../ids.ts';
// Every domain says here what its own codes mean.
import '../schema.ts';
import type { AccountRef } from './accounts.ts';
import { auditLedger } from './audit.ts';
import { credit, debit, post } from './entries.ts';
import { setLimits } from './limits.ts';
import { sqlStates } from './refusals.ts';
import { differences, moneyed } from './testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(() => kith.stop());

test('every SQLSTATE of ours that is raised is known as a refusal or a fault, and no other', () => {
  const root = fileURLToPath(new URL('../../../prisma', import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(sql|migrations)\/.*\.sql$/.test(name),
  );
  const raised = files.flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/'(KL\d{3})'/g)].map(([, code]) => code!),
  );
  expect([...new Set(raised)].sort()).toEqual([...sqlStates.keys()].sort());
});

test('the application reads the ledger and cannot write it, and not even the owner changes what was posted', async () => {
  const { accounts, community } = await moneyed(kith, [100n, 0n]);
  const attempts = [
    'update accounts set balance = 1000000',
    'insert into accounts select * from accounts',
    'delete from accounts',
    'update postings set amount = 1',
    'delete from postings',
    'insert into postings (entry_id) select entry_id from postings',
    "update journal_entries set memo = 'x'",
    'delete from journal_entries',
    'insert into entry_reversals select community_id, id, id from journal_entries',
    'update reservations set amount = 0',
    "select ledger.settle('{}', now(), true)",
    'select ledger.write(null, null, null, null, null, null, null, null, null, null)',
    'select ledger.audit()',
  ];
  await withClient(kith.appUrl, async (app) => {
    await app.query("select set_config('app.community_id', $1, false)", [community.id]);
    expect((await app.query('select id from accounts where id = $1', [accounts[0]!.id])).rows).toHaveLength(1);
    for (const text of attempts) {
      const code = await app.query(text).then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      );
      expect([text, code]).toEqual([text, '42501']);
    }
  });
  for (const text of ['update postings set amount = 1', 'delete from journal_entries', 'truncate postings'])
    await expect(kith.sql(text), text).rejects.toMatchObject({ code: 'KL014' });
});

test('the audit finds what somebody changed past the functions', async () => {
  const { accounts, community } = await moneyed(kith, [100n, 50n]);
  expect(await differences(kith)).toEqual([]);
  await kith.sql('update accounts set balance = balance + 1, reserved = 7 where id = $1', [accounts[0]!.id]);
  await kith.sql(
    'insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after) values ($1, $2, now(), $3, 5, 55)',
    [community.id, accounts[1]!.id, newId()],
  );
  const { differences: found, communities } = await auditLedger(community.slug);
  expect(communities).toBe(1);
  expect(found.map(({ rule }) => rule).sort()).toEqual([
    ...[
      'a posting has its account and its entry',
      'an entry sums to zero per currency',
      'balance = sum of postings',
      'balance = sum of postings',
    ],
    ...['balances of a currency sum to zero', 'reserved = sum of open reservations'],
  ]);
  expect((await auditLedger('nowhere')).communities).toBe(0);
});

test('the audit finds what was spent below a limit, and what moved on a closed account', async () => {
  const { accounts, community, inside } = await moneyed(kith, [0n, 0n, 0n]);
  const [spender, other, closed] = accounts as [AccountRef, AccountRef, AccountRef];
  const rules = async () => (await auditLedger(community.slug)).differences.map(({ rule }) => rule).sort();
  await inside((tx) => setLimits(tx, { accountId: spender.id, creditLimit: 500n }));
  await inside((tx) =>
    post(tx, { id: newId(), kind: 'PAYMENT', postings: [debit(spender, 300n), credit(other, 300n)] }),
  );
  await inside((tx) => setLimits(tx, { accountId: spender.id, creditLimit: 0n }));
  expect(await rules()).toEqual([]);
  // As if it had never been lowered, but always been nothing.
  await kith.sql('update accounts set limit_lowered_at = null where id = $1', [spender.id]);
  await kith.sql(
    "update accounts set closed_at = now() - interval '1 day', last_posted_at = now(), reserved = 1 where id = $1",
    [closed.id],
  );
  expect(await rules()).toEqual([
    ...['a closed account holds nothing', 'available >= 0', 'available >= 0', 'nothing is posted on a closed account'],
    ...['nothing is spent below the limit', 'reserved = sum of open reservations'],
  ]);
});

test('a plan made for many small communities does not read a large one from end to end', async () => {
  const database = await testDatabase();
  await withClient(database.ownerUrl, async (owner) => {
    await owner.query(
      `insert into communities (id, slug, name, currency_code, currency_name)
       select gen_random_uuid(), 'plans-' || n, 'Plans', 'TEST', 'Tests' from generate_series(1, 1000) n`,
    );
    await owner.query(
      `insert into members (community_id, id, state, display_name)
       select c.id, gen_random_uuid(), 'ACTIVE', 'm' from communities c, lateral generate_series(1, case slug when 'plans-1' then 5000 else 2 end)`,
    );
    await owner.query(
      `insert into accounts (community_id, id, kind, member_id, is_local, currency_code, scale, credit_limit)
       select community_id, id, 'MEMBER', id, true, 'TEST', 2, 1000 from members`,
    );
    await owner.query(
      `insert into journal_entries (community_id, id, content_hash, kind, posted_at)
       select c.id, gen_random_uuid(), '', 'PAYMENT', now() from communities c, lateral generate_series(1, case slug when 'plans-1' then 5000 else 2 end)`,
    );
    // As autovacuum does once there are rows.
    await owner.query('analyze');
    const members = async (slug: string) => {
      const { rows } = await owner.query<{ community: string; id: string }>(
        'select m.community_id as community, m.id from members m join communities c on c.id = m.community_id where slug = $1 order by m.id limit 51',
        [slug],
      );
      await owner.query("select set_config('app.community_id', $1, false)", [rows[0]!.community]);
      return rows.map(({ id }) => id);
    };
    const pay = (ids: string[]) =>
      owner.query({
        name: 'pay',
        text: 'select * from payments.pay_many($1, now())',
        values: [
          JSON.stringify(ids.slice(1).map((payeeId, at) => ({ id: newId(), payerId: ids[at], payeeId, amount: '1' }))),
        ],
      });
    const post = ([from, to]: string[]) =>
      owner.query({
        name: 'post',
        text: 'select ledger.post($1)',
        values: [
          JSON.stringify({
            ...{ id: newId(), kind: 'PAYMENT' },
            postings: [
              { accountId: from, amount: '-1' },
              { accountId: to, amount: '1' },
            ],
          }),
        ],
      });
    // The session's plans are made in a small one.
    const small = await members('plans-2');
    for (let turn = 0; turn < 8; turn++) await pay(small).then(() => post(small));
    const read = async () => {
      await owner.query('select pg_stat_force_next_flush()');
      const { rows } = await owner.query(
        `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int as tuples from pg_stat_user_tables
         where relname in ('accounts', 'journal_entries', 'postings', 'members')`,
      );
      return rows[0].tuples as number;
    };
    const large = await members('plans-1');
    const before = await read();
    await pay(large);
    for (let turn = 0; turn < 5; turn++) await post(large);
    expect((await read()) - before).toBeLessThan(1000);
  });
  await database.drop();
});
