import { afterAll, beforeAll, expect, test } from 'vitest';
import { listing } from '../../../test/listing.ts';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';
import { newId } from '../ids.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const PROFILE = `mutation ($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) {
  displayName bio photoUrl contactEmail phone locale latitude longitude } }`;
const PRIVATE = `query ($id: ID!) { member(id: $id) { displayName email contactEmail phone latitude state roles capabilities application decisionReason appliedAt isMe charterAccepted } }`;
const LIST = `query ($skip: Int!, $take: Int!, $sort: MemberSort!, $filter: MemberFilter) {
  memberList(skip: $skip, take: $take, sort: $sort, filter: $filter) { total items { displayName state } } }`;
const gid = (of: Person) => globalId('Member', of.memberId);
const names = async (as: As, filter = {}, { skip = 0, take = 10, sort = 'NAME_ASC' } = {}) =>
  (await kith.gql(LIST, { skip, take, sort, filter }, as)).data.memberList.items.map(
    ({ displayName }: { displayName: string }) => displayName,
  );

test('a member changes their profile; search hears of what it shows, once for many changes', async () => {
  const place = await kith.community();
  const anna = await kith.member(place, { name: 'Anna' });
  const input = {
    displayName: ' Anna K. ',
    bio: 'Gardener',
    photoUrl: 'https://example.org/a.png',
    contactEmail: 'a@example.org',
    phone: '+49 1',
    locale: 'de',
    place: { latitude: 52.51234, longitude: 13.41234 },
  };
  const { place: _place, ...plain } = input;
  expect((await kith.gql(PROFILE, { input }, anna)).data.updateMyProfile).toEqual({
    ...plain,
    displayName: 'Anna K.',
    latitude: 52.51234,
    longitude: 13.41234,
  });
  await kith.gql(PROFILE, { input: { displayName: 'Anna L.' } }, anna);
  await kith.gql(PROFILE, { input: { bio: 'Not in the index' } }, anna);
  const cleared = { photoUrl: null, contactEmail: null, phone: null, place: null };
  expect((await kith.gql(PROFILE, { input: cleared }, anna)).data.updateMyProfile).toMatchObject({
    photoUrl: null,
    contactEmail: null,
    phone: null,
    latitude: null,
  });
  const jobs = await kith.sql('select count(*)::int from graphile_worker.jobs where key = $1', [
    `member.changed:${place.id}:${anna.memberId}`,
  ]);
  expect(jobs).toEqual([{ count: 1 }]);
});

test.each([
  [{ displayName: '' }],
  [{ displayName: null }],
  [{ displayName: 'x'.repeat(81) }],
  [{ displayName: 'a\u0000b' }],
  [{ bio: 'x'.repeat(5001) }],
  [{ photoUrl: 'javascript:alert(1)' }],
  [{ contactEmail: 'nobody' }],
  [{ phone: '1\n2' }],
  [{ locale: '!!' }],
  [{ place: { latitude: 91, longitude: 0 } }],
])('a profile refuses %j and stays as it was', async (input) => {
  const place = await kith.community();
  const anna = await kith.member(place, { name: 'Anna' });
  const before = await kith.sql('select * from members where id = $1', [anna.memberId]);
  const { errors } = await kith.gql(PROFILE, { input }, anna);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await kith.sql('select * from members where id = $1', [anna.memberId])).toEqual(before);
});

test('members see of each other what is shown, and a place to about a kilometre', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place, { name: 'Anna' }), await kith.member(place)];
  await kith.gql(
    PROFILE,
    { input: { contactEmail: 'a@example.org', phone: '1', place: { latitude: 52.51234, longitude: 13.4 } } },
    anna,
  );
  const nothing = { email: null, contactEmail: null, phone: null, state: null, roles: null, capabilities: null };
  expect((await kith.gql(PRIVATE, { id: gid(anna) }, boris)).data.member).toEqual({
    ...nothing,
    ...{
      displayName: 'Anna',
      latitude: 52.51,
      application: null,
      decisionReason: null,
      appliedAt: null,
      isMe: false,
      charterAccepted: null,
    },
  });
  const seen = async (as: As) => (await kith.gql(PRIVATE, { id: gid(anna) }, as)).data.member;
  expect(await seen(anna)).toMatchObject({
    email: anna.email,
    phone: '1',
    latitude: 52.51234,
    state: 'ACTIVE',
    roles: ['MEMBER'],
    capabilities: [],
    isMe: true,
  });
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  expect(await seen(olga)).toMatchObject({ email: anna.email, contactEmail: 'a@example.org', state: 'ACTIVE' });
  const theo = await kith.member(place, { roles: ['MEMBER', 'TREASURER'] });
  expect(await seen(theo)).toMatchObject({ email: null, contactEmail: null, latitude: 52.51, state: 'ACTIVE' });
});

test('who is not active is there for themselves and for those who keep the list, by every way in', async () => {
  const [place, elsewhere] = [await kith.community(), await kith.community()];
  const nora = await kith.member(place, { name: 'Nora', state: 'APPLIED' });
  const boris = await kith.member(place);
  const olga = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const stranger = await kith.member(elsewhere, { roles: ['MEMBER', 'OPERATOR'] });
  const NODE = 'query ($id: ID!) { node(id: $id) { ... on Member { displayName } } member(id: $id) { displayName } }';
  const ask = async (as: As) => (await kith.gql(NODE.replace(/ member\(.*\}$/, ' }'), { id: gid(nora) }, as)).data.node;
  for (const as of [boris, stranger, { token: stranger.token, community: place.slug }, {}])
    expect(await ask(as)).toBeNull();
  for (const as of [olga, nora]) expect(await ask(as)).toEqual({ displayName: 'Nora' });
  expect((await kith.gql(NODE, { id: gid(nora) }, boris)).data.member).toBeNull();
  expect((await kith.gql('{ members(search: "nor") { totalCount } }', {}, boris)).data.members.totalCount).toBe(0);
});

test('members are found by a part of the name, as it is written', async () => {
  const place = await kith.community();
  const anna = await kith.member(place, { name: 'Anna 100%' });
  await kith.member(place, { name: 'Johanna' });
  const FIND =
    'query ($search: String!) { members(search: $search, first: 1) { totalCount edges { node { displayName } } } }';
  const find = async (search: string) => (await kith.gql(FIND, { search }, anna)).data.members;
  expect(await find('ANNA')).toEqual({ totalCount: 2, edges: [{ node: { displayName: 'Anna 100%' } }] });
  expect((await find('%')).totalCount).toBe(1);
  expect((await find('_')).totalCount).toBe(0);
});

test('the console’s list is filtered, sorted and paged', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] });
  const theo = await kith.member(place, { name: 'Theo', roles: ['MEMBER', 'TREASURER'] });
  const nora = await kith.member(place, { name: 'Nora', state: 'APPLIED' });
  await kith.sql(
    "insert into members (community_id, id, state, display_name, external_id) values ($1, $2, 'ACTIVE', 'Paper Paul', 'x-9')",
    [place.id, newId()],
  );
  expect(await names(olga)).toEqual(['Nora', 'Olga', 'Paper Paul', 'Theo']);
  expect(await names(olga, {}, { sort: 'NAME_DESC', skip: 1, take: 2 })).toEqual(['Paper Paul', 'Olga']);
  expect(await names(olga, { states: ['APPLIED'] })).toEqual(['Nora']);
  expect(await names(olga, { roles: ['TREASURER', 'OPERATOR'] })).toEqual(['Olga', 'Theo']);
  expect(await names(olga, { isPlaceholder: true })).toEqual(['Paper Paul']);
  expect(await names(olga, { text: 'x-9' })).toEqual(['Paper Paul']);
  expect(await names(olga, { text: nora.email })).toEqual(['Nora']);
  expect(await names(theo, { text: nora.email })).toEqual([]);
  expect((await kith.gql(LIST, { skip: 0, take: 101, sort: 'NAME_ASC' }, olga)).errors![0]!.extensions.code).toBe(
    'BAD_USER_INPUT',
  );
});

test('operators find the members who offer nothing, and those who do', async () => {
  const place = await kith.community();
  const olga = await kith.member(place, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] });
  const [anna, boris] = [await kith.member(place, { name: 'Anna' }), await kith.member(place, { name: 'Boris' })];
  await listing(kith, anna, { kind: 'OFFER' });
  await listing(kith, boris, { kind: 'WANT' });
  await listing(kith, boris, { kind: 'OFFER', state: 'PAUSED' });
  expect(await names(olga, { hasOffers: false })).toEqual(['Boris', 'Olga']);
  expect(await names(olga, { hasOffers: true })).toEqual(['Anna']);
  expect(await names(olga, { hasOffers: false, text: 'bor' })).toEqual(['Boris']);
});
