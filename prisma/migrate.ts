import { createHash, createHmac, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';

type SqlFile = { name: string; sql: string; checksum: string };
type Options = { appUrl?: string; folder?: string };

// Prisma's own number, so that its CLI and this runner wait for each other.
const MIGRATION_LOCK = 72707369;
const APP_GROUP = 'kith_app';

/**
 * Brings the database to the state of the code and answers the address by which the application, not the owner, connects.
 * Processes that start together take turns; `applied` names what this call did. `folder` holds `migrations` and `sql`.
 */
export async function prepareDatabase(ownerUrl: string, { appUrl, folder = prismaFolder() }: Options = {}) {
  const migrations = migrationsOf(folder);
  const functions = functionsOf(folder);
  const owner = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  owner.on('error', () => {});
  await owner.connect();
  try {
    await requireVersion(owner);
    // An owner named like a schema would otherwise create its tables there and not in public.
    await owner.query(
      `set search_path = public; set lock_timeout = '10min'; select pg_advisory_lock(${MIGRATION_LOCK})`,
    );
    await ensureGroup(owner);
    const applied = await applyMigrations(owner, migrations);
    await runMigrations({ connectionString: ownerUrl });
    applied.push(...(await applyFunctions(owner, functions)));
    await openToGroup(owner);
    const address = appUrl ?? (await ensureLogin(owner, ownerUrl));
    await requireOrdinaryRole(owner, address);
    return { appUrl: address, applied };
  } finally {
    await owner.end();
  }
}

/** One value for everything that shapes a database: two folders with the same value make the same database. */
export function schemaChecksum(folder = prismaFolder()): string {
  const files = [...migrationsOf(folder), ...functionsOf(folder)];
  return sha256(files.map(({ name, checksum }) => `${name} ${checksum}\n`).join(''));
}

async function requireVersion(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query(
    "select current_setting('server_version') as name, current_setting('server_version_num')::int as number",
  );
  if (rows[0].number < 150_000) throw new Error(`Kith needs PostgreSQL 15 or newer; this server is ${rows[0].name}.`);
}

async function applyMigrations(owner: pg.Client, files: SqlFile[]): Promise<string[]> {
  await owner.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  const { rows } = await owner.query(
    'select migration_name as name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  for (const { name, checksum, finished_at } of rows) {
    const file = files.find((candidate) => candidate.name === name);
    if (!finished_at)
      throw new Error(
        `Migration ${name} was begun by Prisma's CLI and not finished: settle it with "prisma migrate resolve".`,
      );
    if (!file)
      throw new Error(
        `The database has migration ${name}, which this version of Kith does not know: run a newer version.`,
      );
    if (file.checksum !== checksum)
      throw new Error(`Migration ${name} was changed after it had been applied: restore it and add a new one.`);
  }
  const pending = files.filter(({ name }) => !rows.some((row) => row.name === name));
  for (const file of pending) {
    await inTransaction(owner, async () => {
      await run(owner, file);
      await owner.query(
        `insert into public._prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
         values ($1, $2, clock_timestamp(), $3, now(), 1)`,
        [randomUUID(), file.checksum, file.name],
      );
    });
  }
  return pending.map(({ name }) => name);
}

/** Brings the functions to what the files say; what a file made and makes no more is dropped. */
async function applyFunctions(owner: pg.Client, files: SqlFile[]): Promise<string[]> {
  await owner.query(
    'create table if not exists public.kith_sql (path text primary key, checksum text not null, functions text[])',
  );
  // A table from before it was recorded what a file makes; null says so of its rows.
  const { rowCount: records } = await owner.query(
    "select from pg_attribute where attrelid = 'public.kith_sql'::regclass and attname = 'functions'",
  );
  if (!records) await owner.query('alter table public.kith_sql add column functions text[]');
  const { rows } = await owner.query<KnownFile>('select path, checksum, functions from public.kith_sql');
  const known = new Map(rows.map((row) => [row.path, row]));
  const changed = files.filter(({ name, checksum }) => {
    const row = known.get(name);
    return row?.checksum !== checksum || row.functions === null;
  });
  const removed = rows.map(({ path }) => path).filter((path) => !files.some(({ name }) => name === path));
  if (!changed.length && !removed.length) return [];
  await inTransaction(owner, async () => {
    // Functions may call each other, in whatever order their paths come.
    await owner.query('set local check_function_bodies = off');
    const made = new Map<string, string[]>();
    let before = await functionsIn(owner);
    for (const file of changed) {
      await run(owner, file);
      const after = await functionsIn(owner);
      made.set(
        file.name,
        [...after].filter(([name, version]) => before.get(name) !== version).map(([name]) => name),
      );
      before = after;
    }
    await owner.query('delete from public.kith_sql where path = any($1)', [removed]);
    for (const { name, checksum } of changed)
      await owner.query(
        `insert into public.kith_sql (path, checksum, functions) values ($1, $2, $3)
         on conflict (path) do update set checksum = excluded.checksum, functions = excluded.functions`,
        [name, checksum, made.get(name)],
      );
    const { rows: kept } = await owner.query<{ name: string }>('select unnest(functions) as name from public.kith_sql');
    const keep = new Set(kept.map(({ name }) => name));
    const dropped = rows
      .flatMap(({ functions }) => functions ?? [])
      .filter((name) => !keep.has(name) && before.has(name));
    for (const name of new Set(dropped)) await run(owner, { name, sql: `drop routine ${name}`, checksum: '' });
  });
  return [...changed.map(({ name }) => name), ...removed];
}
type KnownFile = { path: string; checksum: string; functions: string[] | null };

/** Every function of ours by its name and the types it takes, with what tells one version of it from another. */
async function functionsIn(owner: pg.Client): Promise<Map<string, string>> {
  const { rows } = await owner.query<{ name: string; version: string }>(
    `select format('%I.%I(%s)', nspname, proname, oidvectortypes(proargtypes)) as name, p.xmin || ' ' || p.ctid as version
       from pg_proc p join pg_namespace n on n.oid = pronamespace
      where nspname not in ('pg_catalog', 'information_schema', 'graphile_worker')`,
  );
  return new Map(rows.map(({ name, version }) => [name, version]));
}

async function ensureGroup(owner: pg.Client): Promise<void> {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [APP_GROUP]);
  if (!rowCount) await changeRole(owner, `create role ${APP_GROUP} nologin`);
}

