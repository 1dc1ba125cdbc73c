// First, for its streams have to be there before the schema is built.
import '../../test/streams.ts';
import { beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../test/kit.ts';
import { openSocket } from '../../test/socket.ts';
import { inCommunity } from './db.ts';
import { publish } from './events.ts';

let kith: TestKith;
let place: { id: string; slug: string };
let anna: Person;
beforeAll(async () => {
  kith = await testKith({ settings: { SOCKETS_PER_ADDRESS: '6', REQUESTS_PER_MINUTE: '400' } });
  place = await kith.community();
  anna = await kith.member(place);
});

const ALL = 'subscription ($after: ID) { saidToAll(after: $after) { id text } }';
const say = (text: string) => inCommunity(place.id, (tx) => publish(tx, 'test.said', { text }));
const open = async (as?: Person) => {
  const socket = await openSocket(kith.url, as);
  expect((await socket.next()).type).toBe('connection_ack');
  return socket;
};
const subscribed = async (count: number) => {
  while (kith.subscriptions() !== count) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('queries, mutations and their errors answer over the socket as they do over HTTP', async () => {
  const { subscribe, next, close } = await open(anna);
  const code = async (query: string, variables = {}) => {
    subscribe('1', query, variables);
    const { type, payload } = await next();
    if (type === 'next') expect((await next()).type).toBe('complete');
    const [error] = type === 'error' ? payload : (payload.errors ?? []);
    return error?.extensions.code ?? payload.data;
  };
  expect(await code('{ __typename }')).toEqual({ __typename: 'Query' });
  expect(await code('{ nothing }')).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await code('{ ')).toBe('GRAPHQL_PARSE_FAILED');
  expect(await code('query ($id: ID!) { node(id: $id) { id } }', {})).toBe('BAD_USER_INPUT');
  expect(await code('mutation { markNotificationsRead(ids: ["x"]) }')).toBe('NOT_FOUND');
  close();
});

test('who is not signed in may look but not subscribe', async () => {
  const { subscribe, next, close } = await open();
  subscribe('1', ALL);
  expect((await next()).payload.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  close();
});

test('a token that is not good closes the socket, so that the client signs in again', async () => {
  const { closed } = await openSocket(kith.url, { ...anna, token: 'x'.repeat(43) });
  expect((await closed).code).toBe(4401);
});

test('a subscription that is too complex is refused before the first event', async () => {
  const { subscribe, next, close } = await open(anna);
  const deep = `subscription { saidToAll { ${'again { '.repeat(9)} id ${'} '.repeat(9)} } }`;
  subscribe('1', deep);
  const { type, payload } = await next();
  expect([type, payload[0].extensions.code]).toEqual(['error', 'QUERY_TOO_COMPLEX']);
  expect(kith.subscriptions()).toBe(0);
  close();
});

test('signing out closes the sockets of that session and of no other', async () => {
  const boris = await kith.member(place);
  const [hers, his] = [await open(anna), await open(boris)];
  his.subscribe('1', ALL);
  await subscribed(1);
  await kith.sql('update sessions set expires_at = now() where user_id = $1', [anna.userId]);
  await kith.sql("select pg_notify('kith_signals', 'sessions')");
  expect((await hers.closed).code).toBe(4401);
  await kith.sql("update sessions set expires_at = now() + interval '1 day' where user_id = $1", [anna.userId]);
  await say('still here');
  expect((await his.next()).payload.data.saidToAll.text).toBe('still here');
  his.close();
});

test('a socket that does not read is closed with a reason, and continues after its last event', async () => {
  const slow = await open(anna);
  slow.subscribe('1', ALL);
  await subscribed(1);
  const texts: string[] = [];
  slow.socket.pause();
  // More than the buffers of the kernel, of the socket and of the server together can hold.
  while (kith.subscriptions() === 1) {
    texts.push(`${texts.length} ${'x'.repeat(500_000)}`);
    await say(texts.at(-1)!);
    expect(texts.length).toBeLessThan(200);
  }
  slow.socket.resume();
  const { code, reason } = await slow.closed;
  expect([code, reason]).toEqual([4429, 'Too slow: reconnect and continue after your last event.']);
  const heard: { id: string; text: string }[] = [];
  await (async () => {
    for (;;) heard.push((await slow.next()).payload.data.saidToAll);
  })().catch(() => {});
  expect(heard.length).toBeLessThan(texts.length);

  const again = await open(anna);
  again.subscribe('1', ALL, { after: heard.at(-1)!.id });
  while (heard.length < texts.length) heard.push((await again.next()).payload.data.saidToAll);
  expect(heard.map(({ text }) => text)).toEqual(texts);
  again.close();
});

test('a socket carries a hundred operations at a time', async () => {
  const { subscribe, complete, next, close } = await open(anna);
  for (let number = 1; number <= 100; number++) subscribe(String(number), ALL);
  await subscribed(100);
  subscribe('101', ALL);
  const { id, payload } = await next();
  expect([id, payload[0].extensions.code]).toEqual(['101', 'RATE_LIMITED']);
  complete('7');
  await subscribed(99);
  subscribe('101', ALL);
  await subscribed(100);
  close();
  await subscribed(0);
});

test('an address opens so many sockets and no more', async () => {
  const sockets = [];
  for (let number = 0; number < 6; number++) sockets.push(await open(anna));
  await expect(openSocket(kith.url, anna)).rejects.toThrow('429');
  sockets[0]!.close();
  await sockets[0]!.closed;
  await expect.poll(() => open(anna).then((socket) => sockets.push(socket))).toBe(7);
  sockets.forEach(({ close }) => close());
});

test('operations over a socket count as requests of their address', async () => {
  const { subscribe, next, close } = await open(anna);
  for (let number = 0; number < 400; number++) {
    subscribe('1', '{ __typename }');
    const { type, payload } = await next();
    if (type === 'error') {
      expect(payload[0].extensions.code).toBe('RATE_LIMITED');
      expect(payload[0].extensions.retryAfterMs).toBeGreaterThan(0);
      return close();
    }
    await next();
  }
  throw new Error('nothing was refused');
});

test('a server that stops sends its clients elsewhere', async () => {
  const other = await open();
  const stopped = kith.stop();
  expect(await other.closed).toEqual({ code: 1001, reason: 'The server is restarting: reconnect.' });
  await stopped;
});
