import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { mailsTo } from '../../../test/mailbox.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const SET = `mutation ($input: SetNotificationPreferencesInput!) { setNotificationPreferences(input: $input) { kind channels } }`;
const READ = '{ notificationPreferences { kind channels } }';
const choose = (person: Person, preferences: { kind: string; channels: string[] }[]) =>
  kith.gql(SET, { input: { preferences } }, person);
let keys = 0;
const notify = (communityId: string, memberId: string, kind: string) =>
  inCommunity(communityId, (tx) =>
    enqueue(tx, 'notify', {
      communityId,
      notices: [{ memberId, kind, key: `k${++keys}`, title: `About ${kind}`, body: 'Look.' }],
    }),
  );
const subjects = async (email: string) => (await mailsTo(kith, email)).map(({ subject }) => subject);

test('by the standard a member is mailed of what they would miss, and of nothing else', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  await notify(place.id, anna.memberId, 'listing.expiring');
  await notify(place.id, anna.memberId, 'suggestion.found');
  await notify(place.id, anna.memberId, 'something.else');
  expect(await subjects(anna.email)).toEqual(['[Testville] About listing.expiring']);
  const { data } = await kith.gql(READ, {}, anna);
  expect(data.notificationPreferences).toEqual([
    { kind: 'listing.expiring', channels: ['EMAIL'] },
    { kind: 'membership.approved', channels: ['EMAIL'] },
    { kind: 'membership.rejected', channels: ['EMAIL'] },
    { kind: 'membership.suspended', channels: ['EMAIL'] },
    { kind: 'membership.reinstated', channels: ['EMAIL'] },
    { kind: 'invitation', channels: ['EMAIL'] },
    { kind: 'suggestion.found', channels: [] },
  ]);
});

test('a member chooses for themselves; what is not named goes back to the standard', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place), await kith.member(place)];
  const { data } = await choose(anna, [
    { kind: 'listing.expiring', channels: [] },
    { kind: 'suggestion.found', channels: ['EMAIL'] },
  ]);
  expect(data.setNotificationPreferences).toContainEqual({ kind: 'suggestion.found', channels: ['EMAIL'] });
  for (const kind of ['listing.expiring', 'suggestion.found'])
    for (const { memberId } of [anna, boris]) await notify(place.id, memberId, kind);
  expect(await subjects(anna.email)).toEqual(['[Testville] About suggestion.found']);
  expect(await subjects(boris.email)).toEqual(['[Testville] About listing.expiring']);
  const rows = await kith.sql('select notification_preferences as stored from members where id = $1', [anna.memberId]);
  expect(rows[0]!.stored).toEqual({ 'listing.expiring': [], 'suggestion.found': ['email'] });
  await choose(anna, []);
  expect((await kith.gql(READ, {}, anna)).data.notificationPreferences).toContainEqual({
    kind: 'listing.expiring',
    channels: ['EMAIL'],
  });
});

test('a job that runs twice mails once', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  await notify(place.id, anna.memberId, 'membership.approved');
  expect(await subjects(anna.email)).toHaveLength(1);
  const [{ id }] = (await kith.sql('select id from notifications where member_id = $1', [anna.memberId])) as [
    { id: string },
  ];
  const again = { communityId: place.id, notificationId: id };
  for (let i = 0; i < 2; i++) await inCommunity(place.id, (tx) => enqueue(tx, 'notification.mail', again));
  expect(await subjects(anna.email)).toHaveLength(1);
});

test('nobody is mailed at an address that is not confirmed, nor a member without a user', async () => {
  const place = await kith.community();
  const [anna, imported] = [await kith.member(place), await kith.member(place)];
  await kith.sql('update users set email_verified_at = null where id = $1', [anna.userId]);
  await kith.sql('update members set user_id = null where id = $1', [imported.memberId]);
  for (const { memberId } of [anna, imported]) await notify(place.id, memberId, 'listing.expiring');
  expect([...(await subjects(anna.email)), ...(await subjects(imported.email))]).toEqual([]);
  expect(
    await kith.sql('select from notifications where mailed_at is not null and member_id = any($1)', [
      [anna.memberId, imported.memberId],
    ]),
  ).toEqual([]);
});

test.each([
  ['an unknown channel', [{ kind: 'listing.expiring', channels: ['PIGEON'] }]],
  ['a kind that is none', [{ kind: '__proto__ x', channels: [] }]],
  ['a too long kind', [{ kind: 'x'.repeat(51), channels: [] }]],
  ['too many kinds', Array.from({ length: 51 }, (_, i) => ({ kind: `a.${'b'.repeat(i % 40)}c`, channels: [] }))],
])('%s is a bad request and changes nothing', async (_what, preferences) => {
  const anna = await kith.member(await kith.community());
  expect((await choose(anna, preferences)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  const rows = await kith.sql('select notification_preferences as stored from members where id = $1', [anna.memberId]);
  expect(rows[0]!.stored).toEqual({});
});

test('who is no member has no preferences here', async () => {
  const place = await kith.community();
  const { token } = await kith.user();
  expect((await kith.gql(READ, {}, { token, community: place.slug })).errors![0]!.extensions.code).toBe('FORBIDDEN');
});
