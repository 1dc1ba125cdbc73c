import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { listing } from '../../../test/listing.ts';
import { globalId } from '../builder.ts';
import type { Member } from '../context.ts';
import { hashPassword } from '../identity/passwords.ts';
import { newId } from '../ids.ts';
import { updateMyProfile } from './members.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith({ settings: { TRUST_PROXY: 'on' } })));
afterAll(() => kith.stop());

const ERASE = `mutation ($memberId: ID!, $reason: String) { eraseMember(input: { memberId: $memberId, reason: $reason }) {
  __typename ... on Error { code } ... on Member { displayName } } }`;
const erase = (as: As, of: Person, reason: string | null = null) =>
  kith.gql(ERASE, { memberId: globalId('Member', of.memberId), reason }, as);
const PASSWORD = 'apples and pears';
const ACCOUNT = `mutation ($currentPassword: String!) { eraseMyAccount(input: { currentPassword: $currentPassword }) {
  ... on Error { code } ... on AccountErased { isErased } ... on CannotLeaveYet { obstacles { message } } } }`;
/** Gives the person a password and asks with it, or with another. */
async function eraseAccount(person: { token: string; userId: string; address?: string }, currentPassword = PASSWORD) {
  await kith.sql('update users set password_hash = $2 where id = $1', [person.userId, await hashPassword(PASSWORD)]);
  return kith.gql(ACCOUNT, { currentPassword }, person);
}
const place = async () => {
  const made = await kith.community();
  return { ...made, olga: await kith.member(made, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] }) };
};
/** Everything a person leaves behind, with the word "secret" in each text. */
async function settled(made: { id: string; slug: string }) {
  const anna = await kith.member(made, { name: 'Anna Secret' });
  const input = {
    bio: 'secret',
    photoUrl: 'https://secret.example/',
    contactEmail: 'secret@example.org',
    phone: 'secret 1',
    place: { latitude: 52.5, longitude: 13.4 },
  };
  await kith.gql('mutation ($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) { id } }', { input }, anna);
  const listing = newId();
  await kith.sql(
    `insert into listings (community_id, id, member_id, kind, state, title, description, tags, photo_urls, availability_note, latitude, longitude, price, external_id)
     values ($1, $2::uuid, $3, 'OFFER', 'PUBLISHED', 'Secret lessons', 'secret', '{secret}', '{https://secret.example}', 'secret', 52.5, 13.4, 1250, 'secret-' || $2::text)`,
    [made.id, listing, anna.memberId],
  );
  await kith.sql(
    `insert into saved_searches (community_id, id, member_id, name, query) values ($1, $2, $3, 'secret', '{"text": "secret"}')`,
    [made.id, newId(), anna.memberId],
  );
  await kith.sql(
    "insert into notifications (community_id, id, member_id, kind, key, title) values ($1, $2, $3, 'test', 'k', 'secret')",
    [made.id, newId(), anna.memberId],
  );
  await kith.gql(
    'mutation { inviteMembers(input: { emails: ["friend-secret@example.org"] }) { __typename } }',
    {},
    anna,
  );
  return { ...anna, listing };
}
/** Rows of the community in which the word still stands. */
async function traces(id: string) {
  const found = [];
  for (const table of [
    'members',
    'listings',
    'saved_searches',
    'notifications',
    'invitations',
    'audit_log',
    'events',
    'suggestions',
  ])
    if ((await kith.sql(`select from ${table} t where community_id = $1 and t::text ~* 'secret'`, [id])).length)
      found.push(table);
  return found;
}

test('an erased member leaves a row without a face, and nothing of theirs is found any more', async () => {
  const { olga, ...made } = await place();
  const anna = await settled(made);
  expect(await traces(made.id)).toEqual(['members', 'listings', 'saved_searches', 'notifications', 'invitations']);
  const { data } = await erase(olga, anna, 'She asked by phone.');
  expect(data.eraseMember.displayName).toBe(`Former member ${anna.memberId.slice(-4)}`);
  expect(await traces(made.id)).toEqual([]);
  expect(
    await kith.sql('select user_id, state, latitude, erased_at is not null as erased from members where id = $1', [
      anna.memberId,
    ]),
  ).toEqual([{ user_id: null, state: 'LEFT', latitude: null, erased: true }]);
  expect(await kith.sql('select state, title, price from listings where id = $1', [anna.listing])).toEqual([
    { state: 'WITHDRAWN', title: '—', price: '1250' },
  ]);
  const jobs = await kith.sql('select key, task_identifier from graphile_worker.jobs where key = $1', [
    `listing.changed:${made.id}:${anna.listing}`,
  ]);
  expect(jobs).toHaveLength(1);
  expect(await kith.sql('select action, reason from audit_log where community_id = $1', [made.id])).toEqual([
    { action: 'member.erase', reason: 'She asked by phone.' },
  ]);
  expect((await kith.gql('{ myMember { state } }', {}, anna)).data.myMember).toBeNull();
});

