import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';
import { grantPlatformAdministrator } from './communities.ts';
import defaults from './defaultCategories.json' with { type: 'json' };

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const CREATE = `mutation ($input: CreateCommunityInput!) { createCommunity(input: $input) {
  __typename ... on Error { code message } ... on Community { id slug currency { code name symbol scale } timeZone charter { version } admission } } }`;
const POLICIES = `mutation ($input: PoliciesInput!) { updatePolicies(input: $input) { policies {
  admission minimumOffers listingDays wantDays reminderDays publicListings publishStatistics } } }`;
const UPDATE = 'mutation ($input: UpdateCommunityInput!) { updateCommunity(input: $input) { name timeZone latitude } }';
const OUTSIDE = `{ community { slug name description locale currency { code } charter { text } memberCount memberCapacity policies { admission } } }`;
const town = (slug: string, more = {}) => ({
  ...{ slug, name: 'Riverside', currencyCode: 'HOURS', currencyName: 'Hours', timeZone: 'Europe/Berlin' },
  ...more,
});

test('a platform administrator founds a community with its tree, its policies and its operator at once', async () => {
  const [founder, olga] = [await kith.user({ administrator: true }), await kith.user({ name: 'Olga' })];
  const input = town('riverside', {
    locale: 'de-AT',
    operatorEmail: olga.email.toUpperCase(),
    policies: { admission: 'OPEN', listingDays: 90 },
  });
  const { data } = await kith.gql(CREATE, { input }, founder);
  expect(data.createCommunity).toMatchObject({
    slug: 'riverside',
    currency: { code: 'HOURS', name: 'Hours', symbol: '', scale: 2 },
    charter: null,
    admission: 'OPEN',
  });
  const as = { token: olga.token, community: 'riverside' };
  const { data: seen } = await kith.gql(
    '{ myMember { displayName state roles capabilities } categories { key name parent { key } } }',
    {},
    as,
  );
  expect(seen.myMember).toMatchObject({ displayName: 'Olga', state: 'ACTIVE', roles: ['MEMBER', 'OPERATOR'] });
  expect(seen.myMember.capabilities).toContain('membersDecide');
  expect(seen.categories).toHaveLength(72);
  expect(seen.categories).toContainEqual({ key: 'pet-care', name: 'Tierbetreuung', parent: { key: 'help-at-home' } });
  const [row] = await kith.sql("select policies from communities where slug = 'riverside'");
  expect(row!.policies).toEqual({ admission: 'OPEN' });
});

test('the default tree names every key once and in five languages', () => {
  const keys = Object.entries(defaults.tree).flatMap(([parent, children]) => [parent, ...children]);
  expect(new Set(keys).size).toBe(72);
  expect(keys.toSorted()).toEqual(Object.keys(defaults.names).toSorted());
  for (const names of Object.values(defaults.names)) expect(names.filter(Boolean)).toHaveLength(5);
});

test('a slug is taken once, also by two at the same time, and nothing of the loser stays', async () => {
  const founder = await kith.user({ administrator: true });
  const before = await kith.sql('select count(*)::int from categories');
  const answers = await Promise.all([1, 2].map(() => kith.gql(CREATE, { input: town('twice') }, founder)));
  expect(answers.map(({ data }) => data.createCommunity.__typename).toSorted()).toEqual(['Community', 'SlugTaken']);
  const after = await kith.sql('select count(*)::int from categories');
  expect(after[0]!.count).toBe(before[0]!.count + 72);
});

test('a community is not founded for an operator nobody knows, or whose address nobody has confirmed', async () => {
  const [founder, squatter] = [await kith.user({ administrator: true }), await kith.user()];
  await kith.sql('update users set email_verified_at = null where id = $1', [squatter.userId]);
  for (const operatorEmail of ['no@example.org', squatter.email]) {
    const { data } = await kith.gql(CREATE, { input: town('nobody', { operatorEmail }) }, founder);
    expect(data.createCommunity.code).toBe('OPERATOR_UNKNOWN');
  }
  expect(await kith.sql("select from communities where slug = 'nobody'")).toEqual([]);
});

