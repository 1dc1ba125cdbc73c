import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { inner, listing } from '../../../test/listing.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const decide = async (verb: 'hide' | 'unhide', id: string, reason: string, as: Person) => {
  const { data, errors } = await kith.gql(
    `mutation ($input: ${verb === 'hide' ? 'Hide' : 'Unhide'}ListingInput!) { ${verb}Listing(input: $input) {
      ... on Listing { state hiddenReason } ... on WrongListingState { code state } } }`,
    { input: { id, reason } },
    as,
  );
  return errors ? { code: errors[0]!.extensions.code } : data[`${verb}Listing`];
};
const cast = async () => {
  const place = await kith.community();
  const roles = { roles: ['MEMBER' as const, 'MODERATOR' as const] };
  return {
    place,
    author: await kith.member(place),
    moderator: await kith.member(place, roles),
    other: await kith.member(place, roles),
  };
};

test.each(['PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN'] as const)(
  'what was %s is that again when it is no longer hidden; both acts are on the record and told to the author',
  async (state) => {
    const { author, moderator } = await cast();
    const id = await listing(kith, author, { state, title: 'Soup' });
    expect(await decide('hide', id, 'offends', moderator)).toEqual({ state: 'HIDDEN', hiddenReason: 'offends' });
    expect(await decide('unhide', id, 'mended', moderator)).toEqual({ state, hiddenReason: null });
    await kith.jobs();
    const acts = await kith.sql(
      'select action, reason, detail, actor_member_id from audit_log where subject_id = $1 order by created_at',
      [inner(id)],
    );
    expect(acts).toEqual([
      {
        action: 'listing.hide',
        reason: 'offends',
        detail: { before: state, after: 'HIDDEN' },
        actor_member_id: moderator.memberId,
      },
      {
        action: 'listing.unhide',
        reason: 'mended',
        detail: { before: 'HIDDEN', after: state },
        actor_member_id: moderator.memberId,
      },
    ]);
    const { data } = await kith.gql('{ notifications { edges { node { kind title body } } } }', {}, author);
    expect(data.notifications.edges.map(({ node }: { node: object }) => node)).toEqual([
      {
        kind: 'listing.unhidden',
        title: '“Soup” is no longer hidden',
        body: 'Reason: mended',
      },
      { kind: 'listing.hidden', title: '“Soup” was hidden by a moderator', body: 'Reason: offends' },
    ]);
  },
);

test('two moderators at once hide once', async () => {
  const { author, moderator, other } = await cast();
  const id = await listing(kith, author);
  const answers = await Promise.all([decide('hide', id, 'first', moderator), decide('hide', id, 'second', other)]);
  expect(answers.filter(({ code }) => code === 'WRONG_LISTING_STATE')).toHaveLength(1);
  expect(await kith.sql('select action from audit_log where subject_id = $1', [inner(id)])).toHaveLength(1);
});

test('drafts are not hidden, what is not hidden is not shown again, and a reason is needed', async () => {
  const { author, moderator } = await cast();
  const [draft, published] = [await listing(kith, author, { state: 'DRAFT' }), await listing(kith, author)];
  expect(await decide('hide', draft, 'offends', moderator)).toEqual({ code: 'WRONG_LISTING_STATE', state: 'DRAFT' });
  expect(await decide('unhide', published, 'mended', moderator)).toEqual({
    code: 'WRONG_LISTING_STATE',
    state: 'PUBLISHED',
  });
  expect(await decide('hide', published, ' ', moderator)).toEqual({ code: 'BAD_USER_INPUT' });
  expect(
    await kith.sql('select 1 from audit_log where subject_id = any($1)', [[inner(draft), inner(published)]]),
  ).toEqual([]);
});

test('the author mends a hidden listing and it stays hidden until a moderator shows it', async () => {
  const { author, moderator } = await cast();
  const id = await listing(kith, author);
  await decide('hide', id, 'offends', moderator);
  const UPDATE =
    'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { ... on Listing { state title } ... on Error { code } } }';
  const { data } = await kith.gql(UPDATE, { input: { id, version: 1, title: 'Mended' } }, author);
  expect(data.updateListing).toEqual({ state: 'HIDDEN', title: 'Mended' });
});

test('the console sorts, pages and filters, and takes the signs of patterns as themselves', async () => {
  const { author, moderator, other } = await cast();
  for (const title of ['Bread 100%', 'Bread 1000', 'a_b', 'axb']) await listing(kith, author, { title });
  await listing(kith, other, { title: 'Bread', kind: 'WANT', state: 'PAUSED' });
  const list = async (variables: object) => {
    const { data } = await kith.gql(
      'query ($skip: Int, $take: Int, $sort: ListingListSort, $filter: ListingListFilter) { listingList(skip: $skip, take: $take, sort: $sort, filter: $filter) { total items { title } } }',
      { skip: 0, take: 25, ...variables },
      moderator,
    );
    return {
      total: data.listingList.total,
      titles: data.listingList.items.map(({ title }: { title: string }) => title),
    };
  };
  const sort = { field: 'title' };
  expect(await list({ filter: { title: 'bread' }, sort })).toEqual({
    total: 3,
    titles: ['Bread', 'Bread 100%', 'Bread 1000'],
  });
  expect(await list({ filter: { title: '100%' } })).toEqual({ total: 1, titles: ['Bread 100%'] });
  expect(await list({ filter: { title: 'a_b' } })).toEqual({ total: 1, titles: ['a_b'] });
  expect(await list({ filter: { kind: 'WANT', states: ['PAUSED'] } })).toEqual({ total: 1, titles: ['Bread'] });
  expect(
    await list({ filter: { title: 'bread' }, sort: { field: 'title', descending: true }, skip: 1, take: 1 }),
  ).toEqual({
    total: 3,
    titles: ['Bread 100%'],
  });
  const { errors } = await kith.gql('{ listingList(take: 101) { total } }', {}, moderator);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});
