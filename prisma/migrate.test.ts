import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { onDatabase, withClient } from '../test/database.ts';
import { prepareDatabase, schemaChecksum } from './migrate.ts';

const FIRST = 'create table apple (id int primary key);';
const { adminUrl, prefix } = inject('testServer');
let folder: string;
let name: string;
let ownerUrl: string;
let roles: string[];

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-migrate-'));
  name = `${prefix}${randomBytes(6).toString('hex')}`;
  ownerUrl = onDatabase(adminUrl, name);
  roles = [];
  write('migrations/0001_apple/migration.sql', FIRST);
  await query(adminUrl, `create database ${name}`);
});

afterEach(async () => {
  await query(adminUrl, `drop database ${name} with (force)`);
  for (const role of roles) await query(adminUrl, `drop role if exists ${role}`);
  fs.rmSync(folder, { recursive: true });
});

it('applies every migration once, in the order of their names, and records it as Prisma does', async () => {
  write('migrations/0010_cherry/migration.sql', 'alter table berry rename to cherry;');
  write('migrations/0002_berry/migration.sql', 'alter table apple rename to berry;');
  expect((await prepare()).applied).toEqual(['0001_apple', '0002_berry', '0010_cherry']);
  expect((await prepare()).applied).toEqual([]);
  const rows = await query(
    ownerUrl,
    `select migration_name, checksum, applied_steps_count, logs, rolled_back_at, finished_at >= started_at as finished,
            length(id) as id_length from _prisma_migrations order by started_at limit 1`,
  );
  expect(rows).toEqual([
    {
      migration_name: '0001_apple',
      checksum: 'b467311772441c2e4ec2cf518fdebaeb19aac944836b40c23bd0a78ba827eabe',
      applied_steps_count: 1,
      logs: null,
      rolled_back_at: null,
      finished: true,
      id_length: 36,
    },
  ]);
});

it('drops what a file made and makes no more, and keeps what another file makes now', async () => {
  const made = async () =>
    (
      await query(
        ownerUrl,
        "select p.oid::regprocedure::text as name from pg_proc p where pronamespace = 'public'::regnamespace order by 1",
      )
    ).map(({ name }) => name);
  const bite = (args: string) => `create or replace function bite(${args}) returns int language sql as 'select 1';`;
  write('sql/fruit/taste.sql', `${taste('sweet')}\n${bite('deep int')}`);
  write('sql/fruit/smell.sql', "create or replace procedure smell(times int) language sql as 'select 1';");
  await prepare();
  expect(await made()).toEqual(['bite(integer)', 'smell(integer)', 'taste()']);

  write('sql/fruit/taste.sql', bite('deep bigint'));
  write('sql/fruit/sweet.sql', taste('sweet'));
  fs.rmSync(path.join(folder, 'sql/fruit/smell.sql'));
  expect((await prepare()).applied).toEqual(['sql/fruit/sweet.sql', 'sql/fruit/taste.sql', 'sql/fruit/smell.sql']);
  expect(await made()).toEqual(['bite(bigint)', 'taste()']);
  expect((await prepare()).applied).toEqual([]);
});

it('learns what the files make in a database from before that was recorded', async () => {
  write('sql/fruit/taste.sql', taste('sweet'));
  await prepare();
  await query(ownerUrl, 'alter table kith_sql drop column functions');
  expect((await prepare()).applied).toEqual(['sql/fruit/taste.sql']);
  fs.rmSync(path.join(folder, 'sql/fruit/taste.sql'));
  await prepare();
  expect(await query(ownerUrl, "select from pg_proc where proname = 'taste'")).toEqual([]);
});

it('keeps everything when something still depends on what would be dropped', async () => {
  write('sql/fruit/taste.sql', taste('sweet'));
  await prepare();
  await query(ownerUrl, 'create view menu as select taste()');
  fs.rmSync(path.join(folder, 'sql/fruit/taste.sql'));
  await expect(prepare()).rejects.toThrow(/taste\(\).*other objects depend on it.*Nothing of it was kept/);
  expect(await query(ownerUrl, 'select path from kith_sql')).toEqual([{ path: 'sql/fruit/taste.sql' }]);
});

it('starts that come together apply everything once', async () => {
  write('sql/fruit/taste.sql', taste('sweet'));
  const results = await Promise.all([prepare(), prepare(), prepare()]);
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual(['0001_apple', 'sql/fruit/taste.sql']);
  expect(new Set(results.map(({ appUrl }) => appUrl)).size).toBe(1);
});