test.each([
  ['slug', { slug: 'With Space' }],
  ['slug', { slug: '0198c0de-0000-7000-8000-000000000000' }],
  ['name', { name: '   ' }],
  ['name', { name: 'two\nlines' }],
  ['name', { name: 'n'.repeat(101) }],
  ['timeZone', { timeZone: 'Mars/Olympus' }],
  ['locale', { locale: 'no such language' }],
  ['currencyCode', { currencyCode: 'eur' }],
  ['currencyScale', { currencyScale: 5 }],
  ['memberCapacity', { memberCapacity: 0 }],
  ['operatorEmail', { operatorEmail: 'nobody' }],
  ['listingDays', { policies: { listingDays: 0 } }],
])('founding refuses a bad %s and says so', async (field, more) => {
  const founder = await kith.user({ administrator: true });
  const { errors } = await kith.gql(CREATE, { input: town('bad-input', more) }, founder);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(JSON.stringify(errors![0])).toContain(field);
  expect(
    await kith.sql("select from communities where slug in ('bad-input', '0198c0de-0000-7000-8000-000000000000')"),
  ).toEqual([]);
});

test('an outsider sees what a community publishes and nothing else', async () => {
  const place = await kith.community();
  const anna = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const outside = await kith.gql(OUTSIDE, {}, { community: place.slug });
  expect(outside.data.community).toEqual({
    ...{ slug: place.slug, name: 'Testville', description: '', locale: 'en', currency: { code: 'TEST' } },
    ...{ charter: null, memberCount: null, memberCapacity: null, policies: null },
  });
  const inside = await kith.gql(OUTSIDE, {}, anna);
  expect(inside.data.community).toMatchObject({
    memberCount: 1,
    memberCapacity: 10000,
    policies: { admission: 'APPROVAL' },
  });
  await kith.gql(POLICIES, { input: { publishStatistics: true } }, anna);
  expect((await kith.gql(OUTSIDE, {}, { community: place.slug })).data.community.memberCount).toBe(1);
});

test('a hidden community looks to outsiders like one that is not there', async () => {
  const place = await kith.community({ name: 'Secret garden' });
  const anna = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.gql('mutation { updateCommunity(input: { visibility: HIDDEN }) { id } }', {}, anna);
  const stranger = await kith.user();
  const id = globalId('Community', place.id);
  const ask = '{ community { slug } communities(search: "Secret gar") { totalCount edges { node { slug } } } }';
  const { data } = await kith.gql(ask, {}, { token: stranger.token, community: place.slug });
  expect(data).toEqual({ community: null, communities: { totalCount: 0, edges: [] } });
  const node = (as: object) => kith.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, as);
  expect((await node({ token: stranger.token })).data.node).toBeNull();
  expect((await node(anna)).data.node.id).toBe(id);
  const apply = `mutation { applyForMembership(input: { displayName: "S", charterVersion: 0 }) { __typename } }`;
  const { errors } = await kith.gql(apply, {}, { token: stranger.token, community: place.slug });
  expect(errors![0]!.extensions.code).toBe('NOT_FOUND');
});

test('the directory lists public communities by name with charter and numbers', async () => {
  const [b, a] = [await kith.community({ name: 'Dir B' }), await kith.community({ name: 'Dir A' })];
  const anna = await kith.member(b, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.gql('mutation { publishCharter(input: { text: "Be kind." }) { version } }', {}, anna);
  await kith.gql(POLICIES, { input: { publishStatistics: true } }, anna);
  const { data } = await kith.gql(
    '{ communities(search: "dir ") { edges { node { slug charter { version text } memberCount } } } }',
  );
  expect(data.communities.edges.map(({ node }: { node: unknown }) => node)).toEqual([
    { slug: a.slug, charter: null, memberCount: null },
    { slug: b.slug, charter: { version: 1, text: 'Be kind.' }, memberCount: 1 },
  ]);
});

test('policies keep what differs from the defaults, and null goes back', async () => {
  const place = await kith.community();
  const anna = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const { data } = await kith.gql(POLICIES, { input: { minimumOffers: 2, listingDays: 30, reminderDays: 7 } }, anna);
  expect(data.updatePolicies.policies).toMatchObject({
    admission: 'APPROVAL',
    minimumOffers: 2,
    listingDays: 30,
    wantDays: 60,
    reminderDays: 7,
  });
  const stored = async () =>
    (await kith.sql('select policies from communities where id = $1', [place.id]))[0]!.policies;
  expect(await stored()).toEqual({ minimumOffers: 2, listingDays: 30 });
  await kith.gql(POLICIES, { input: { minimumOffers: null } }, anna);
  expect(await stored()).toEqual({ listingDays: 30 });
  const { errors } = await kith.gql(POLICIES, { input: { listingDays: 99999, minimumOffers: 1 } }, anna);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await stored()).toEqual({ listingDays: 30 });
});