test('what others were told of the listings of an erased member goes too, also when it is told at the same moment', async () => {
  const { olga, ...made } = await place();
  const [anna, boris] = [await kith.member(made, { name: 'Anna' }), await kith.member(made, { name: 'Boris' })];
  const save = `mutation { createSavedSearch(input: { name: "Lessons", criteria: { text: "secret" }, notify: true }) { __typename } }`;
  expect((await kith.gql(save, {}, olga)).errors).toBeUndefined();
  await listing(kith, anna, { kind: 'OFFER', title: 'Secret lessons' });
  await listing(kith, boris, { kind: 'WANT', title: 'Secret lessons' });
  await kith.jobs();
  const told = () =>
    kith.sql('select kind from notifications where community_id = $1 and member_id <> $2 order by kind', [
      made.id,
      anna.memberId,
    ]);
  const kinds = (await told()).map(({ kind }) => kind);
  expect([...new Set(kinds)]).toEqual(['saved-search.found', 'suggestion.found']);
  // One more of each waits in the queue while she is erased.
  await listing(kith, anna, { kind: 'OFFER', title: 'Secret lessons, second course' });
  await Promise.all([kith.jobs(), erase(olga, anna, 'She asked.')]);
  await kith.jobs();
  expect(
    (
      await kith.sql(
        "select title || body as said from notifications where community_id = $1 and subject_type = 'Listing' and member_id = $2",
        [made.id, olga.memberId],
      )
    ).map(({ said }) => said),
  ).toEqual(['New for your search “Lessons”Secret lessons']);
  expect(
    await kith.sql("select from notifications where community_id = $1 and subject_type = 'Suggestion'", [made.id]),
  ).toEqual([]);
});

