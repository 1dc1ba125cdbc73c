import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { once } from 'node:events';
import { testKith, type TestKith } from '../../test/kit.ts';
import { inCommunity } from './db.ts';
import { EventFeed, comesAfter, eventsAfter, parsePosition, positionOf, publish, type KithEvent } from './events.ts';
import { enqueue } from './jobs.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

/** A connection of the application inside a transaction of the community, with what it can say there. */
async function writer(communityId: string) {
  const client = new pg.Client({ connectionString: kith.appUrl });
  await client.connect();
  return {
    begin: () => client.query(`begin; set local app.community_id = '${communityId}'`),
    say: (text: string) =>
      client.query("select kith.publish('test', null, jsonb_build_object('text', $1::text))", [text]),
    commit: () => client.query('commit'),
    rollback: () => client.query('rollback'),
    end: () => client.end(),
  };
}

/** A reader of one community's texts, as another process would be. */
async function reader(communityId: string) {
  const feed = new EventFeed(kith.appUrl);
  const events: KithEvent[] = [];
  feed.on('event', (event) => void (event.communityId === communityId && events.push(event)));
  await feed.start();
  return {
    feed,
    ids: () => events.map(({ id }) => id),
    texts: () => events.map(({ payload }) => payload.text),
    async until(count: number) {
      while (events.length < count) await once(feed, 'event');
    },
  };
}
const say = (communityId: string, text: string) => inCommunity(communityId, (tx) => publish(tx, 'test', { text }));
const beginningOf = async () => {
  const [head] = await kith.sql<{ xid: string; id: string }>('select xid, id::text from kith.events_head()');
  return `${head!.xid}-${head!.id}`;
};

test('an event waits for the transactions that may still write an earlier one', async () => {
  const { id } = await kith.community();
  const start = await beginningOf();
  const [early, late, client] = [await writer(id), await writer(id), new pg.Client(kith.appUrl)];
  await client.connect();
  await early.begin();
  await early.say('early');
  await late.begin();
  await late.say('late');
  await late.commit();
  expect(await eventsAfter(client, start, 10)).toEqual({ events: [], waiting: true });
  await early.commit();
  // Other transactions of the server may hold the horizon for a moment, those of other databases too.
  await expect.poll(async () => (await eventsAfter(client, start, 10)).waiting, { timeout: 10_000 }).toBe(false);
  const { events } = await eventsAfter(client, start, 10);
  expect(events.map(({ payload }) => payload.text)).toEqual(['early', 'late']);
  await Promise.all([early.end(), late.end(), client.end()]);
});

test('every reader gets every committed event once, in one order, whatever order the transactions end in', async () => {
  const { id } = await kith.community();
  const readers = [await reader(id), await reader(id)];
  const committed: string[] = [];
  await Promise.all(
    Array.from({ length: 12 }, async (_, number) => {
      const connection = await writer(id);
      for (let round = 0; round < 25; round++) {
        await connection.begin();
        const texts = Array.from({ length: 1 + ((number + round) % 3) }, (_, line) => `${number}.${round}.${line}`);
        for (const text of texts) await connection.say(text);
        if ((number * 7 + round) % 5 === 0) await connection.rollback();
        else {
          await connection.commit();
          committed.push(...texts);
        }
      }
      await connection.end();
    }),
  );
  await Promise.all(readers.map((each) => each.until(committed.length)));
  const log = await kith.sql<{ id: string }>(
    "select xid::text || '-' || id as id from events where community_id = $1 order by events.xid, events.id",
    [id],
  );
  for (const each of readers) {
    expect(each.ids()).toEqual(log.map((row) => row.id));
    expect([...each.texts()].sort()).toEqual([...committed].sort());
    await each.feed.stop();
  }
});

test('a reader whose connection is cut goes on where it stopped', async () => {
  const { id } = await kith.community();
  const { feed, texts, until } = await reader(id);
  await say(id, 'before');
  await until(1);
  const lost = once(feed, 'reconnected');
  await kith.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kith events' and datname = current_database()",
  );
  await say(id, 'meanwhile');
  await lost;
  await say(id, 'after');
  await until(3);
  expect(texts()).toEqual(['before', 'meanwhile', 'after']);
  await feed.stop();
});

