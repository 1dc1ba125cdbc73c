import { randomInt } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareDatabase, schemaChecksum, startEmbedded } from '@kith/db';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { onDatabase, type TestServer } from './database.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// The first of two numbers; the second is the run's own, or its template's checksum.
const RUN_LOCK = 7270737;
const TEMPLATE_LOCK = 7270738;
const MAKING_LOCK = 7270739;

/** Gives the run a server and a template; databases of runs that died are dropped, those of runs that live are left alone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = await running();
  project.provide('testServer', run.server);
  return run.leave;
}

type Run = { server: TestServer; leave(): Promise<void> };
const memory = globalThis as { kithTestRun?: { run: Promise<Run>; projects: number } };

/** Vitest calls the setup once for every workspace; they share one run, and the last of them ends it. */
async function running(): Promise<Run> {
  const shared = (memory.kithTestRun ??= { run: begin(), projects: 0 });
  shared.projects++;
  const { server, leave } = await shared.run;
  const leaveShared = async () => {
    if (--shared.projects > 0) return;
    delete memory.kithTestRun;
    await leave();
  };
  return { server, leave: leaveShared };
}

async function begin(): Promise<Run> {
  const server = await serverUrl();
  const adminUrl = onDatabase(server.ownerUrl, 'postgres');
  const prefix = `kith_test_${randomInt(2 ** 31)}_`;
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  admin.on('error', () => {});
  const leave = async () => {
    for (const name of await databases(admin, prefix))
      await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    await server.stop();
  };
  await admin.connect();
  try {
    return { server: { adminUrl, prefix, ...(await makeTemplate(admin, adminUrl, prefix)) }, leave };
  } catch (error) {
    // An open connection would keep vitest from ending after it has told the error.
    await leave();
    throw error;
  }
}

/** The template outlives the run: as long as no SQL file changes, the next one finds it made. */
async function makeTemplate(admin: pg.Client, adminUrl: string, prefix: string) {
  const template = `kith_template_${schemaChecksum().slice(0, 7)}`;
  await admin.query('select pg_advisory_lock($1, $2)', lockOf(prefix));
  await admin.query('select pg_advisory_lock_shared($1, $2)', lockOf(template));
  await admin.query('select pg_advisory_lock($1)', [MAKING_LOCK]);
  await dropAbandoned(admin, template);
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
  if (!rowCount) await admin.query(`create database ${template}`);
  // Also when it was there: a run may have been killed half-way, and the runner itself may have changed.
  const { appUrl } = await prepareDatabase(onDatabase(adminUrl, template));
  await admin.query('select pg_advisory_unlock($1)', [MAKING_LOCK]);
  return { appUrl, template };
}

/** DATABASE_URL's server, else one of the repository's own that never waits for the disk. */
async function serverUrl(): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { ownerUrl: process.env.DATABASE_URL, stop: async () => {} };
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return startEmbedded({ dataDir: path.join(ROOT, '.data', 'test'), settings });
}

async function dropAbandoned(admin: pg.Client, template: string): Promise<void> {
  for (const name of await databases(admin, 'kith_')) {
    const lock = lockOf(name);
    // This run's own shared lock would not stop it from taking the whole.
    if (!lock || name === template) continue;
    const { rows } = await admin.query('select pg_try_advisory_lock($1, $2) as abandoned', lock);
    if (!rows[0].abandoned) continue;
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query('select pg_advisory_unlock($1, $2)', lock);
  }
}

/** The lock that whoever uses this database holds while it lives. */
function lockOf(name: string): [number, number] | undefined {
  const [, number] = /^kith_test_(\d+)_/.exec(name) ?? [];
  const [, checksum] = /^kith_template_([0-9a-f]{7})$/.exec(name) ?? [];
  if (number) return [RUN_LOCK, Number(number)];
  return checksum ? [TEMPLATE_LOCK, parseInt(checksum, 16)] : undefined;
}

async function databases(admin: pg.Client, prefix: string): Promise<string[]> {
  const { rows } = await admin.query('select datname from pg_database where starts_with(datname, $1)', [prefix]);
  return rows.map(({ datname }) => datname);
}
