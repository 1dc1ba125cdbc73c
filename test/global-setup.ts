import { randomInt } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareDatabase, schemaChecksum, startEmbedded } from '@kith/db';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { onDatabase, type TestServer } from './database.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// Two-number advisory locks held by a run: the second number is its own, or its template's.
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
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  admin.on('error', () => {});
  await admin.connect();
  const checksum = schemaChecksum().slice(0, 7);
  const number = randomInt(2 ** 31);
  const template = `kith_template_${checksum}`;
  const prefix = `kith_test_${number}_`;
  await admin.query('select pg_advisory_lock($1, $2)', [RUN_LOCK, number]);
  await admin.query('select pg_advisory_lock_shared($1, $2)', [TEMPLATE_LOCK, parseInt(checksum, 16)]);

  await admin.query('select pg_advisory_lock($1, 0)', [MAKING_LOCK]);
  await dropAbandoned(admin, template);
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
  if (!rowCount) await admin.query(`create database ${template}`);
  // Also when it was there: a run may have been killed half-way, and the runner itself may have changed.
  const { appUrl } = await prepareDatabase(onDatabase(adminUrl, template));
  await admin.query('select pg_advisory_unlock($1, 0)', [MAKING_LOCK]);

  return {
    server: { adminUrl, appUrl, template, prefix },
    async leave() {
      for (const name of await databases(admin, prefix))
        await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
      await server.stop();
    },
  };
}

/** DATABASE_URL's server, else one of the repository's own that never waits for the disk. */
async function serverUrl(): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { ownerUrl: process.env.DATABASE_URL, stop: async () => {} };
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return startEmbedded({ dataDir: path.join(ROOT, '.data', 'test'), settings });
}

/** Whoever lives holds the lock of its number. */
async function dropAbandoned(admin: pg.Client, template: string): Promise<void> {
  for (const name of await databases(admin, 'kith_')) {
    const [, checksum] = /^kith_template_([0-9a-f]{7})$/.exec(name) ?? [];
    const [, number] = /^kith_test_(\d+)_/.exec(name) ?? [];
    // This run's own shared lock would not stop it from taking the whole.
    if (!(checksum || number) || name === template) continue;
    const lock = checksum ? [TEMPLATE_LOCK, parseInt(checksum, 16)] : [RUN_LOCK, Number(number)];
    const { rows } = await admin.query('select pg_try_advisory_lock($1, $2) as abandoned', lock);
    if (!rows[0].abandoned) continue;
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query('select pg_advisory_unlock($1, $2)', lock);
  }
}

async function databases(admin: pg.Client, prefix: string): Promise<string[]> {
  const { rows } = await admin.query('select datname from pg_database where starts_with(datname, $1)', [prefix]);
  return rows.map(({ datname }) => datname);
}
