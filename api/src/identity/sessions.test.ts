import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { account, ME, PASSWORD, SIGN_IN } from '../../../test/mailbox.ts';
import { inCommunity } from '../db.ts';
import { NO_COMMUNITY } from '@kith/db';
import { enqueue } from '../jobs.ts';
import { SESSIONS_MOST } from './sessions.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith({ settings: { TRUST_PROXY: 'on', SESSION_DAYS: '7' } })));
afterAll(() => kith.stop());

const SESSIONS = '{ sessions { id label address createdAt lastUsedAt expiresAt isCurrent } }';
const END = 'mutation ($input: EndSessionInput!) { endSession(input: $input) }';
const LIVE = 'subscription { notificationReceived { id } }';
const isSignedIn = async (token: string) => (await kith.gql(ME, {}, { token })).data.me !== null;
async function again(person: { email: string; address: string }, label?: string) {
  const { data } = await kith.gql(
    SIGN_IN,
    { input: { email: person.email, password: PASSWORD, label } },
    person.address ? { address: person.address } : {},
  );
  return data.signIn.token as string;
}

test('the list shows every session with its label and address, and which one asks', async () => {
  const anna = await account(kith);
  await again(anna, 'backup script');
  const { sessions } = (await kith.gql(SESSIONS, {}, anna)).data;
  expect(
    sessions.map(({ label, address, isCurrent }: Record<string, unknown>) => ({ label, address, isCurrent })),
  ).toEqual([
    { label: 'backup script', address: anna.address, isCurrent: false },
    { label: 'node', address: anna.address, isCurrent: true },
  ]);
  const days = (new Date(sessions[0].expiresAt).getTime() - new Date(sessions[0].createdAt).getTime()) / 86_400_000;
  expect(days).toBe(7);
});

test('the table holds the sha256 of a token, and that is not accepted as one', async () => {
  const anna = await account(kith);
  const rows = await kith.sql<{ token_hash: Buffer }>('select token_hash from sessions where user_id = $1', [
    anna.userId,
  ]);
  const hash = rows[0]!.token_hash;
  expect(hash).toEqual(createHash('sha256').update(anna.token).digest());
  for (const stored of [hash.toString('hex'), hash.toString('base64url'), hash.toString('latin1')])
    expect(await isSignedIn(encodeURIComponent(stored))).toBe(false);
  const everything = await kith.sql(
    "select count(*)::int as count from sessions s where s::text like '%' || $1 || '%'",
    [anna.token],
  );
  expect(everything[0]!.count).toBe(0);
});

test('signing out ends the session that asks and no other', async () => {
  const anna = await account(kith);
  const other = await again(anna);
  expect((await kith.gql('mutation { signOut }', {}, anna)).data.signOut).toBe(true);
  expect([await isSignedIn(anna.token), await isSignedIn(other)]).toEqual([false, true]);
  expect((await kith.gql('mutation { signOut }', {}, anna)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
});

test('a session is ended from another one', async () => {
  const anna = await account(kith);
  const stolen = await again(anna, 'stolen');
  const { sessions } = (await kith.gql(SESSIONS, {}, anna)).data;
  const { id } = sessions.find(({ label }: { label: string }) => label === 'stolen');
  expect((await kith.gql(END, { input: { id } }, anna)).data.endSession).toBe(true);
  expect([await isSignedIn(anna.token), await isSignedIn(stolen)]).toEqual([true, false]);
  expect((await kith.gql(END, { input: { id } }, anna)).errors![0]!.extensions.code).toBe('NOT_FOUND');
});

test('nobody ends, lists or looks up a session of somebody else', async () => {
  const [anna, boris] = [await account(kith), await account(kith)];
  const [{ id }] = (await kith.gql(SESSIONS, {}, anna)).data.sessions;
  expect((await kith.gql(END, { input: { id } }, boris)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql(END, { input: { id: 'nonsense' } }, boris)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, boris)).data.node).toBeNull();
  expect((await kith.gql(SESSIONS, {}, boris)).data.sessions).toHaveLength(1);
  expect((await kith.gql(SESSIONS)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
  expect(await isSignedIn(anna.token)).toBe(true);
});

test('signing out everywhere ends all sessions and closes their sockets, and nobody else’s', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place), await kith.member(place)];
  const mine = kith.subscribe(LIVE, {}, anna);
  await mine.started;
  const theirs = kith.subscribe(LIVE, {}, boris);
  await theirs.started;
  const closed = expect(mine.next()).rejects.toMatchObject({ code: 4401 });
  expect((await kith.gql('mutation { signOutEverywhere }', {}, anna)).data.signOutEverywhere).toBe(1);
  await closed;
  expect(await isSignedIn(anna.token)).toBe(false);
  const told = theirs.next();
  await inCommunity(place.id, (tx) =>
    enqueue(tx, 'notify', {
      communityId: place.id,
      notices: [{ memberId: boris.memberId, kind: 'test', key: 'k', title: 'still here' }],
    }),
  );
  await kith.jobs();
  expect((await told).data.notificationReceived.id).toBeTruthy();
});