it('databases of one server prepared together do not hinder each other', async () => {
  const role = await createRole('superuser');
  const names = [1, 2, 3, 4].map((number) => `${name}_${number}`);
  for (const each of names) await query(adminUrl, `create database ${each}`);
  const urls = names.map((each) => withUser(onDatabase(adminUrl, each), role));
  roles.push(`${role}_api`);
  const results = await Promise.all(urls.map((url) => prepareDatabase(url, { folder })));
  for (const { appUrl } of results) expect(await query(appUrl, 'select 1 as value')).toEqual([{ value: 1 }]);
  for (const each of names) await query(adminUrl, `drop database ${each} with (force)`);
});

it('a role that another database makes at the same moment is taken as it is', async () => {
  const role = await createRole('superuser');
  roles.push(`${role}_api`);
  const url = withUser(ownerUrl, role);
  const { appUrl } = await prepareDatabase(url, { folder });
  await query(adminUrl, `drop role ${role}_api`);
  await withClient(adminUrl, async (other) => {
    const password = new URL(appUrl).password;
    await other.query(`begin; create role ${role}_api login in role kith_app password '${password}'`);
    const prepared = prepareDatabase(url, { folder });
    const waiting = `select from pg_stat_activity where usename = '${role}' and wait_event_type = 'Lock'`;
    await expect.poll(() => query(adminUrl, waiting), { timeout: 10_000 }).toHaveLength(1);
    await other.query('commit');
    expect((await prepared).appUrl).toBe(appUrl);
  });
});

it('an owner that may not make roles is told what an administrator has to do', async () => {
  await prepare();
  const role = await createRole('');
  await query(adminUrl, `alter database ${name} owner to ${role}`);
  await query(ownerUrl, `drop schema graphile_worker cascade; grant all on all tables in schema public to ${role}`);
  await expect(prepareDatabase(withUser(ownerUrl, role), { folder })).rejects.toThrow(
    'The owner may not make roles here',
  );
});

it('nothing to do takes less than a tenth of a second', async () => {
  await prepare();
  const times = [];
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    await prepare();
    times.push(performance.now() - before);
  }
  expect(Math.min(...times)).toBeLessThan(100);
});

it('a migration changed after it was applied stops the start', async () => {
  await prepare();
  write('migrations/0001_apple/migration.sql', `${FIRST} -- later thoughts`);
  await expect(prepare()).rejects.toThrow('Migration 0001_apple was changed after it had been applied');
});

it('a migration the code does not know stops the start', async () => {
  await prepare();
  fs.renameSync(path.join(folder, 'migrations/0001_apple'), path.join(folder, 'migrations/0001_pear'));
  await expect(prepare()).rejects.toThrow(
    'The database has migration 0001_apple, which this version of Kith does not know',
  );
});

it("a migration left unfinished by Prisma's CLI stops the start", async () => {
  await prepare();
  await query(ownerUrl, 'update _prisma_migrations set finished_at = null');
  await expect(prepare()).rejects.toThrow('0001_apple was begun by Prisma');
});

it('a migration that fails leaves nothing of itself, keeps those before it and is tried again', async () => {
  write('migrations/0002_berry/migration.sql', 'create table berry ();\nselect nonsense;');
  await expect(prepare()).rejects.toThrow('0002_berry, line 2: column "nonsense" does not exist');
  expect(await tables()).toEqual(['_prisma_migrations', 'apple']);
  write('migrations/0002_berry/migration.sql', 'create table berry ();');
  expect((await prepare()).applied).toEqual(['0002_berry']);
});

it('a function is applied again when its file changed, and only then', async () => {
  write('sql/fruit/taste.sql', taste('sweet'));
  write('sql/fruit/colour.sql', "create or replace function colour() returns text language sql as $$ select 'red' $$;");
  expect((await prepare()).applied).toEqual(['0001_apple', 'sql/fruit/colour.sql', 'sql/fruit/taste.sql']);
  write('sql/fruit/taste.sql', taste('sour'));
  expect((await prepare()).applied).toEqual(['sql/fruit/taste.sql']);
  expect(await query(ownerUrl, 'select taste() as value')).toEqual([{ value: 'sour' }]);
  expect((await prepare()).applied).toEqual([]);
});

it('functions may call others that come later, and one that fails takes the whole change back', async () => {
  write('sql/a.sql', 'create or replace function a() returns int language sql begin atomic; select 1; end;');
  write('sql/b.sql', 'create or replace function b() returns int language sql as $$ select c() $$;');
  write('sql/c.sql', 'create or replace function c() returns int language nonsense as $$ select 7 $$;');
  await expect(prepare()).rejects.toThrow('sql/c.sql: language "nonsense" does not exist');
  expect(await query(ownerUrl, "select proname from pg_proc where proname in ('a', 'b')")).toEqual([]);
  write('sql/c.sql', 'create or replace function c() returns int language sql as $$ select 7 $$;');
  await prepare();
  expect(await query(ownerUrl, 'select b() as value')).toEqual([{ value: 7 }]);
});