/** Rights of the group, so that they hold for a role of any name. */
async function openToGroup(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query(
    `select format('grant connect on database %I to ${APP_GROUP}', current_database()) as sql
      where not has_database_privilege($1, current_database(), 'connect')
     union all select format('grant usage on schema %I to ${APP_GROUP}', nspname) from pg_namespace
      where nspname in ('public', 'kith') and not has_schema_privilege($1, oid, 'usage')`,
    [APP_GROUP],
  );
  for (const { sql } of rows) await owner.query(sql);
}

/** The password follows from the owner's, so every process knows it and nothing stores it. */
async function ensureLogin(owner: pg.Client, ownerUrl: string): Promise<string> {
  const url = new URL(ownerUrl);
  if (!url.password)
    throw new Error(
      "The owner's address carries no password to derive the application's from: give the application an address of its own.",
    );
  // Not "_app": for an owner named kith that is the group.
  const role = `${decodeURIComponent(url.username)}_api`;
  url.username = encodeURIComponent(role);
  url.password = createHmac('sha256', decodeURIComponent(url.password)).update(role).digest('hex');
  if (await canLogIn(url.href)) return url.href;
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [role]);
  const login = `${pg.escapeIdentifier(role)} login password ${pg.escapeLiteral(url.password)}`;
  await changeRole(
    owner,
    rowCount ? `alter role ${login}` : `create role ${login} nosuperuser nobypassrls in role ${APP_GROUP}`,
  );
  return url.href;
}

