import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from './database.ts';

/** Shared by all communities, by name and with the reason. A table that is neither here nor under a community fails below. */
const SHARED: Record<string, string> = {
  communities: 'the tenants themselves; policies of their own, looked at below',
  users: 'a person signs in once for all communities',
  sessions: 'belong to a user',
  one_time_tokens: 'belong to a user',
  category_models: 'sums learned from the listings of all communities, without their texts',
  rate_limits: 'counted by address and account, before a community is known',
  installation: 'what the installation remembers about itself',
  kith_sql: 'the migration runner’s own',
  _prisma_migrations: 'the migration runner’s own',
};
/** Unique keys that do not begin with the community. */
const UNIQUE_EVERYWHERE: Record<string, string> = {
  invitations_token_hash_key: 'found by its token alone, by somebody who is not in the community yet',
};
/** What runs with the owner's rights: each crosses the policies for one reason. */
const DEFINER: Record<string, string> = {
  'demurrage.begin_run': 'of the current community: the ledger is closed to the application',
  'demurrage.charge': 'of the current community: the ledger is closed to the application',
  'demurrage.schedules': 'the job that looks for what is due reads the dates and rules of all communities',
  'coinage.communities_due': 'the upkeep looks for work in all communities; ids only',
  'coinage.void_mint': 'of the current community: the ledger is closed to the application',
  'kith.enqueue': 'the queue’s tables are closed to the application',
  'kith.events_after': 'a process reads the log of all communities once, whatever the number of its subscribers',
  'kith.events_head': 'tells where the log ends; empties a log that came from another server',
  'kith.imports_forgotten': 'the nightly job looks for old imports of all communities; ids only',
  'kith.invitation_by_token': 'whoever holds a token is no member there yet',
  'kith.meanings_behind': 'a change of the embedder is worked on in all communities; counts only',
  'kith.memberships_of': 'answers for one person and nobody else',
  'kith.public_facts': 'what the directory of communities shows of each: counts and the charter',
  'kith.reputations_stale': 'the hourly job looks for what has aged in all communities; ids only',
  'kith.search_candidates': 'of the current community: its index is not used under the policies',
  'kith.search_expand': 'of the current community: its index is not used under the policies',
  'kith.search_indexed': 'a rebuild goes through all communities; ids only',
  'kith.search_listings': 'of the current community: its index is not used under the policies',
  'kith.search_near': 'of the current community: its index is not used under the policies',
  'kith.search_waiting': 'one queue is watched for all communities; counts only',
  'kith.search_asked': 'of the current community: its index is not used under the policies',
  'kith.viewer': 'who is asking: before the community is known',
  'ledger.apply_credit_limit': 'of the current community: the ledger is closed to the application',
  'ledger.close_accounts': 'of the current community: the ledger is closed to the application',
  'ledger.erase_memos': 'of the current community: the ledger is closed to the application',
  'ledger.open_account': 'of the current community: the ledger is closed to the application',
  'ledger.reopen_accounts': 'of the current community: the ledger is closed to the application',
  'ledger.post': 'of the current community: the ledger is closed to the application',
  'ledger.post_many': 'of the current community: the ledger is closed to the application',
  'ledger.release': 'of the current community: the ledger is closed to the application',
  'ledger.reserve': 'of the current community: the ledger is closed to the application',
  'ledger.reverse': 'of the current community: the ledger is closed to the application',
  'ledger.set_limits': 'of the current community: the ledger is closed to the application',
  'payments.pay_many': 'of the current community: the ledger is closed to the application',
  'payments.refund': 'of the current community: the ledger is closed to the application',
};
/** Every schema of ours that has functions. */
const SCHEMAS = ['coinage', 'demurrage', 'public', 'kith', 'ledger', 'payments', 'treasury'];

let database: Awaited<ReturnType<typeof testDatabase>>;
let owner: pg.Client;
let app: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  [owner, app] = [new pg.Client(database.ownerUrl), new pg.Client(database.appUrl)];
  await Promise.all([owner.connect(), app.connect()]);
});
afterAll(async () => {
  await Promise.all([owner.end(), app.end()]);
  await database.drop();
});

async function ask<R extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
  return (await owner.query<R>(text, values)).rows;
}
const tables = async () =>
  (
    await ask<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
    )
  ).map(({ name }) => name);
const tenantTables = async () =>
  (
    await ask<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'community_id' and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    )
  ).map(({ name }) => name);

test('every table stands under a community, or is shared by name and reason', async () => {
  const tenant = await tenantTables();
  expect((await tables()).filter((name) => !tenant.includes(name)).sort()).toEqual(Object.keys(SHARED).sort());
  expect(tenant.length).toBeGreaterThan(15);
});

