import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbedded } from './embedded.ts';

const settings = { fsync: 'off', full_page_writes: 'off', shared_buffers: '16MB', max_connections: '20' };
let folder: string;
let started: Awaited<ReturnType<typeof startEmbedded>>[];

async function start(dataDir = folder) {
  const embedded = await startEmbedded({ dataDir, settings });
  started.push(embedded);
  return embedded;
}

beforeEach(() => {
  folder = openFolder();
  started = [];
});

afterEach(async () => {
  // A server left by a killed process is joined and stopped as well, so that none outlives its folder.
  await start();
  for (const { stop } of started) await stop();
  const cluster = path.join(folder, 'cluster');
  fs.rmSync(fs.realpathSync(cluster), { recursive: true });
  fs.rmSync(folder, { recursive: true });
});

it('a second start joins the server of the first, and only the last one out stops it', async () => {
  const first = await start();
  const second = await start();
  expect(second.ownerUrl).toBe(first.ownerUrl);
  await first.stop();
  expect(await ask(second.ownerUrl, 'select 1 as value')).toBe(1);
  await second.stop();
  await expect(ask(second.ownerUrl, 'select 1 as value')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('of two that leave at once one stops the server', async () => {
  const both = await Promise.all([start(), start()]);
  await Promise.all(both.map(({ stop }) => stop()));
  await expect(ask(both[0].ownerUrl, 'select 1 as value')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('a connection of somebody else keeps the server', async () => {
  const { ownerUrl, stop } = await start();
  const guest = new pg.Client(ownerUrl);
  await guest.connect();
  await stop();
  expect((await guest.query('select 1 as value')).rows).toEqual([{ value: 1 }]);
  await guest.end();
});

it('a start that meets a stop gets a server that stays', async () => {
  let current = await start();
  for (let round = 0; round < 5; round++) {
    const [, next] = await Promise.all([current.stop(), start()]);
    expect(await ask(next.ownerUrl, 'select 1 as value')).toBe(1);
    current = next;
  }
  await current.stop();
});

it('the server outlives a killed process, and the next one joins it', async () => {
  const other = otherProcess();
  const ownerUrl = await addressFrom(other);
  other.kill('SIGKILL');
  await once(other, 'exit');
  const { ownerUrl: joined } = await start();
  expect(joined).toBe(ownerUrl);
});

it('two processes that start at once on an empty folder share one server', async () => {
  const others = [otherProcess(), otherProcess()];
  const addresses = await Promise.all(others.map(addressFrom));
  expect(addresses[0]).toBe(addresses[1]);
  for (const other of others) other.kill('SIGKILL');
});

it('the data of a killed server is there after the next start', async () => {
  const first = await start();
  await ask(first.ownerUrl, 'create table kept as select 42 as value');
  const [pid] = fs.readFileSync(path.join(folder, 'cluster/data/postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGKILL');
  const second = await start();
  expect(await ask(second.ownerUrl, 'select value from kept')).toBe(42);
});

it('the half-made cluster of a killed process is made anew', async () => {
  const dead = otherProcess();
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  const draft = path.join(folder, `cluster.${dead.pid}.0a1b2c3d`);
  fs.mkdirSync(path.join(draft, 'data', 'base'), { recursive: true });
  const { ownerUrl } = await start();
  expect(await ask(ownerUrl, 'select 1 as value')).toBe(1);
  expect(fs.readdirSync(folder).sort()).toEqual(['cluster', 'server.log']);
});

it('a folder copied from a running server gets a server of its own', async () => {
  await (await start()).stop();
  const other = openFolder();
  const original = await start(other);
  const pidFile = 'cluster/data/postmaster.pid';
  fs.copyFileSync(path.join(other, pidFile), path.join(folder, pidFile));
  const copy = await start();
  expect(new URL(copy.ownerUrl).port).not.toBe(new URL(original.ownerUrl).port);
  await original.stop();
  fs.rmSync(other, { recursive: true });
});

it('a setting that PostgreSQL refuses is told with its own words', async () => {
  await expect(startEmbedded({ dataDir: folder, settings: { ...settings, shared_buffers: 'much' } })).rejects.toThrow(
    /did not start[^]*invalid value for parameter "shared_buffers"/,
  );
});

it('a platform without PostgreSQL from npm is told of DATABASE_URL', async () => {
  const { arch } = process;
  Object.defineProperty(process, 'arch', { value: 'abacus' });
  try {
    await expect(start()).rejects.toThrow(/abacus is not installed\): set DATABASE_URL/);
  } finally {
    Object.defineProperty(process, 'arch', { value: arch });
  }
});

it.runIf(process.getuid?.() === 0)(
  'under a folder closed to others root puts the cluster in /var/lib/kith',
  async () => {
    fs.chmodSync(folder, 0o700);
    const { ownerUrl } = await start();
    expect(await ask(ownerUrl, 'select 1 as value')).toBe(1);
    expect(fs.readlinkSync(path.join(folder, 'cluster'))).toMatch(/^\/var\/lib\/kith\/[0-9a-f]{16}$/);
  },
);

function openFolder(): string {
  const name = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kith-embedded-')));
  fs.chmodSync(name, 0o755);
  return name;
}

async function ask(ownerUrl: string, sql: string): Promise<unknown> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows[0]?.value;
}

function otherProcess(): ChildProcess {
  const module = new URL('./embedded.ts', import.meta.url).href;
  const program = `import { startEmbedded } from '${module}';
    console.log((await startEmbedded(${JSON.stringify({ dataDir: folder, settings })})).ownerUrl);
    setInterval(() => {}, 1000);`;
  const cwd = path.dirname(fileURLToPath(import.meta.url));
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  return spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function addressFrom(other: ChildProcess): Promise<string> {
  const [line] = (await once(other.stdout!, 'data')) as [Buffer];
  return line.toString().trim();
}
