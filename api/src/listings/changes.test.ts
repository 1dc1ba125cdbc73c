import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { inner, listing } from '../../../test/listing.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const LIVE =
  'subscription ($after: ID) { listingChanged(after: $after) { id listingId kind published listing { title place { exact } } } }';
const act = async (verb: string, id: string, as: Person, more: object = {}) => {
  const name = verb[0]!.toUpperCase() + verb.slice(1);
  const { data, errors } = await kith.gql(
    `mutation ($input: ${name}ListingInput!) { ${verb}Listing(input: $input) { __typename } }`,
    { input: { id, ...more } },
    as,
  );
  if (errors || data[`${verb}Listing`].__typename !== 'Listing') throw new Error(JSON.stringify({ data, errors }));
};
const cast = async () => {
  const place = await kith.community();
  return { place, anna: await kith.member(place), boris: await kith.member(place) };
};

test('members are told live what comes into the directory, changes in it and leaves it', async () => {
  const { anna, boris } = await cast();
  const live = kith.subscribe(LIVE, {}, boris);
  await live.started;
  const id = await listing(kith, anna, { title: 'Soup', kind: 'WANT', place: { latitude: 1, longitude: 1 } });
  const told = async () => (await live.next()).data.listingChanged;
  const known = { listingId: id, kind: 'WANT', published: true };
  expect(await told()).toMatchObject({ ...known, listing: { title: 'Soup', place: { exact: false } } });
  await act('update', id, anna, { version: 1, title: 'Stew' });
  expect(await told()).toMatchObject({ ...known, listing: { title: 'Stew' } });
  await act('fulfil', id, anna);
  expect(await told()).toMatchObject({ ...known, published: false, listing: null });
});

test('drafts, and changes of what is not in the directory, are nobody’s business', async () => {
  const { place, anna } = await cast();
  const draft = await listing(kith, anna, { state: 'DRAFT' });
  await act('update', draft, anna, { version: 1, title: 'Stew' });
  const paused = await listing(kith, anna, { state: 'PAUSED' });
  await kith.sql('delete from events');
  await act('update', paused, anna, { version: 1, title: 'Stew' });
  await act('withdraw', paused, anna);
  expect(
    await kith.sql("select 1 from events where community_id = $1 and topic = 'listing.changed'", [place.id]),
  ).toEqual([]);
});

test('that a moderator hid a listing looks to members as if it had left', async () => {
  const { place, anna, boris } = await cast();
  const moderator = await kith.member(place, { roles: ['MEMBER', 'MODERATOR'] });
  const live = kith.subscribe(LIVE, {}, moderator);
  await live.started;
  const id = await listing(kith, anna);
  expect((await live.next()).data.listingChanged).toMatchObject({ listingId: id, published: true });
  await act('hide', id, moderator, { reason: 'offends' });
  expect((await live.next()).data.listingChanged).toMatchObject({ listingId: id, published: false, listing: null });
  await live.close();
  const again = kith.subscribe(LIVE, { after: await firstEvent(place.id) }, boris);
  expect((await again.next()).data.listingChanged).toMatchObject({ listingId: id, published: false, listing: null });
});
const firstEvent = async (communityId: string) => {
  const [event] = await kith.sql(
    'select xid::text, id::text from events where community_id = $1 order by events.xid, events.id limit 1',
    [communityId],
  );
  return `${event!.xid}-${event!.id}`;
};

test('nobody outside is told: applicants, strangers and visitors are turned away', async () => {
  const { place } = await cast();
  const applicant = await kith.member(place, { state: 'APPLIED' });
  const stranger = { ...(await kith.member(await kith.community())), community: place.slug };
  for (const as of [applicant, stranger, { community: place.slug }]) {
    const { errors } = await kith.subscribe(LIVE, {}, as).next();
    expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(errors![0]!.extensions.code);
  }
});

test('a change waits as one job, also when the same id stands in another community', async () => {
  const [here, there] = [await cast(), await cast()];
  const id = randomUUID();
  const listingId = await listing(kith, here.anna, { id });
  await listing(kith, there.anna, { id });
  await act('update', listingId, here.anna, { version: 1, title: 'Stew' });
  await act('pause', listingId, here.anna);
  const jobs = await kith.sql(
    "select p.payload from graphile_worker._private_jobs p join graphile_worker.jobs j using (id) where j.task_identifier = 'listing.changed' and p.payload ->> 'listingId' = $1",
    [inner(listingId)],
  );
  expect(jobs.map(({ payload }) => payload.communityId).sort()).toEqual([here.place.id, there.place.id].sort());
});