test('every table of a community has row-level security with the one policy, and its community is never null', async () => {
  const rows = await ask(
    `select c.relname as name, c.relrowsecurity as secured, a.attnotnull as required,
            (select json_agg(json_build_array(p.polname, p.polcmd, p.polpermissive, p.polroles::text,
                                              pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)))
             from pg_policy p where p.polrelid = c.oid) as policies
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'community_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );
  const own = "(community_id = (current_setting('app.community_id'::text))::uuid)";
  expect(rows).toEqual(
    (await tenantTables()).map((name) => ({
      name,
      secured: true,
      required: true,
      policies: [['tenant', '*', true, '{0}', own, own]],
    })),
  );
});

test('every primary and unique key of such a table begins with the community', async () => {
  const rows = await ask<{ name: string; index: string; first: string }>(
    `select c.relname as name, i.relname as index, a.attname as first
     from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
     left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
     where x.indisunique and c.relname = any($1) and c.relnamespace = 'public'::regnamespace`,
    [await tenantTables()],
  );
  const others = rows.filter(({ first }) => first !== 'community_id').map(({ index }) => index);
  expect(others.sort()).toEqual(Object.keys(UNIQUE_EVERYWHERE).sort());
  const primary = await ask<{ name: string }>(
    "select conrelid::regclass::text as name from pg_constraint where contype = 'p'",
  );
  for (const table of await tenantTables()) expect(primary.map(({ name }) => name)).toContain(table);
});

test('a foreign key to a table of a community carries the community along', async () => {
  const rows = await ask<{ name: string; pairs: string[] }>(
    `select k.conrelid::regclass || '.' || k.conname as name,
            array(select a.attname || '=' || b.attname from unnest(k.conkey, k.confkey) as pair (here, there)
                  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = here
                  join pg_attribute b on b.attrelid = k.confrelid and b.attnum = there)::text[] as pairs
     from pg_constraint k join pg_class c on c.oid = k.confrelid
     where k.contype = 'f' and c.relname = any($1) and c.relnamespace = 'public'::regnamespace`,
    [await tenantTables()],
  );
  expect(rows.filter(({ pairs }) => !pairs.includes('community_id=community_id'))).toEqual([]);
  expect(rows.length).toBeGreaterThan(10);
});

test('the application owns nothing, inherits from no owner, and has none of the rights that pass by the policies', async () => {
  const role = decodeURIComponent(new URL(database.appUrl).username);
  const [row] = await ask(
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
            (select count(*)::int from pg_class where relowner = r.oid) + (select count(*)::int from pg_proc where proowner = r.oid) as owns,
            (select count(*)::int from pg_class c where relnamespace = 'public'::regnamespace and pg_has_role(r.oid, c.relowner, 'member')) as could_own,
            has_schema_privilege(r.oid, 'public', 'create') or has_schema_privilege(r.oid, 'kith', 'create') as creates
     from pg_roles r where rolname = $1`,
    [role],
  );
  expect(row).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    owns: 0,
    could_own: 0,
    creates: false,
  });
  for (const table of await tables())
    for (const right of ['truncate', 'references', 'trigger'])
      expect([
        table,
        right,
        (await ask('select has_table_privilege($1, $2, $3) as has', [role, table, right]))[0]!.has,
      ]).toEqual([table, right, false]);
  expect((await ask("select has_schema_privilege($1, 'graphile_worker', 'usage') as has", [role]))[0]!.has).toBe(false);
});

test('the application writes no table of the ledger, and every schema of ours is looked at', async () => {
  const role = decodeURIComponent(new URL(database.appUrl).username);
  const closed = ['accounts', 'entry_reversals', 'journal_entries', 'postings', 'reservations'];
  for (const table of closed)
    for (const right of ['insert', 'update', 'delete', 'truncate'])
      expect([
        table,
        (await ask('select has_table_privilege($1, $2, $3) as has', [role, table, right]))[0]!.has,
      ]).toEqual([table, false]);
  const schemas = await ask<{ name: string }>(
    "select distinct nspname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'graphile_worker')",
  );
  expect(schemas.map(({ name }) => name).sort()).toEqual([...SCHEMAS].sort());
});