/** Row-level security does not hold for a superuser, for BYPASSRLS, nor for whoever has the rights of a table's owner. */
async function requireOrdinaryRole(owner: pg.Client, appUrl: string): Promise<void> {
  const role = decodeURIComponent(new URL(appUrl).username);
  const { rows } = await owner.query(
    `select rolsuper, rolbypassrls, pg_has_role(r.oid, '${APP_GROUP}', 'usage') as member,
            exists (select from pg_class c where relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'member')) as owns
       from pg_roles r where rolname = $1`,
    [role],
  );
  const found = rows[0];
  const refused = (why: string) => new Error(`The application must not connect as "${role}": it ${why}.`);
  if (!found) throw refused('does not exist');
  if (found.rolsuper) throw refused('is a superuser, and row-level security does not hold for one');
  if (found.rolbypassrls) throw refused('has BYPASSRLS, and row-level security does not hold for it');
  if (found.owns) throw refused('owns tables, and row-level security does not hold for their owner');
  if (!found.member) await changeRole(owner, `grant ${APP_GROUP} to ${pg.escapeIdentifier(role)}`);
  if (!(await canLogIn(appUrl))) throw refused('is not let in with the password given');
}

async function canLogIn(appUrl: string): Promise<boolean> {
  const app = new pg.Client({ connectionString: appUrl, connectionTimeoutMillis: 10_000 });
  try {
    await app.connect();
    return true;
  } catch (error) {
    if ((error as pg.DatabaseError).code?.startsWith('28')) return false;
    throw error;
  } finally {
    await app.end().catch(() => {});
  }
}

/** Roles belong to the whole server and the lock to one database: another database may do the same at this moment. */
async function changeRole(owner: pg.Client, sql: string, attempts = 5): Promise<void> {
  try {
    await owner.query(sql);
  } catch (error) {
    const { code } = error as pg.DatabaseError;
    if (code === '42710' || code === '23505') return;
    if (code === '42501')
      throw new Error(
        `The owner may not make roles here (${(error as Error).message}): an administrator grants it CREATEROLE and ${APP_GROUP} WITH ADMIN OPTION, or makes the application's role and gives its address.`,
        { cause: error },
      );
    // "tuple concurrently updated" has no code of its own.
    if (code !== 'XX000' || attempts === 1) throw error;
    await changeRole(owner, sql, attempts - 1);
  }
}

async function inTransaction(owner: pg.Client, work: () => Promise<void>): Promise<void> {
  await owner.query('begin');
  try {
    await work();
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback').catch(() => {});
    throw error;
  }
}

async function run(owner: pg.Client, { name, sql }: SqlFile): Promise<void> {
  try {
    await owner.query(sql);
  } catch (cause) {
    const { message, hint = '', position } = cause as pg.DatabaseError;
    const line = position ? `, line ${sql.slice(0, Number(position)).split('\n').length}` : '';
    throw new Error(`${name}${line}: ${message}. Nothing of it was kept. ${hint}`.trim(), { cause });
  }
}

function migrationsOf(folder: string): SqlFile[] {
  const names = fs.readdirSync(path.join(folder, 'migrations')).filter((name) => /^\d+_/.test(name));
  return names.sort().map((name) => sqlFile(name, path.join(folder, 'migrations', name, 'migration.sql')));
}

function functionsOf(folder: string): SqlFile[] {
  const root = path.join(folder, 'sql');
  if (!fs.existsSync(root)) return [];
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sql'));
  return names.map((name) => sqlFile(`sql/${name.replaceAll(path.sep, '/')}`, path.join(root, name))).sort(byName);
}

function sqlFile(name: string, file: string): SqlFile {
  const bytes = fs.readFileSync(file);
  return { name, sql: bytes.toString('utf8'), checksum: sha256(bytes) };
}

const byName = (a: SqlFile, b: SqlFile) => (a.name < b.name ? -1 : 1);
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

/** Found from the source and from the bundle in api/dist alike. */
function prismaFolder(from = path.dirname(fileURLToPath(import.meta.url))): string {
  if (fs.existsSync(path.join(from, 'prisma', 'migrations'))) return path.join(from, 'prisma');
  if (from === path.dirname(from)) throw new Error('prisma/migrations was not found above the program.');
  return prismaFolder(path.dirname(from));
}
