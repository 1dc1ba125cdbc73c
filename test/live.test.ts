import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareDatabase, startEmbedded } from '@kith/db';
import { hashToken } from '../api/src/context.ts';
import { newId } from '../api/src/ids.ts';
import { startApi } from './process.ts';
import { openSocket } from './socket.ts';

// A server of its own, with a durable disk: it is crashed.
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-live-'));
fs.chmodSync(dataDir, 0o755);
let database: Awaited<ReturnType<typeof startEmbedded>>;
let appUrl: string;
const communityId = newId();

beforeAll(async () => {
  database = await startEmbedded({ dataDir });
  ({ appUrl } = await prepareDatabase(database.ownerUrl));
  await sql(
    "insert into communities (id, slug, name, currency_code, currency_name) values ($1, 'live', 'Live', 'LIVE', 'Lives')",
    [communityId],
  );
});
afterAll(async () => {
  await database.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

async function sql<R extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function member() {
  const [userId, memberId, token] = [newId(), newId(), randomBytes(32).toString('base64url')];
  await sql("insert into users (id, email, name) values ($1, $2, 'M')", [userId, `${userId}@example.org`]);
  await sql(
    "insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')",
    [newId(), userId, hashToken(token)],
  );
  await sql("insert into members (community_id, id, user_id, state, display_name) values ($1, $2, $3, 'ACTIVE', 'M')", [
    communityId,
    memberId,
    userId,
  ]);
  return { memberId, token, community: 'live' };
}

/** Waits, and says what for when it was in vain. */
async function until(what: string, holds: () => boolean | Promise<boolean>, state: () => unknown = () => undefined) {
  const patience = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > patience) throw new Error(`waited in vain until ${what}: ${JSON.stringify(await state())}`);
    await sleep(10);
  }
}

