import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { inner, listing } from '../../../test/listing.ts';
import { clock } from '../clock.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());
const realNow = clock.now;
afterEach(() => void (clock.now = realNow));

const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);
/** Takes a step and answers the listing or the refusal. */
async function step(name: string, id: string, as: Person, more: object = {}) {
  const limit = ['publish', 'resume', 'renew'].includes(name) ? '... on TooManyListings { most }' : '';
  const { data, errors } = await kith.gql(
    `mutation ($input: ${capital(name)}ListingInput!) { ${name}Listing(input: $input) {
      ... on Listing { id state version publishedAt expiresAt } ... on Error { code message } ... on WrongListingState { state } ${limit} } }`,
    { input: { id, ...more } },
    as,
  );
  return errors ? { code: errors[0]!.extensions.code, message: errors[0]!.message } : data[`${name}Listing`];
}
const stateOf = async (id: string) =>
  (await kith.sql('select state, published_at, expires_at, reminded_at from listings where id = $1', [inner(id)]))[0]!;
const daysFrom = (time: string, days: number) => new Date(Date.parse(time) + days * 86_400_000).toISOString();
const at = (time: string) => void (clock.now = () => new Date(time));

test('what is published stays as long as the community lets its kind stay', async () => {
  const place = await kith.community();
  await kith.sql(`update communities set policies = '{"listingDays": 10, "wantDays": 3}' where id = $1`, [place.id]);
  const anna = await kith.member(place);
  at('2026-03-01T12:00:00.000Z');
  const offer = await listing(kith, anna, { state: 'DRAFT' });
  expect(await step('publish', offer, anna)).toMatchObject({
    ...{ state: 'PUBLISHED', publishedAt: '2026-03-01T12:00:00.000Z', expiresAt: '2026-03-11T12:00:00.000Z' },
  });
  const want = await listing(kith, anna, { state: 'DRAFT', kind: 'WANT' });
  expect((await step('publish', want, anna)).expiresAt).toBe('2026-03-04T12:00:00.000Z');
});

test('the author may wish for an earlier end, not for a later or a past one', async () => {
  const anna = await kith.member(await kith.community());
  const id = await listing(kith, anna, { state: 'DRAFT' });
  const now = '2026-03-01T12:00:00.000Z';
  at(now);
  for (const expiresAt of [now, daysFrom(now, -1), daysFrom(now, 90.001)])
    expect((await step('publish', id, anna, { expiresAt })).code).toBe('BAD_USER_INPUT');
  expect((await stateOf(id)).state).toBe('DRAFT');
  expect((await step('publish', id, anna, { expiresAt: daysFrom(now, 2) })).expiresAt).toBe(daysFrom(now, 2));
});

test('pausing neither makes a listing new nor stops its clock', async () => {
  const anna = await kith.member(await kith.community());
  at('2026-03-01T12:00:00.000Z');
  const id = await listing(kith, anna);
  at('2026-03-02T12:00:00.000Z');
  expect((await step('pause', id, anna)).state).toBe('PAUSED');
  at('2026-03-03T12:00:00.000Z');
  expect(await step('resume', id, anna)).toMatchObject({
    ...{ state: 'PUBLISHED', publishedAt: '2026-03-01T12:00:00.000Z', expiresAt: '2026-05-30T12:00:00.000Z' },
  });
});

test('one that ran out while it was paused gets a new end when it is resumed', async () => {
  const anna = await kith.member(await kith.community());
  at('2026-03-01T12:00:00.000Z');
  const id = await listing(kith, anna);
  await step('pause', id, anna);
  at('2026-07-01T12:00:00.000Z');
  expect((await step('resume', id, anna)).expiresAt).toBe('2026-09-29T12:00:00.000Z');
});