test('a log that comes from another server is emptied, and its readers begin anew', async () => {
  const { id } = await kith.community();
  const { feed, texts, until } = await reader(id);
  await kith.sql(
    "insert into events (community_id, xid, topic, payload) values ($1, '4000000000000', 'test', '{\"text\": \"of another server\"}')",
    [id],
  );
  // What a reader followed there lies in the future here.
  feed.position = '4000000000000-1';
  const reset = once(feed, 'reset');
  await kith.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kith events' and datname = current_database()",
  );
  await reset;
  await say(id, 'new');
  await until(1);
  expect(texts()).toEqual(['new']);
  expect(await kith.sql("select 1 from events where payload->>'text' = 'of another server'")).toEqual([]);
  await feed.stop();
});

test('an undone transaction leaves no event', async () => {
  const { id } = await kith.community();
  const { feed, texts, until } = await reader(id);
  await inCommunity(id, async (tx) => {
    await publish(tx, 'test', { text: 'undone' });
    throw new Error('undo');
  }).catch(() => {});
  await say(id, 'kept');
  await until(1);
  expect(texts()).toEqual(['kept']);
  await feed.stop();
});

test('neither publishing nor enqueuing announces inside the transaction, where it would hold up every other commit', async () => {
  const { id } = await kith.community();
  const [listener, connection] = [new pg.Client(kith.appUrl), new pg.Client(kith.appUrl)];
  await Promise.all([listener.connect(), connection.connect()]);
  await listener.query('listen "jobs:insert"; listen kith_events');
  const heard: string[] = [];
  listener.on('notification', ({ payload }) => heard.push(payload!));
  await connection.query(`begin; set local app.community_id = '${id}'`);
  await connection.query("select kith.publish('test', null, '{}'), kith.enqueue('nothing', '{}')");
  await connection.query("commit; notify kith_events, 'the first that is heard'");
  await listener.query('select 1');
  expect(heard).toEqual(['the first that is heard']);
  expect(await kith.sql("delete from graphile_worker._private_jobs returning 'a job'")).toHaveLength(1);
  await Promise.all([listener.end(), connection.end()]);
});

test('a worker is told of a job after the commit', async () => {
  const { id } = await kith.community();
  const listener = new pg.Client(kith.appUrl);
  await listener.connect();
  await listener.query('listen "jobs:insert"');
  const heard = once(listener, 'notification');
  await inCommunity(id, (tx) => enqueue(tx, 'nothing', {}));
  expect(JSON.parse((await heard)[0].payload)).toEqual({ count: 1 });
  await kith.sql('delete from graphile_worker._private_jobs');
  await listener.end();
});

test('the log forgets what is older than 30 days, from its beginning and without gaps', async () => {
  const { id } = await kith.community();
  await kith.sql('delete from events');
  for (const days of [40, 35, 10, 31]) await say(id, `${days}`);
  await kith.sql("update events set created_at = now() - make_interval(days => (payload->>'text')::int)");
  await inCommunity(id, (tx) => enqueue(tx, 'events.prune', {}));
  await kith.jobs();
  // The last one is old enough, but stands behind a younger one.
  expect(await kith.sql("select payload->>'text' as days from events order by xid, id")).toEqual([
    { days: '10' },
    { days: '31' },
  ]);
});

test('a position is two numbers that the database can hold', () => {
  expect(parsePosition('12-3')).toEqual({ xid: 12n, id: 3n });
  for (const text of [
    '',
    '12',
    '12-',
    '-3',
    '12-3-4',
    ' 12-3',
    '1e3-1',
    '9223372036854775808-1',
    '1-9999999999999999999',
  ])
    expect(parsePosition(text)).toBeUndefined();
  expect(comesAfter(positionOf('9-1'), positionOf('10-1'))).toBe(false);
  expect(comesAfter(positionOf('10-2'), positionOf('10-1'))).toBe(true);
  expect(comesAfter(positionOf('10-1'), positionOf('10-1'))).toBe(false);
});