/** PostgreSQL dies as in a power cut, and comes back on the same port. */
async function crashDatabase() {
  const port = new URL(database.ownerUrl).port;
  const [pid] = fs.readFileSync(path.join(dataDir, 'cluster/data/postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  for (let alive = true; alive; await sleep(20)) {
    try {
      process.kill(Number(pid), 0);
    } catch {
      alive = false;
    }
  }
  await sleep(500);
  database = await startEmbedded({ dataDir, settings: { port } });
}

/** A client as a frontend should be: when its stream ends for whatever reason, it goes on elsewhere after its last event. */
function follow(as: Awaited<ReturnType<typeof member>>, addresses: () => string[], first: number) {
  const ids: string[] = [];
  let [going, connections, at, hangUp] = [true, 0, 'nowhere', () => {}];
  const done = (async () => {
    for (let turn = first; going; turn++) {
      const places = addresses();
      at = `connecting to ${turn % places.length}`;
      try {
        const { subscribe, next, close } = await openSocket(places[turn % places.length]!, as);
        hangUp = close;
        await next();
        connections++;
        at = `at ${turn % places.length}`;
        const query = 'subscription ($after: ID) { notificationReceived(after: $after) { id } }';
        subscribe('1', query, { after: ids.at(-1) });
        for (let message = await next(); message.payload && !message.payload.errors; message = await next())
          ids.push(message.payload.data.notificationReceived.id);
        close();
      } catch {
        await sleep(30);
      }
    }
  })();
  return {
    ids,
    connections: () => connections,
    at: () => at,
    async stop() {
      going = false;
      hangUp();
      await done;
    },
  };
}

/** Writes events for everybody, some of them undone, through whatever happens to the database. */
function write(members: { memberId: string }[], number: number) {
  let going = true;
  const done = (async () => {
    while (going) {
      const client = new pg.Client(appUrl);
      client.on('error', () => {});
      try {
        await client.connect();
        for (let round = 0; going; round++) {
          await client.query(`begin; set local app.community_id = '${communityId}'`);
          for (const { memberId } of members)
            await client.query(
              "select kith.publish('notification.received', $1, jsonb_build_object('notificationId', $2::text))",
              [memberId, newId()],
            );
          if ((round + number) % 7 === 3) await client.query('rollback');
          else await client.query('commit');
          await sleep(5 + ((number * 11 + round) % 20));
        }
      } catch {
        await sleep(50);
      } finally {
        void client.end().catch(() => {});
      }
    }
  })();
  return async () => {
    going = false;
    await done;
  };
}

test('through a killed process and a crashed database each client has every event once, in order', async () => {
  const api = () => startApi({ databaseUrl: database.ownerUrl, settings: { DATABASE_POOL: '5' } });
  let [one, other] = await Promise.all([api(), api()]);
  const addresses = () => [one.url, other.url];
  const members = await Promise.all(Array.from({ length: 6 }, member));
  const clients = members.flatMap((each) => [0, 1].map((first) => ({ ...each, ...follow(each, addresses, first) })));
  const state = () => clients.map(({ ids, connections, at }) => [ids.length, connections(), at()]);
  const writers = [1, 2, 3, 4].map((number) => write(members, number));
  // From then on each has a last event to go on after; what came before it subscribed is not its.
  await until('all are told', () => clients.every(({ ids }) => ids.length > 0), state);
  const progress = async (more: number) => {
    const goals = clients.map(({ ids }) => ids.length + more);
    await until('all have more', () => clients.every(({ ids }, index) => ids.length >= goals[index]!), state);
  };

  await progress(20);
  await one.kill();
  await progress(20);
  one = await api();
  await progress(20);
  await crashDatabase();
  await progress(20);
  await other.stop();
  await progress(20);
  other = await api();
  await crashDatabase();
  await progress(20);
  await Promise.all(writers.map((stop) => stop()));

  for (const { memberId, ids } of clients) {
    const log = await sql<{ id: string }>(
      "select xid::text || '-' || id as id from events where member_id = $1 order by events.xid, events.id",
      [memberId],
    );
    const expected = log.map(({ id }) => id).slice(log.findIndex(({ id }) => id === ids[0]));
    await until('all have all', () => ids.length >= expected.length, state);
    expect(ids).toEqual(expected);
  }
  for (const { connections } of clients) expect(connections()).toBeGreaterThan(1);
  await Promise.all([...clients.map(({ stop }) => stop()), one.stop(), other.stop()]);
}, 180_000);

test('a notice whose worker was killed, or lost the database, is given once all the same', async () => {
  const api = () => startApi({ databaseUrl: database.ownerUrl, settings: { DATABASE_POOL: '5' } });
  let one = await api();
  const anna = await member();
  const notices = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, number) => ({
      memberId: anna.memberId,
      kind: 'test',
      key: `key ${from + number}`,
      title: `${from + number}`,
    }));
  const enqueue = (from: number, to: number) =>
    sql("select kith.enqueue('notify', $1)", [JSON.stringify({ communityId, notices: notices(from, to) })]);
  const given = async () =>
    (await sql<{ count: number }>('select count(*)::int from notifications where member_id = $1', [anna.memberId]))[0]!
      .count;
  const jobs = () => sql('select * from graphile_worker._private_jobs');
  const state = async () => ({ given: await given(), jobs: await jobs() });
  const locked = () =>
    until('a worker took it', async () => (await jobs()).some(({ locked_by }) => locked_by !== null), state);

  await enqueue(0, 300);
  await locked();
  await one.kill();
  expect(await given()).toBeLessThan(300);
  one = await api();
  await until('the next worker gave them', async () => (await given()) === 300, state);

  await enqueue(300, 600);
  await locked();
  await crashDatabase();
  await enqueue(600, 601);
  await until('they came after the crash', async () => (await given()) === 601, state);
  // Also the job of a worker that could not say that it was done.
  await until('no job is left', async () => !(await jobs()).length, state);
  expect(await given()).toBe(601);
  await one.stop();
}, 180_000);