test('an expired session is nobody, and the daily sweep removes it with the expired links', async () => {
  const anna = await account(kith);
  const other = await again(anna);
  const ofAnna = 'select count(*)::int as count from sessions where user_id = $1';
  await kith.sql("update sessions set expires_at = now() - interval '1 second' where token_hash = sha256($1::bytea)", [
    Buffer.from(anna.token),
  ]);
  await kith.sql(
    "insert into one_time_tokens (token_hash, user_id, purpose, email, expires_at) values ('x', $1, 'RESET_PASSWORD', $2, now())",
    [anna.userId, anna.email],
  );
  await kith.sql("insert into rate_limits (key, points, expire) values ('old', 1, 1)");
  expect(await isSignedIn(anna.token)).toBe(false);
  expect((await kith.gql(SESSIONS, {}, { token: other })).data.sessions).toHaveLength(1);
  expect((await kith.sql(ofAnna, [anna.userId]))[0]!.count).toBe(2);
  await inCommunity(NO_COMMUNITY, (tx) => enqueue(tx, 'identity.sweep', {}));
  await kith.jobs();
  expect((await kith.sql(ofAnna, [anna.userId]))[0]!.count).toBe(1);
  expect(await kith.sql("select from one_time_tokens where token_hash = 'x'")).toEqual([]);
  expect(await kith.sql("select from rate_limits where key = 'old'")).toEqual([]);
  expect(await isSignedIn(other)).toBe(true);
});

test('use is noted once in five minutes', async () => {
  const anna = await account(kith);
  const lastUsed = async () =>
    (await kith.sql<{ at: Date }>('select last_used_at as at from sessions where user_id = $1', [anna.userId]))[0]!.at;
  const fresh = await lastUsed();
  await kith.gql(ME, {}, anna);
  expect(await lastUsed()).toEqual(fresh);
  await kith.sql("update sessions set last_used_at = now() - interval '6 minutes' where user_id = $1", [anna.userId]);
  await kith.gql(ME, {}, anna);
  await expect.poll(async () => Date.now() - (await lastUsed()).getTime()).toBeLessThan(60_000);
});

test('the session of an erased user is nobody', async () => {
  const anna = await account(kith);
  await kith.sql('update users set erased_at = now() where id = $1', [anna.userId]);
  expect(await isSignedIn(anna.token)).toBe(false);
  expect((await kith.gql(SESSIONS, {}, anna)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
});

test('the least used session gives way when there would be too many', async () => {
  const anna = await account(kith);
  await kith.sql(
    `insert into sessions (id, user_id, token_hash, last_used_at, expires_at)
     select gen_random_uuid(), $1, sha256(i::text::bytea), now() - i * interval '1 hour', now() + interval '1 day' from generate_series(1, ${SESSIONS_MOST}) i`,
    [anna.userId],
  );
  await again(anna);
  const rows = await kith.sql<{ count: number; oldest: number }>(
    'select count(*)::int as count, round(extract(epoch from now() - min(last_used_at)) / 3600)::int as oldest from sessions where user_id = $1',
    [anna.userId],
  );
  expect(rows[0]).toEqual({ count: SESSIONS_MOST, oldest: SESSIONS_MOST - 2 });
});