test('an operator changes what the community says of itself, and what is required cannot be emptied', async () => {
  const place = await kith.community();
  const anna = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const change = { name: 'Newville', timeZone: 'Asia/Tokyo', place: { latitude: 35.5, longitude: 139 } };
  expect((await kith.gql(UPDATE, { input: change }, anna)).data.updateCommunity).toEqual({
    name: 'Newville',
    timeZone: 'Asia/Tokyo',
    latitude: 35.5,
  });
  expect((await kith.gql(UPDATE, { input: { name: null } }, anna)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect((await kith.gql(UPDATE, { input: { place: null } }, anna)).data.updateCommunity).toEqual({
    name: 'Newville',
    timeZone: 'Asia/Tokyo',
    latitude: null,
  });
});

test('charters count up, also published at once, and every member sees which one they accepted', async () => {
  const place = await kith.community();
  const anna = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  const PUBLISH = 'mutation ($text: String!) { publishCharter(input: { text: $text }) { version } }';
  const ACCEPT = `mutation ($version: Int!) { acceptCharter(input: { version: $version }) {
    ... on Member { charterAccepted } ... on CharterChanged { code currentVersion } } }`;
  expect((await kith.gql('{ myMember { charterAccepted } }', {}, anna)).data.myMember.charterAccepted).toBe(true);
  const answers = await Promise.all(['one', 'two', 'three'].map((text) => kith.gql(PUBLISH, { text }, anna)));
  expect(answers.map(({ data }) => data.publishCharter.version).toSorted()).toEqual([1, 2, 3]);
  expect((await kith.gql('{ myMember { charterAccepted } }', {}, anna)).data.myMember.charterAccepted).toBe(false);
  expect((await kith.gql(ACCEPT, { version: 2 }, anna)).data.acceptCharter).toEqual({
    code: 'CHARTER_CHANGED',
    currentVersion: 3,
  });
  expect((await kith.gql(ACCEPT, { version: 3 }, anna)).data.acceptCharter).toEqual({ charterAccepted: true });
  expect(
    (await kith.gql('{ charters { version } }', {}, anna)).data.charters.map(
      ({ version }: { version: number }) => version,
    ),
  ).toEqual([3, 2, 1]);
});

test('a user sees every community they belong to, and what they may do there', async () => {
  const [one, two] = [await kith.community({ name: 'AA' }), await kith.community({ name: 'BB' })];
  const anna = await kith.member(one, { roles: ['MEMBER', 'BROKER'] });
  const apply = 'mutation { applyForMembership(input: { displayName: "Anna", charterVersion: 0 }) { __typename } }';
  await kith.gql(apply, {}, { token: anna.token, community: two.slug });
  const { data } = await kith.gql(
    '{ myMemberships { community { slug } state roles capabilities } }',
    {},
    { token: anna.token },
  );
  expect(data.myMemberships).toEqual([
    {
      community: { slug: one.slug },
      state: 'ACTIVE',
      roles: ['MEMBER', 'BROKER'],
      capabilities: [
        'membersList',
        'membersSeeContact',
        'membersInviteMany',
        'listingsActFor',
        'paymentsActFor',
        'tradesRead',
        'tradesActFor',
        'dashboardRead',
      ],
    },
    { community: { slug: two.slug }, state: 'APPLIED', roles: ['MEMBER'], capabilities: [] },
  ]);
});

test('an administrator of the platform is made by the program, of a user that is there', async () => {
  const anna = await kith.user();
  expect((await kith.gql(CREATE, { input: town('by-anna') }, anna)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  await grantPlatformAdministrator(anna.userId);
  expect((await kith.gql(CREATE, { input: town('by-anna') }, anna)).data.createCommunity.slug).toBe('by-anna');
  await expect(grantPlatformAdministrator('0198c0de-0000-7000-8000-000000000000')).rejects.toThrow('no such user');
});
