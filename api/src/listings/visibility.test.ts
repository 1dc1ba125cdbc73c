import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListingState } from '@kith/db';
import { testKith, type As, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId, inner, listing } from '../../../test/listing.ts';

let kith: TestKith;
type Cast = Record<
  'author' | 'other' | 'broker' | 'moderator' | 'operator' | 'applicant' | 'suspended' | 'stranger',
  Person
>;
let cast: Cast;
let place: { id: string; slug: string };
const ids = {} as Record<ListingState, string>;
beforeAll(async () => {
  kith = await testKith();
  place = await kith.community();
  const member = (name: string, more: object = {}) => kith.member(place, { name, ...more });
  cast = {
    author: await member('Author'),
    other: await member('Other'),
    broker: await member('Broker', { roles: ['MEMBER', 'BROKER'] }),
    moderator: await member('Moderator', { roles: ['MEMBER', 'MODERATOR'] }),
    operator: await member('Operator', { roles: ['MEMBER', 'OPERATOR'] }),
    applicant: await member('Applicant', { state: 'APPLIED' }),
    suspended: await member('Suspended', { state: 'SUSPENDED' }),
    stranger: await kith.member(await kith.community(), { roles: ['MEMBER', 'OPERATOR'] }),
  };
  for (const state of ['DRAFT', 'PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN', 'HIDDEN'] as const)
    ids[state] = await listing(kith, cast.author, {
      state,
      title: state,
      place: { latitude: 47.123456, longitude: 8.987654 },
    });
});
afterAll(() => kith.stop());

const ALL: ListingState[] = ['DRAFT', 'PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN', 'HIDDEN'];
const sees: [keyof Cast | 'nobody' | 'strangerHere', ListingState[]][] = [
  ['author', ALL],
  ['other', ['PUBLISHED']],
  ['broker', ALL.filter((state) => state !== 'HIDDEN')],
  ['moderator', ALL],
  ['operator', ALL],
  ['applicant', []],
  ['suspended', []],
  ['stranger', []],
  ['strangerHere', []],
  ['nobody', []],
];
const asOf = (who: keyof Cast | 'nobody' | 'strangerHere'): As =>
  who === 'nobody'
    ? { community: place.slug }
    : who === 'strangerHere'
      ? { ...cast.stranger, community: place.slug }
      : cast[who];

