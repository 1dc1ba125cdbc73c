import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId, inner, listing } from '../../../test/listing.ts';
import { closeListingsOf } from './ended.ts';
import { expireListings } from './expiry.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const DAY_MS = 86_400_000;
const now = new Date('2026-06-01T10:00:00.000Z');
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
const endsAt = (id: string, end: Date) =>
  kith.sql("update listings set expires_at = $2, published_at = $2::timestamptz - interval '90 days' where id = $1", [
    inner(id),
    end,
  ]);
const stateOf = async (id: string) =>
  (await kith.sql('select state from listings where id = $1', [inner(id)]))[0]!.state;
const inbox = async (as: Person) =>
  (
    await kith.gql('{ notifications { edges { node { kind title subjectId } } } }', {}, as)
  ).data.notifications.edges.map(({ node }: { node: object }) => node);
const changes = async (communityId: string) =>
  (
    await kith.sql(
      "select payload from events where community_id = $1 and topic = 'listing.changed' order by xid, id",
      [communityId],
    )
  ).map(({ payload }) => payload);
const waitingJobs = async (id: string) =>
  Number(
    (
      await kith.sql(
        "select count(*) as jobs from graphile_worker.jobs where task_identifier = 'listing.changed' and key like '%' || $1",
        [inner(id)],
      )
    )[0]!.jobs,
  );

test('what has run out expires once, however often and however simultaneously the job runs, and its author is told once', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const [over, running, paused] = [
    await listing(kith, anna, { title: 'Over' }),
    await listing(kith, anna, { title: 'Running' }),
    await listing(kith, anna, { title: 'Paused', state: 'PAUSED' }),
  ];
  await endsAt(over, now);
  await endsAt(running, inDays(30));
  await endsAt(paused, inDays(-1));
  await kith.jobs();
  expect(await waitingJobs(over)).toBe(0);
  await kith.sql('delete from events where community_id = $1', [place.id]);
  await Promise.all([1, 2, 3].map(() => expireListings(place.id, now)));
  expect(await expireListings(place.id, now)).toEqual({ expired: 0, reminded: 0 });
  expect(await waitingJobs(over)).toBe(1);
  await kith.jobs();
  expect([await stateOf(over), await stateOf(running), await stateOf(paused)]).toEqual([
    'EXPIRED',
    'PUBLISHED',
    'PAUSED',
  ]);
  expect(await changes(place.id)).toEqual([{ listingId: inner(over), state: 'EXPIRED', kind: 'OFFER' }]);
  expect(await inbox(anna)).toEqual([{ kind: 'listing.expired', title: '“Over” has expired', subjectId: over }]);
});

test('an author is reminded once, in the days the community chose, by the date at their place', async () => {
  const place = await kith.community();
  await kith.sql(
    `update communities set policies = '{"reminderDays": 3}', time_zone = 'Pacific/Auckland' where id = $1`,
    [place.id],
  );
  const anna = await kith.member(place);
  const [soon, later] = [await listing(kith, anna, { title: 'Soon' }), await listing(kith, anna, { title: 'Later' })];
  await endsAt(soon, new Date('2026-06-03T20:00:00Z'));
  await endsAt(later, inDays(3.01));
  const runs = await Promise.all([1, 2].map(() => expireListings(place.id, now)));
  expect(runs.every(({ expired }) => expired === 0)).toBe(true);
  expect(await expireListings(place.id, now)).toEqual({ expired: 0, reminded: 0 });
  await kith.jobs();
  expect(await inbox(anna)).toEqual([
    { kind: 'listing.expiring', title: '“Soon” expires on June 4, 2026', subjectId: soon },
  ]);
});

test('more than one batch is expired in one run, and other communities are left alone', async () => {
  const [place, other] = [await kith.community(), await kith.community()];
  const [anna, olga] = [await kith.member(place), await kith.member(other)];
  for (const [communityId, memberId] of [
    [place.id, anna.memberId],
    [other.id, olga.memberId],
  ])
    await kith.sql(
      "insert into listings (community_id, id, member_id, kind, title, state, published_at, expires_at) select $1, gen_random_uuid(), $2, 'OFFER', 'Old', 'PUBLISHED', $3, $3 from generate_series(1, 450)",
      [communityId, memberId, inDays(-1)],
    );
  expect((await expireListings(place.id, now)).expired).toBe(450);
  const left = await kith.sql(
    "select community_id, count(*)::int as published from listings where state = 'PUBLISHED' and title = 'Old' group by 1",
  );
  expect(left).toEqual([{ community_id: other.id, published: 450 }]);
  await kith.sql('delete from listings where community_id = $1', [other.id]);
});

test('the clockwork job looks into every community', async () => {
  const places = [await kith.community(), await kith.community()];
  const ids = [];
  for (const place of places) {
    const id = await listing(kith, await kith.member(place));
    await endsAt(id, new Date(Date.now() - 1000));
    ids.push(id);
  }
  await kith.sql("select graphile_worker.add_job('listings.expire')");
  await kith.jobs();
  expect(await Promise.all(ids.map(stateOf))).toEqual(['EXPIRED', 'EXPIRED']);
});

test('a suspended member has nothing in the directory and finds it paused when they are back', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const [shown, hidden, draft] = [
    await listing(kith, anna),
    await listing(kith, anna, { state: 'HIDDEN' }),
    await listing(kith, anna, { state: 'DRAFT' }),
  ];
  await kith.sql("update listings set state_before_hidden = 'PUBLISHED' where id = $1", [inner(hidden)]);
  const of = { communityId: place.id, memberId: anna.memberId };
  await closeListingsOf(of);
  expect(await stateOf(shown)).toBe('PUBLISHED');
  await kith.sql("update members set state = 'SUSPENDED' where id = $1", [anna.memberId]);
  await kith.sql('delete from events where community_id = $1', [place.id]);
  await Promise.all([closeListingsOf(of), closeListingsOf(of)]);
  expect([await stateOf(shown), await stateOf(hidden), await stateOf(draft)]).toEqual(['PAUSED', 'HIDDEN', 'DRAFT']);
  const [row] = await kith.sql('select state_before_hidden from listings where id = $1', [inner(hidden)]);
  expect(row!.state_before_hidden).toBe('PAUSED');
  expect(await changes(place.id)).toEqual([{ listingId: inner(shown), state: 'PAUSED', kind: 'OFFER' }]);
});

test('of a member who has left, open listings are withdrawn, drafts deleted, and what was fulfilled stays', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const other = await listing(kith, await kith.member(place));
  const ids: Record<string, string> = {};
  for (const state of ['PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'HIDDEN'] as const)
    ids[state] = await listing(kith, anna, { state });
  const draft = await listing(kith, anna, { state: 'DRAFT' });
  await kith.sql("update members set state = 'LEFT' where id = $1", [anna.memberId]);
  await kith.sql("select graphile_worker.add_job('member.ended', $1::json)", [
    JSON.stringify({ communityId: place.id, memberId: anna.memberId }),
  ]);
  await kith.jobs();
  const states = await kith.sql('select id, state from listings where community_id = $1', [place.id]);
  const state = Object.fromEntries(states.map((row) => [globalId('Listing', row.id), row.state]));
  expect(state).toEqual({
    ...{ [ids.PUBLISHED!]: 'WITHDRAWN', [ids.PAUSED!]: 'WITHDRAWN', [ids.EXPIRED!]: 'WITHDRAWN' },
    ...{ [ids.FULFILLED!]: 'FULFILLED', [ids.HIDDEN!]: 'HIDDEN', [other]: 'PUBLISHED' },
  });
  expect(state[draft]).toBeUndefined();
});
