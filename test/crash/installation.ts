import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { prepareDatabase, startEmbedded } from '@kith/db';
import pg from 'pg';
import { startApi } from '../process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What can be killed: the server, what works on jobs, all of PostgreSQL, or one connection of it, which takes the others along. */
export const VICTIMS = ['api', 'worker', 'postgres', 'backend'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Kith as an installation has it: PostgreSQL with a durable disk, and the API as processes of their own, at addresses that stay. */
export async function startInstallation({ bundle }: { bundle: boolean }) {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-crash-'));
  // Open to the account the server runs under; else its files would stand elsewhere and stay.
  fs.chmodSync(dataDir, 0o755);
  let database = await startEmbedded({ dataDir });
  const { ownerUrl } = database;
  await prepareDatabase(ownerUrl);
  const settings = {
    ...{ PORT: String(await freePort()), SEARCH_ENGINE: 'postgres', EMBEDDER: 'none', LOG_LEVEL: 'silent' },
  };
  const start = () => startApi({ databaseUrl: ownerUrl, bundle, settings });
  let api = await start();
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 3 });
  // Its connections die with the server; the next query makes new ones.
  owner.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  const sql = async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await owner.query<R>(text, values)).rows;

  const crash: Record<Victim, () => Promise<void>> = {
    async api() {
      await api.kill();
      api = await start();
    },
    async worker() {
      for (const pid of childrenOf(api.pid)) kill(pid);
    },
    async postgres() {
      const rows = await sql<{ pid: number }>('select pid from pg_stat_activity');
      kill(Number(fs.readFileSync(path.join(dataDir, 'cluster/data/postmaster.pid'), 'utf8').split('\n')[0]));
      for (const { pid } of rows) kill(pid);
      database = await startEmbedded({ dataDir, settings: { port: new URL(ownerUrl).port } });
    },
    async backend() {
      const [row] = await sql<{ pid: number }>(
        "select pid from pg_stat_activity where application_name = 'kith' and state = 'active' limit 1",
      );
      if (row) kill(row.pid);
    },
  };

  return {
    url: api.url,
    sql,
    /** Kills as `kill -9` does, and starts again what nobody else starts. */
    crash: (victim: Victim) => crash[victim](),
    /** What `npm run audit` says of it, and the code it ends with. */
    async audit() {
      const program = bundle ? ['api/dist/audit.js'] : ['--import', 'tsx', 'api/src/audit.ts'];
      const env = { PATH: process.env.PATH, DATABASE_URL: ownerUrl };
      const child = spawn(process.execPath, program, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)));
      const [status] = (await once(child, 'close')) as [number | null];
      return { status, said };
    },
    async stop() {
      await api.stop();
      await owner.end();
      await database.stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type Installation = Awaited<ReturnType<typeof startInstallation>>;

/** One that ended by itself meanwhile is as dead as wanted. */
function kill(pid: number) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}

/** Only Linux says which processes another one started; elsewhere there is nobody to kill. */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits, and says what for when it was in vain. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs: number) {
  for (const patience = Date.now() + withinMs; !(await holds()); await sleep(50))
    if (Date.now() > patience) throw new Error(`Waited in vain until ${what}.`);
}
