import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Meilisearch to talk to. `ensure` starts it again, at the same address, if it was ours and died; `stop` ends it if it is ours. */
export type MeilisearchServer = { url: string; key?: string; ensure(): Promise<void>; stop(): Promise<void> };

export type ServerOptions = {
  /** A server run by somebody else (MEILI_URL), with its key. */
  url?: string;
  key?: string;
  /** A program to start instead, default `meilisearch` on the PATH. */
  program?: string;
  /** Where the started server keeps its data, its key and its address. */
  dataDir: string;
};

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

/** Finds Meilisearch: the one named, else one already running on the data folder, else a program that is started. Else undefined. */
export async function findMeilisearch({
  url,
  key,
  program,
  dataDir,
}: ServerOptions): Promise<MeilisearchServer | undefined> {
  if (url) return { url, key, ensure: async () => {}, stop: async () => {} };
  const executable = program ?? onPath('meilisearch');
  return executable ? startOrJoin(executable, path.resolve(dataDir)) : undefined;
}

/** What the data folder says of the server on it: `owner` is the process that stops it. */
type Running = { port: number; pid: number; owner: number };

async function startOrJoin(executable: string, folder: string): Promise<MeilisearchServer> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = masterKey(path.join(folder, 'key'));
  const file = path.join(folder, 'running.json');
  let child: ChildProcess | undefined;

  const ensure = async (): Promise<Running> => {
    const release = await lock(path.join(folder, 'starting'));
    try {
      const known = read(file);
      if (known && isAlive(known.pid) && (await answers(known.port, key))) {
        // Whoever started it was killed: now it is ours to stop.
        return isAlive(known.owner) ? known : write(file, { ...known, owner: process.pid });
      }
      const port = known && (await isFree(known.port)) ? known.port : await freePort();
      child = launch(executable, folder, port, key);
      await untilItAnswers(child, port, key, path.join(folder, 'server.log'));
      return write(file, { port, pid: child.pid!, owner: process.pid });
    } finally {
      release();
    }
  };

  const { port } = await ensure();
  return {
    url: `http://127.0.0.1:${port}`,
    key,
    ensure: async () => void (await ensure()),
    async stop() {
      const running = read(file);
      if (!running || running.owner !== process.pid || !isAlive(running.pid)) return;
      fs.rmSync(file, { force: true });
      await end(running.pid);
    },
  };
}

function launch(executable: string, folder: string, port: number, key: string): ChildProcess {
  const log = fs.openSync(path.join(folder, 'server.log'), 'a', 0o600);
  const options = ['--db-path', path.join(folder, 'data'), '--dump-dir', path.join(folder, 'dumps')];
  const address = ['--http-addr', `127.0.0.1:${port}`];
  // The key goes by the environment: arguments are there for every user of the machine to read.
  const env = { PATH: process.env.PATH, HOME: folder, MEILI_MASTER_KEY: key, MEILI_ENV: 'production' };
  // A process group of its own, so that Ctrl-C in the terminal leaves it to us to stop it after the last request.
  const child = spawn(executable, [...options, ...address, '--no-analytics', '--log-level', 'WARN'], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.on('error', () => {});
  child.unref();
  fs.closeSync(log);
  return child;
}

async function untilItAnswers(child: ChildProcess, port: number, key: string, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(port, key))) {
    const isOver = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (isOver || Date.now() > deadline) {
      if (child.pid !== undefined && !isOver) await end(child.pid);
      throw new Error(`Meilisearch did not start; its words are in ${log}.`);
    }
    await sleep(50);
  }
}

/** With the key, so that a stranger's server on the same port is not taken for ours. */
async function answers(port: number, key: string): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`http://127.0.0.1:${port}/version`, { headers, signal })).ok;
  } catch {
    return false;
  }
}

async function end(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  signal(pid, 'SIGKILL');
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

function masterKey(file: string): string {
  try {
    // Exclusive: of two processes that start together, one writes the key and both read it.
    fs.writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return fs.readFileSync(file, 'utf8');
}

/** One process at a time starts a server on the folder; a lock whose holder died is taken over. */
async function lock(file: string): Promise<() => void> {
  const deadline = Date.now() + START_TIMEOUT_MS * 2;
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 0);
      if (holder && !isAlive(holder)) fs.rmSync(file, { force: true });
      else if (Date.now() > deadline) throw new Error(`Another process (${holder}) holds ${file}.`);
      else await sleep(50);
    }
  }
}

function read(file: string): Running | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function write(file: string, running: Running): Running {
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(running));
  fs.renameSync(`${file}.${process.pid}`, file);
  return running;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The full path of a program on the PATH. */
export function onPath(program: string): string | undefined {
  const names = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, program));
  return names.find((name) => {
    try {
      fs.accessSync(name, fs.constants.X_OK);
      return fs.statSync(name).isFile();
    } catch {
      return false;
    }
  });
}