it("the owner's tables go to public, even when a schema bears the owner's name", async () => {
  write('migrations/0001_apple/migration.sql', `create schema kith; ${FIRST}`);
  write('migrations/0002_berry/migration.sql', 'create table berry ();');
  await prepare();
  expect(await tables()).toEqual(['_prisma_migrations', 'apple', 'berry', 'kith_sql']);
});

it('the application connects as an ordinary role that holds what its group was granted and no more', async () => {
  write(
    'migrations/0002_berry/migration.sql',
    'create table berry (); create schema kith; grant select on berry to kith_app;',
  );
  const { appUrl } = await prepare();
  expect(await query(appUrl, 'select count(*)::int as value from berry')).toEqual([{ value: 0 }]);
  await expect(query(appUrl, 'select * from apple')).rejects.toMatchObject({ code: '42501' });
  await expect(query(appUrl, 'create table own ()')).rejects.toMatchObject({ code: '42501' });
  const [role] = await query(
    appUrl,
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, has_schema_privilege('kith', 'usage') as kith
       from pg_roles where rolname = current_user`,
  );
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, kith: true });
});

it("the application's password follows the owner's when that changes", async () => {
  const role = await createRole('superuser');
  roles.push(`${role}_api`);
  const before = (await prepareDatabase(withUser(ownerUrl, role), { folder })).appUrl;
  await query(adminUrl, `alter role ${role} password 'changed'`);
  const after = (await prepareDatabase(withUser(ownerUrl, role, 'changed'), { folder })).appUrl;
  expect(new URL(after).password).not.toBe(new URL(before).password);
  await expect(query(before, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  expect(await query(after, 'select 1 as value')).toEqual([{ value: 1 }]);
});

it('an address given for the application is used, and its role joins the group', async () => {
  const role = await createRole('');
  const appUrl = withUser(ownerUrl, role);
  expect((await prepare({ appUrl })).appUrl).toBe(appUrl);
  expect(await query(appUrl, "select pg_has_role('kith_app', 'usage') as value")).toEqual([{ value: true }]);
});

it.each([
  ['is a superuser', 'superuser'],
  ['has BYPASSRLS', 'bypassrls'],
])('an application role that %s is refused', async (why, attribute) => {
  const appUrl = withUser(ownerUrl, await createRole(attribute));
  await expect(prepare({ appUrl })).rejects.toThrow(why);
});

it('an application role that owns a table, itself or through another role, is refused', async () => {
  const [holder, member] = [await createRole(''), await createRole('')];
  await prepare();
  await query(ownerUrl, `alter table apple owner to ${holder}; grant ${holder} to ${member}`);
  for (const role of [holder, member])
    await expect(prepare({ appUrl: withUser(ownerUrl, role) })).rejects.toThrow('owns tables');
});

it('an application role that is unknown or not let in is told so', async () => {
  const role = await createRole('');
  await expect(prepare({ appUrl: withUser(ownerUrl, 'nobody_here') })).rejects.toThrow(
    '"nobody_here": it does not exist',
  );
  await expect(prepare({ appUrl: withUser(ownerUrl, role, 'wrong') })).rejects.toThrow('is not let in');
});

it('one changed file makes another checksum of the schema', () => {
  const before = schemaChecksum(folder);
  expect(schemaChecksum(folder)).toBe(before);
  write('sql/fruit/taste.sql', taste('sweet'));
  expect(schemaChecksum(folder)).not.toBe(before);
});

const prepare = (options: { appUrl?: string } = {}) => prepareDatabase(ownerUrl, { ...options, folder });
const taste = (value: string) =>
  `create or replace function taste() returns text language sql as $$ select '${value}' $$;`;
const query = (url: string, sql: string) =>
  withClient(url, async (client) => (await client.query<pg.QueryResultRow>(sql)).rows);

async function tables(): Promise<string[]> {
  const rows = await query(ownerUrl, "select tablename from pg_tables where schemaname = 'public' order by 1");
  return rows.map(({ tablename }) => tablename);
}

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), content);
}

async function createRole(attributes: string): Promise<string> {
  const role = `kith_role_${randomBytes(6).toString('hex')}`;
  await query(adminUrl, `create role ${role} login ${attributes} password 'secret'`);
  roles.push(role);
  return role;
}

function withUser(url: string, user: string, password = 'secret'): string {
  const address = new URL(url);
  address.username = user;
  address.password = password;
  return address.href;
}