describe.each(sees)('%s', (who, states) => {
  test(`sees ${states.join(', ') || 'nothing'} by listing and by node`, async () => {
    for (const state of ALL) {
      const one = await kith.gql('query ($id: ID!) { listing(id: $id) { title } }', { id: ids[state] }, asOf(who));
      expect(one.data?.listing?.title ?? null, state).toBe(states.includes(state) ? state : null);
      const node = await kith.gql(
        'query ($id: ID!) { node(id: $id) { ... on Listing { title } } }',
        { id: ids[state] },
        asOf(who),
      );
      expect(node.data?.node?.title ?? null, state).toBe(states.includes(state) ? state : null);
    }
  });

  test('finds in the directory what is published, and in the console what the role may moderate', async () => {
    const directory = await kith.gql('{ listings { totalCount edges { node { title } } } }', {}, asOf(who));
    const isMember = ['author', 'other', 'broker', 'moderator', 'operator'].includes(who);
    if (isMember) expect(directory.data.listings).toEqual({ totalCount: 1, edges: [{ node: { title: 'PUBLISHED' } }] });
    else if (who === 'stranger') expect(directory.data.listings.totalCount).toBe(0);
    else expect(directory.data).toBeNull();
    const list = await kith.gql('{ listingList { total items { title } } }', {}, asOf(who));
    if (who === 'moderator' || who === 'operator') expect(list.data.listingList.total).toBe(7);
    else if (who === 'stranger') expect(list.data.listingList).toEqual({ total: 0, items: [] });
    else expect(list.errors![0]!.extensions.code).toBe(who === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  });
});

test('my listings are the own ones in every state, or in those asked for', async () => {
  const QUERY =
    'query ($states: [ListingState!]) { myListings(states: $states) { totalCount edges { node { title } } } }';
  const { data } = await kith.gql(QUERY, {}, cast.author);
  expect(data.myListings.totalCount).toBe(7);
  const some = await kith.gql(QUERY, { states: ['HIDDEN', 'DRAFT'] }, cast.author);
  expect(some.data.myListings.edges.map(({ node }: { node: { title: string } }) => node.title)).toEqual([
    'HIDDEN',
    'DRAFT',
  ]);
  expect((await kith.gql(QUERY, {}, cast.moderator)).data.myListings.totalCount).toBe(0);
});

test('the exact place and the reason of a moderator are for those they concern', async () => {
  const QUERY = 'query ($id: ID!) { listing(id: $id) { hiddenReason place { latitude longitude exact } } }';
  const rounded = { latitude: 47.12, longitude: 8.99, exact: false };
  const exact = { latitude: 47.123456, longitude: 8.987654, exact: true };
  for (const [who, point] of [
    ['author', exact],
    ['broker', exact],
    ['other', rounded],
    ['moderator', rounded],
  ] as const)
    expect((await kith.gql(QUERY, { id: ids.PUBLISHED }, cast[who])).data.listing.place, who).toEqual(point);
  for (const who of ['author', 'moderator'] as const)
    expect((await kith.gql(QUERY, { id: ids.HIDDEN }, cast[who])).data.listing.hiddenReason).toBe('spam');
});

const VERBS: [string, string, ListingState, object?][] = [
  ['updateListing', 'UpdateListingInput', 'PUBLISHED', { version: 1, title: 'Taken over' }],
  ['publishListing', 'PublishListingInput', 'DRAFT'],
  ['pauseListing', 'PauseListingInput', 'PUBLISHED'],
  ['resumeListing', 'ResumeListingInput', 'PAUSED'],
  ['withdrawListing', 'WithdrawListingInput', 'PUBLISHED'],
  ['fulfilListing', 'FulfilListingInput', 'PUBLISHED'],
  ['renewListing', 'RenewListingInput', 'EXPIRED'],
  ['duplicateListing', 'DuplicateListingInput', 'PUBLISHED'],
  ['deleteDraft', 'DeleteDraftInput', 'DRAFT'],
  ['hideListing', 'HideListingInput', 'PUBLISHED', { reason: 'not nice' }],
  ['unhideListing', 'UnhideListingInput', 'HIDDEN', { reason: 'nice now' }],
];
test.each(VERBS)(
  '%s of somebody else’s listing is not for everybody, and changes nothing',
  async (verb, input, state, more) => {
    const before = await kith.sql('select * from listings order by id');
    for (const who of ['nobody', 'strangerHere', 'stranger', 'other', 'applicant', 'suspended'] as const) {
      const { data, errors } = await kith.gql(
        `mutation ($input: ${input}!) { ${verb}(input: $input) { __typename } }`,
        { input: { id: ids[state], ...more } },
        asOf(who),
      );
      expect(data?.[verb] ?? null, who).toBeNull();
      expect(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'], who).toContain(errors![0]!.extensions.code);
    }
    expect(await kith.sql('select * from listings order by id')).toEqual(before);
  },
);

const CREATE =
  'mutation ($input: CreateListingInput!) { createListing(input: $input) { ... on Listing { id state member { id } } ... on Error { code } } }';
const create = (as: As, more: object = {}) =>
  kith.gql(CREATE, { input: { kind: 'OFFER', title: 'Soup', ...more } }, as);

test('who is not admitted, suspended, a stranger or nobody makes no listing; an applicant prepares drafts', async () => {
  const before = await kith.sql('select id from listings order by id');
  for (const who of ['nobody', 'strangerHere', 'suspended'] as const)
    expect((await create(asOf(who))).errors![0]!.extensions.code).toBe(
      who === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN',
    );
  expect(await kith.sql('select id from listings order by id')).toEqual(before);
  const { id, state } = (await create(cast.applicant)).data.createListing;
  expect(state).toBe('DRAFT');
  const UPDATE =
    'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { ... on Listing { title version } } }';
  expect(
    (await kith.gql(UPDATE, { input: { id, version: 1, title: 'Stew' } }, cast.applicant)).data.updateListing,
  ).toEqual({
    title: 'Stew',
    version: 2,
  });
  const DELETE = 'mutation ($input: DeleteDraftInput!) { deleteDraft(input: $input) { ... on DeletedDraft { id } } }';
  expect((await kith.gql(DELETE, { input: { id } }, cast.applicant)).data.deleteDraft.id).toBe(id);
});

test('a broker writes for a member, on the record; others do not', async () => {
  const memberId = globalId('Member', cast.other.memberId);
  expect((await create(cast.author, { memberId })).errors![0]!.extensions.code).toBe('FORBIDDEN');
  const made = (await create(cast.broker, { memberId })).data.createListing;
  expect(made.member.id).toBe(memberId);
  const PUBLISH =
    'mutation ($input: PublishListingInput!) { publishListing(input: $input) { ... on Listing { state } ... on Error { code } } }';
  expect((await kith.gql(PUBLISH, { input: { id: made.id } }, cast.broker)).data.publishListing.state).toBe(
    'PUBLISHED',
  );
  const acts = await kith.sql(
    'select action, actor_member_id, actor_user_id, subject_type, detail from audit_log where subject_id = $1 order by created_at',
    [inner(made.id)],
  );
  const act = {
    ...{ actor_member_id: cast.broker.memberId, actor_user_id: cast.broker.userId, subject_type: 'Listing' },
    detail: { memberId: cast.other.memberId },
  };
  expect(acts).toEqual([
    { action: 'listing.create', ...act },
    { action: 'listing.publish', ...act },
  ]);
  await kith.sql('delete from listings where id = $1', [inner(made.id)]);
});

test('a broker writes neither for a suspended member, nor for one of another community, nor what a moderator has hidden', async () => {
  const before = await kith.sql('select id from listings order by id');
  const suspended = globalId('Member', cast.suspended.memberId);
  expect((await create(cast.broker, { memberId: suspended })).data.createListing.code).toBe('LISTING_OWNER_NOT_ACTIVE');
  const foreign = globalId('Member', cast.stranger.memberId);
  expect((await create(cast.broker, { memberId: foreign })).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect(await kith.sql('select id from listings order by id')).toEqual(before);
  const UPDATE = 'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename } }';
  const answer = await kith.gql(UPDATE, { input: { id: ids.HIDDEN, version: 1, title: 'Mended' } }, cast.broker);
  expect(answer.errors![0]!.extensions.code).toBe('NOT_FOUND');
});
