import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
// First, for its streams have to be there before the schema is built.
import { executions, faults, gates } from '../../test/streams.ts';
import { testKith, type Person, type TestKith } from '../../test/kit.ts';
import { openSocket } from '../../test/socket.ts';
import { inCommunity } from './db.ts';
import { publish } from './events.ts';
import { newId } from './ids.ts';

let kith: TestKith;
let place: { id: string; slug: string };
let anna: Person;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());
beforeEach(async () => {
  open = 0;
  await fed(0);
  place = await kith.community();
  anna = await kith.member(place, { name: 'Anna' });
});

const ALL = 'subscription ($after: ID) { saidToAll(after: $after) { id text } }';
const ME = 'subscription ($after: ID) { saidToMe(after: $after) { id text } }';

const say = (text: string, { to, more = {} }: { to?: Person; more?: object } = {}) =>
  inCommunity(place.id, (tx) => publish(tx, 'test.said', { text, ...more }, to && { memberId: to.memberId }));
/** Until the server feeds so many subscriptions. */
const fed = async (count: number) => {
  while (kith.subscriptions() !== count) await new Promise((resolve) => setTimeout(resolve, 1));
};
let open = 0;
/** A member's socket with one live subscription. */
async function listen(as: Person, query = ALL, variables = {}, id = '1') {
  const socket = await openSocket(kith.url, as);
  expect((await socket.next()).type).toBe('connection_ack');
  socket.subscribe(id, query, variables);
  await fed(++open);
  const close = () => {
    open--;
    socket.close();
  };
  const heard = async () => {
    const { payload } = await socket.next();
    return payload.data.saidToAll?.text ?? payload.data.saidToMe?.text;
  };
  return { ...socket, close, heard };
}
function gate(text: string) {
  let open!: () => void;
  gates.set(text, new Promise((resolve) => (open = resolve)));
  return open;
}
const asked = async (text: string) => {
  while (!executions.has(text)) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('equal subscriptions execute once, however many members have them and under whatever id', async () => {
  const boris = await kith.member(place, { name: 'Boris' });
  const sockets = [
    await listen(anna),
    await listen(anna, ALL, {}, 'an "id" of the client'),
    await listen(boris, ALL, { after: null }),
  ];
  const text = newId();
  await say(text);
  const messages = await Promise.all(sockets.map(({ next }) => next()));
  expect(messages.map(({ id }) => id)).toEqual(['1', 'an "id" of the client', '1']);
  expect(messages.map(({ payload }) => payload.data.saidToAll.text)).toEqual([text, text, text]);
  expect(executions.get(text)).toBe(1);
  sockets.forEach(({ close }) => close());
});

test('subscriptions that differ in a variable or in rights are answered each for itself', async () => {
  const loud = 'subscription ($shout: Boolean!) { saidToAll { text(shout: $shout) secret } }';
  const olga = await kith.member(place, { name: 'Olga', roles: ['OPERATOR'] });
  const sockets = [
    await listen(anna, loud, { shout: false }),
    await listen(anna, loud, { shout: true }),
    await listen(olga, loud, { shout: false }),
  ];
  await say('hear');
  const answers = await Promise.all(sockets.map(async ({ next }) => (await next()).payload.data.saidToAll));
  expect(answers).toEqual([
    { text: 'hear', secret: null },
    { text: 'HEAR', secret: null },
    { text: 'hear', secret: 'secret of hear' },
  ]);
  sockets.forEach(({ close }) => close());
});

test('what is said to one member reaches their sockets and nobody else', async () => {
  const boris = await kith.member(place, { name: 'Boris' });
  const [hers, his] = [await listen(anna, ME), await listen(boris, ME)];
  await say('to Anna', { to: anna });
  await say('to Boris', { to: boris });
  expect(await his.heard()).toBe('to Boris');
  expect(await hers.heard()).toBe('to Anna');
  hers.close();
  his.close();
});

test('an execution that takes long holds up its own stream and no other', async () => {
  const [slow, quick] = [await listen(anna), await listen(anna, ME)];
  const release = gate('slow');
  await say('slow');
  await say('next');
  await say('quick', { to: anna });
  expect(await quick.heard()).toBe('quick');
  release();
  expect([await slow.heard(), await slow.heard()]).toEqual(['slow', 'next']);
  slow.close();
  quick.close();
});

test('who comes back gets what was missed and what is said meanwhile, each once and in order', async () => {
  const first = await listen(anna);
  await say('0');
  const after = (await first.next()).payload.data.saidToAll.id;
  first.close();
  const texts = Array.from({ length: 30 }, (_, number) => `past ${number}`);
  for (const text of texts) await say(text);
  const release = gate('past 3');
  const [one, other] = [await listen(anna, ALL, { after }), await listen(anna, ALL, { after })];
  await asked('past 3');
  for (const text of ['live 1', 'live 2']) await say(text);
  release();
  const heard = async ({ heard }: typeof one) => {
    const all = [];
    while (all.length < 32) all.push(await heard());
    return all;
  };
  expect(await Promise.all([heard(one), heard(other)])).toEqual([
    [...texts, 'live 1', 'live 2'],
    [...texts, 'live 1', 'live 2'],
  ]);
  // Many come back at once after a restart: what they missed is executed once for all of them.
  expect(executions.get('past 20')).toBe(1);
  one.close();
  other.close();
});

test('a client that has seen what is no more in the log is told to load the present state', async () => {
  const elsewhere = await kith.community();
  await inCommunity(elsewhere.id, (tx) => publish(tx, 'test.said', { text: 'elsewhere' }));
  const [foreign] = await kith.sql<{ id: string }>(
    "select xid::text || '-' || id as id from events where community_id = $1",
    [elsewhere.id],
  );
  for (const after of ['1-1', foreign!.id]) {
    const socket = await openSocket(kith.url, anna);
    expect((await socket.next()).type).toBe('connection_ack');
    socket.subscribe('1', ALL, { after });
    expect((await socket.next()).payload.errors[0].extensions.code).toBe('EVENT_GONE');
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    socket.close();
  }
});

test('what was missed comes in the order of the log, also where a transaction number gets one digit more', async () => {
  const rows = await kith.sql<{ at: string }>(
    `insert into events (community_id, xid, topic, payload)
     select $1, xid::xid8, 'test.said', jsonb_build_object('text', xid) from unnest(array['9', '99', '100', '1000']) xid
     returning xid::text || '-' || id as at`,
    [place.id],
  );
  const { heard, close } = await listen(anna, ALL, { after: rows[0]!.at });
  expect([await heard(), await heard(), await heard()]).toEqual(['99', '100', '1000']);
  close();
});

test('an after that is no event id is refused', async () => {
  const { next, subscribe, close } = await openSocket(kith.url, anna);
  await next();
  for (const after of ['', 'yesterday', '99999999999999999999-1']) {
    subscribe('1', ALL, { after });
    expect((await next()).payload.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
    await next();
  }
  close();
});

test('a fault in an answer is told without its cause, and the stream goes on', async () => {
  const { next, heard, close } = await listen(anna);
  faults.set('broken', new Error('password of the database'));
  await say('broken');
  await say('sound');
  const { payload } = await next();
  expect(payload.data).toBeNull();
  expect(payload.errors[0].extensions.code).toBe('INTERNAL');
  expect(JSON.stringify(payload)).not.toContain('password');
  expect(await heard()).toBe('sound');
  close();
});

test('after a client has ended a subscription nothing of it arrives, also when an answer was being made', async () => {
  const { subscribe, complete, settled, next, close } = await listen(anna);
  const release = gate('too late');
  await say('too late');
  await asked('too late');
  complete('1');
  await settled();
  subscribe('2', ME);
  await settled();
  release();
  await say('in time', { to: anna });
  expect((await next()).id).toBe('2');
  close();
});

test('a suspended member is told nothing more and may not begin again', async () => {
  const { next, subscribe, close } = await listen(anna);
  await inCommunity(place.id, async (tx) => {
    await tx.member.updateMany({ where: { id: anna.memberId }, data: { state: 'SUSPENDED' } });
    await publish(tx, 'member.ended', { memberId: anna.memberId });
    await publish(tx, 'test.said', { text: 'not for Anna' });
  });
  expect((await next()).payload.errors[0].extensions.code).toBe('FORBIDDEN');
  expect((await next()).type).toBe('complete');
  subscribe('2', ALL);
  expect((await next()).payload.errors[0].extensions.code).toBe('FORBIDDEN');
  close();
});

test('new roles end the streams that began with the old ones, a new name ends none', async () => {
  const [hers, boris] = [await listen(anna), await kith.member(place, { name: 'Boris' })];
  const his = await listen(boris);
  await inCommunity(place.id, async (tx) => {
    await tx.member.updateMany({ where: { id: anna.memberId }, data: { roles: ['MEMBER', 'OPERATOR'] } });
    await tx.member.updateMany({ where: { id: boris.memberId }, data: { displayName: 'Boris II' } });
    await publish(tx, 'member.changed', { memberId: boris.memberId });
    await publish(tx, 'member.changed', { memberId: anna.memberId });
  });
  expect((await hers.next()).payload.errors[0].extensions.code).toBe('SUBSCRIPTION_ENDED');
  await say('still here');
  expect(await his.heard()).toBe('still here');
  hers.close();
  his.close();
});