test('renewing counts from now, forgets the reminder, and publishes what had expired', async () => {
  const anna = await kith.member(await kith.community());
  at('2026-03-01T12:00:00.000Z');
  const id = await listing(kith, anna);
  await kith.sql('update listings set reminded_at = now() where id = $1', [inner(id)]);
  at('2026-03-02T12:00:00.000Z');
  expect(await step('renew', id, anna)).toMatchObject({
    ...{ publishedAt: '2026-03-01T12:00:00.000Z', expiresAt: '2026-05-31T12:00:00.000Z' },
  });
  expect((await stateOf(id)).reminded_at).toBeNull();
  await kith.sql("update listings set state = 'EXPIRED' where id = $1", [inner(id)]);
  at('2026-08-01T12:00:00.000Z');
  expect(await step('renew', id, anna)).toMatchObject({
    ...{ state: 'PUBLISHED', publishedAt: '2026-08-01T12:00:00.000Z', expiresAt: '2026-10-30T12:00:00.000Z' },
  });
});

test.each([
  ['publish', 'PUBLISHED'],
  ['publish', 'WITHDRAWN'],
  ['pause', 'PAUSED'],
  ['resume', 'PUBLISHED'],
  ['withdraw', 'WITHDRAWN'],
  ['fulfil', 'WITHDRAWN'],
  ['renew', 'PAUSED'],
  ['renew', 'HIDDEN'],
  ['withdraw', 'HIDDEN'],
] as const)('to %s what is %s is refused and changes nothing', async (name, state) => {
  const anna = await kith.member(await kith.community());
  const id = await listing(kith, anna, { state });
  const before = await stateOf(id);
  expect(await step(name, id, anna)).toMatchObject({ code: 'WRONG_LISTING_STATE', state });
  expect(await stateOf(id)).toEqual(before);
});

test('of two steps at once that exclude each other one is taken', async () => {
  const anna = await kith.member(await kith.community());
  for (let round = 0; round < 5; round++) {
    const id = await listing(kith, anna);
    const answers = await Promise.all(['withdraw', 'fulfil'].map((name) => step(name, id, anna)));
    expect(answers.filter(({ code }) => code === 'WRONG_LISTING_STATE')).toHaveLength(1);
    expect((await stateOf(id)).state).toBe(answers.find(({ code }) => !code).state);
  }
});

test('nobody publishes more than allowed, also not at once; pausing makes room', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  await kith.sql(
    "insert into listings (community_id, id, member_id, kind, title, state, published_at) select $1, gen_random_uuid(), $2, 'OFFER', 'Old', 'PUBLISHED', now() from generate_series(1, 198)",
    [place.id, anna.memberId],
  );
  const drafts = [];
  for (let i = 0; i < 4; i++) drafts.push(await listing(kith, anna, { state: 'DRAFT' }));
  const answers = await Promise.all(drafts.map((id) => step('publish', id, anna)));
  const refused = answers.filter(({ code }) => code);
  expect(refused).toHaveLength(2);
  expect(refused[0]).toMatchObject({ code: 'TOO_MANY_LISTINGS', most: 200 });
  const published = drafts.find((_id, i) => !answers[i].code)!;
  const waiting = drafts.find((_id, i) => answers[i].code)!;
  await step('pause', published, anna);
  expect((await step('publish', waiting, anna)).state).toBe('PUBLISHED');
  expect((await step('resume', published, anna)).code).toBe('TOO_MANY_LISTINGS');
});

test('of a member who is not active nothing is published, also not by a broker', async () => {
  const place = await kith.community();
  const [applicant, suspended] = [
    await kith.member(place, { state: 'APPLIED' }),
    await kith.member(place, { name: 'Sam' }),
  ];
  const broker = await kith.member(place, { roles: ['MEMBER', 'BROKER'] });
  const drafts = [
    await listing(kith, applicant, { state: 'DRAFT' }),
    await listing(kith, suspended, { state: 'DRAFT' }),
  ] as const;
  await kith.sql("update members set state = 'SUSPENDED' where id = $1", [suspended.memberId]);
  expect((await step('publish', drafts[0], applicant)).code).toBe('FORBIDDEN');
  expect((await step('publish', drafts[1], suspended)).code).toBe('FORBIDDEN');
  for (const id of drafts) {
    expect((await step('publish', id, broker)).code).toBe('LISTING_OWNER_NOT_ACTIVE');
    expect((await stateOf(id)).state).toBe('DRAFT');
  }
});