test('a member erases their own data after leaving, not before; an operator has to say why', async () => {
  const { olga, ...made } = await place();
  const [anna, boris] = [await kith.member(made, { name: 'Anna' }), await kith.member(made)];
  expect((await erase(anna, anna)).data.eraseMember.code).toBe('WRONG_MEMBER_STATE');
  expect((await erase(boris, anna, 'Because.')).errors![0]!.extensions.code).toBe('FORBIDDEN');
  expect((await erase(olga, anna)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await kith.sql('select display_name from members where id = $1', [anna.memberId])).toEqual([
    { display_name: 'Anna' },
  ]);
  await kith.gql('mutation { leaveCommunity { __typename } }', {}, anna);
  expect((await erase(anna, anna)).data.eraseMember.displayName).toMatch(/^Former member/);
});

test('a request that comes late writes nothing onto an erased member', async () => {
  const { olga, ...made } = await place();
  const anna = await kith.member(made, { name: 'Anna' });
  const asked: Member = { ...anna, communityId: made.id, state: 'ACTIVE', roles: ['MEMBER'] };
  await erase(olga, anna, 'She asked.');
  await expect(updateMyProfile(asked, { displayName: 'Anna Secret' })).rejects.toThrow('no such member');
  expect(await traces(made.id)).toEqual([]);
});

test('the last operator is not erased', async () => {
  const { olga } = await place();
  expect((await erase(olga, olga, 'Me.')).data.eraseMember.code).toBe('WRONG_MEMBER_STATE');
  const { data } = await eraseAccount(olga);
  expect(data.eraseMyAccount).toEqual({
    code: 'CANNOT_LEAVE_YET',
    obstacles: [{ message: expect.stringMatching(/^Testville: A community needs an operator/) }],
  });
  expect(await kith.sql('select name, erased_at from users where id = $1', [olga.userId])).toEqual([
    { name: 'Olga', erased_at: null },
  ]);
});

test('an account goes with every membership, and its session with it', async () => {
  const [one, two] = [await place(), await place()];
  const anna = await settled(one);
  const apply =
    'mutation { applyForMembership(input: { displayName: "Anna Secret", message: "secret", charterVersion: 0 }) { __typename } }';
  await kith.gql(apply, {}, { token: anna.token, community: two.slug });
  expect((await eraseAccount(anna)).data.eraseMyAccount).toEqual({ isErased: true });
  expect([await traces(one.id), await traces(two.id)]).toEqual([[], []]);
  const [user] = await kith.sql('select * from users where id = $1', [anna.userId]);
  expect(user).toMatchObject({
    email: `erased-${anna.userId}@invalid`,
    name: 'Erased',
    password_hash: null,
    email_verified_at: null,
  });
  expect(await kith.sql('select from sessions where user_id = $1', [anna.userId])).toEqual([]);
  expect((await kith.gql('{ myMemberships { state } }', {}, anna)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
});

test('an account goes for the right password only, and trying it out is stopped', async () => {
  const anna = { ...(await settled(await place())), address: '10.9.0.1' };
  for (let i = 0; i < 5; i++)
    expect((await eraseAccount(anna, 'a wrong guess')).data.eraseMyAccount).toEqual({ code: 'WRONG_PASSWORD' });
  expect((await eraseAccount(anna)).errors![0]!.extensions.code).toBe('RATE_LIMITED');
  expect(await kith.sql('select name, erased_at from users where id = $1', [anna.userId])).toEqual([
    { name: 'Anna Secret', erased_at: null },
  ]);
  expect(await kith.sql('select state, erased_at from members where id = $1', [anna.memberId])).toEqual([
    { state: 'ACTIVE', erased_at: null },
  ]);
});

test('who applies and signs in everywhere while the account is erased leaves nothing behind', async () => {
  const there = await Promise.all(Array.from({ length: 6 }, () => kith.community()));
  const anna = await kith.user({ name: 'Anna Secret' });
  const apply =
    'mutation { applyForMembership(input: { displayName: "Anna Secret", message: "secret", charterVersion: 0 }) { __typename } }';
  await Promise.all([
    ...there.map(({ slug }) => kith.gql(apply, {}, { token: anna.token, community: slug })),
    eraseAccount(anna),
    ...there.map(({ slug }) => kith.gql(apply, {}, { token: anna.token, community: slug })),
  ]);
  expect(await kith.sql('select from users where id = $1 and erased_at is not null', [anna.userId])).toHaveLength(1);
  expect(await kith.sql('select from members where user_id = $1', [anna.userId])).toEqual([]);
  expect((await Promise.all(there.map(({ id }) => traces(id)))).flat()).toEqual([]);
});

test('a member takes with them everything that is theirs, and nothing of others', async () => {
  const { olga, ...made } = await place();
  const anna = await settled(made);
  await settled(made);
  const suspend = 'mutation ($id: ID!) { suspendMember(input: { memberId: $id, reason: "Pause." }) { __typename } }';
  await kith.gql(suspend, { id: globalId('Member', anna.memberId) }, olga);
  const { data } = await kith.gql('{ exportMyData }', {}, anna);
  const mine = data.exportMyData;
  expect(mine.community).toMatchObject({ slug: made.slug });
  expect(mine.user.email).toBe(anna.email);
  expect(mine.profile).toMatchObject({ displayName: 'Anna Secret', phone: 'secret 1', state: 'SUSPENDED' });
  expect(mine.listings).toMatchObject([{ title: 'Secret lessons', price: '12.50' }]);
  expect(mine.savedSearches).toHaveLength(1);
  expect(mine.notifications).toHaveLength(1);
  expect(mine.invitations).toMatchObject([{ email: 'friend-secret@example.org', uses: 0 }]);
  expect(mine.auditLog).toMatchObject([{ action: 'member.suspend', reason: 'Pause.' }]);
  expect(JSON.stringify(mine)).not.toContain(olga.memberId);
  expect(JSON.stringify(mine)).not.toMatch(/tokenHash|actorUserId/);
  expect((await kith.gql('{ exportMyData }', {}, await kith.user())).errors![0]!.extensions.code).toBe('NOT_FOUND');
});