test('no index under a policy has a column in front that its condition cannot use there', async () => {
  // Only operators that cannot leak come before the policy: what stands behind a column of an enum (or of a list, or JSON) is of no use.
  const { rows } = await owner.query(
    `select distinct index.relname as name
     from pg_index i join pg_class index on index.oid = i.indexrelid join pg_class tab on tab.oid = i.indrelid and tab.relrowsecurity
       cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
       join pg_am am on am.oid = index.relam and am.amname = 'btree'
       join pg_opclass c on c.oid = i.indclass[k.place - 1]
       join pg_amop o on o.amopfamily = c.opcfamily and o.amopstrategy = 3 and o.amoplefttype = c.opcintype and o.amoprighttype = c.opcintype
       join pg_operator equal on equal.oid = o.amopopr join pg_proc p on p.oid = equal.oprcode
     where not i.indisunique and not p.proleakproof and k.place < i.indnkeyatts
     order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([]);
});

test('no view and no materialized view passes by the policies', async () => {
  const rows = await ask(
    `select relname from pg_class where relnamespace in ('public'::regnamespace, 'kith'::regnamespace)
     and (relkind = 'm' or relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions), false))`,
  );
  expect(rows).toEqual([]);
});

test('what runs with the owner’s rights is known by name, finds only what it means, and is not for everybody', async () => {
  const rows = await ask<{ name: string; definer: boolean; path: string | null; everybody: boolean }>(
    `select n.nspname || '.' || p.proname as name, p.prosecdef as definer,
            (select split_part(setting, '=', 2) from unnest(p.proconfig) setting where setting like 'search_path=%') as path,
            coalesce(p.proacl, acldefault('f', p.proowner))::text ~ '[{,]=' as everybody
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by 1`,
    [SCHEMAS],
  );
  const definers = rows.filter(({ definer }) => definer);
  expect(definers.map(({ name }) => name)).toEqual(Object.keys(DEFINER).sort());
  for (const { name, path, everybody } of definers)
    expect([name, path?.endsWith(', pg_temp'), everybody]).toEqual([name, true, false]);
});

/** A value for a column that needs one; what a table's checks demand stands by its name. */
const DEMANDED: Record<string, string> = {
  'accounts.currency_code': "'ABC'",
  'accounts.kind': "'TREASURY'",
  'demurrage_arrears.paid': '0',
  'search_outbox.target': "'LIVE'",
  'synonyms.terms': "'{one,other}'",
};
async function fill(table: string, communityId: string) {
  const columns = await ask<{ name: string; type: string; array: boolean; label: string | null }>(
    `select a.attname as name, format_type(coalesce(nullif(t.typelem, 0), t.oid), null) as type, t.typcategory = 'A' as array,
            (select quote_literal(e.enumlabel) from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1) as label
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''`,
    [table],
  );
  const simple: Record<string, string> = {
    uuid: 'gen_random_uuid()',
    text: "'x' || gen_random_uuid()",
    bytea: "decode(md5(gen_random_uuid()::text), 'hex')",
    jsonb: "'{}'",
    json: "'{}'",
    boolean: 'true',
    'timestamp with time zone': 'now()',
    date: 'now()',
    tsvector: "''::tsvector",
  };
  const value = ({ name, type, array, label }: (typeof columns)[number]) =>
    name === 'community_id'
      ? `'${communityId}'`
      : (DEMANDED[`${table}.${name}`] ?? (array ? "'{}'" : (label ?? simple[type] ?? '1')));
  await owner.query(
    `insert into ${table} (${columns.map(({ name }) => name).join()}) values (${columns.map(value).join()})`,
  );
}

test('in every table a community sees, changes and deletes its own rows and none of another, and nothing without a community', async () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  for (const id of [mine, other])
    await owner.query(
      "insert into communities (id, slug, name, currency_code, currency_name) values ($1, $2, 'C', 'ABC', 'abc')",
      [id, `c${id}`],
    );
  // Foreign keys are not what is looked at here: each table is filled for itself.
  await owner.query("set session_replication_role = 'replica'");
  const names = await tenantTables();
  for (const table of names) for (const id of [mine, other]) await fill(table, id);

  const role = decodeURIComponent(new URL(database.appUrl).username);
  for (const table of names) {
    const may = async (right: string) =>
      (await ask('select has_table_privilege($1, $2, $3) as has', [role, table, right]))[0]!.has as boolean;
    await app.query(`begin; set local app.community_id = '${mine}'`);
    if (await may('select')) {
      const { rows } = await app.query(`select community_id from ${table}`);
      expect([table, rows]).toEqual([table, [{ community_id: mine }]]);
    }
    if (await may('update'))
      expect([table, (await app.query(`update ${table} set community_id = community_id`)).rowCount]).toEqual([
        table,
        1,
      ]);
    if (await may('insert')) {
      await app.query('savepoint here');
      const copy = app.query(
        `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('community_id', '${other}'))).* from ${table} t`,
      );
      await expect(copy, table).rejects.toThrow(/row-level security|non-DEFAULT value|generated column/);
      await app.query('rollback to savepoint here');
    }
    if (await may('delete')) expect([table, (await app.query(`delete from ${table}`)).rowCount]).toEqual([table, 1]);
    await app.query('rollback');
    await expect(app.query(`select 1 from ${table}`), table).rejects.toThrow(
      /app.community_id|invalid input syntax|permission denied/,
    );
  }
  await owner.query("set session_replication_role = 'origin'");
});

test('a community changes itself and no other', async () => {
  const [mine, other] = await ask<{ id: string }>('select id from communities limit 2');
  await app.query(`begin; set local app.community_id = '${mine!.id}'`);
  expect((await app.query("update communities set name = 'changed'")).rowCount).toBe(1);
  expect((await app.query('delete from communities where id = $1', [other!.id])).rowCount).toBe(0);
  await app.query('rollback');
});
