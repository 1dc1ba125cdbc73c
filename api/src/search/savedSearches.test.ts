import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId, inner, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';

const CREATE = `mutation ($input: CreateSavedSearchInput!) { createSavedSearch(input: $input) {
  ... on SavedSearch { id name notify criteria { text kind tags priceTo near { withinKm } categories { id name } } }
  ... on TooManySavedSearches { code most } } }`;
const UPDATE = `mutation ($input: UpdateSavedSearchInput!) { updateSavedSearch(input: $input) { id name notify criteria { text } } }`;
const DELETE = 'mutation ($id: ID!) { deleteSavedSearch(input: { id: $id }) }';
const LIST = '{ savedSearches { id name } }';
const INBOX = '{ notifications { edges { node { kind title body subjectId } } } }';

let kith: TestKith;
let here: { id: string; slug: string };
let ann: Person;
beforeAll(async () => {
  kith = await testKith();
  here = await kith.community();
  ann = await kith.member(here, { name: 'Ann' });
});
afterAll(() => kith.stop());

const save = async (as: Person, name: string, criteria: object, more: object = {}): Promise<string> => {
  const { data, errors } = await kith.gql(CREATE, { input: { name, criteria, ...more } }, as);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.createSavedSearch.id;
};
const told = async (as: Person) =>
  (await kith.gql(INBOX, {}, as)).data.notifications.edges
    .map(({ node }: { node: { kind: string; title: string; body: string } }) => node)
    .filter(({ kind }: { kind: string }) => kind === 'saved-search.found')
    .map(({ title, body }: { title: string; body: string }) => `${title}: ${body}`);

test('a member is told once of a listing that is published after the search was saved and fits it', async () => {
  const reader = await kith.member(here, { name: 'Reader' });
  await listing(kith, ann, { title: 'Cello lessons in the attic' });
  await kith.jobs();
  await save(reader, 'Cello', { text: 'cello lesson', kind: 'OFFER' });
  const id = await listing(kith, ann, { title: 'Lessons on the cello', tags: ['music'] });
  await kith.jobs();
  expect(await told(reader)).toEqual(['New for your search “Cello”: Lessons on the cello']);
  const { data } = await kith.gql(INBOX, {}, reader);
  expect(data.notifications.edges[0].node.subjectId).toBe(id);

  const update = 'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename } }';
  await kith.gql(update, { input: { id, version: 1, description: 'For beginners.' } }, ann);
  await kith.jobs();
  await kith.sql(
    "select kith.enqueue('saved-searches.match', json_build_object('communityId', $1::text, 'listingIds', array[$2::text]), null, null, null)",
    [here.id, inner(id)],
  );
  await kith.jobs();
  expect(await told(reader)).toHaveLength(1);
});

test('every condition has to hold, and nobody is told of their own listings or after they asked not to be', async () => {
  const reader = await kith.member(here, { name: 'Reader' });
  const saved = {
    own: await save(ann, 'Own', { text: 'sledge' }),
    wants: await save(reader, 'Wants', { text: 'sledge', kind: 'WANT' }),
    cheap: await save(reader, 'Cheap', { text: 'sledge', priceTo: '9.99' }),
    other: await save(reader, 'Other', { text: 'sledge dog' }),
    quiet: await save(reader, 'Quiet', { text: 'sledge' }, { notify: false }),
    near: await save(reader, 'Near', { near: { latitude: 47, longitude: 11, withinKm: 5 } }),
    far: await save(reader, 'Far', { text: 'sledge', near: { latitude: 48, longitude: 11, withinKm: 5 } }),
  };
  expect(new Set(Object.values(saved)).size).toBe(7);
  const elsewhere = await kith.community();
  const stranger = await kith.member(elsewhere);
  await save(stranger, 'Elsewhere', { text: 'sledge' });
  await listing(kith, ann, {
    title: 'Sledges for hire',
    payment: { terms: 'FIXED', price: '10.00' },
    place: { latitude: 47.01, longitude: 11 },
  });
  await kith.jobs();
  expect(await told(reader)).toEqual(['New for your search “Near”: Sledges for hire']);
  expect(await told(ann)).toEqual([]);
  expect(await told(stranger)).toEqual([]);
});

test('a search saved with a typing mistake is answered as the search itself answers it', async () => {
  const reader = await kith.member(here, { name: 'Reader' });
  await save(reader, 'Mistyped', { text: 'accordoin' });
  await save(reader, 'Another word', { text: 'bike' });
  await listing(kith, ann, { title: 'Bikes to lend' });
  await listing(kith, ann, { title: 'Accordion, well tuned' });
  await listing(kith, ann, { title: 'Hikes with llamas' });
  await kith.jobs();
  expect((await told(reader)).sort()).toEqual([
    'New for your search “Another word”: Bikes to lend',
    'New for your search “Mistyped”: Accordion, well tuned',
  ]);
});

test('a search with other criteria counts from the change on', async () => {
  const reader = await kith.member(here, { name: 'Reader' });
  const id = await save(reader, 'Trumpets', { text: 'trumpet' });
  const before = await listing(kith, ann, { title: 'Ukulele for children' });
  await kith.jobs();
  const { data } = await kith.gql(UPDATE, { input: { id, name: 'Ukuleles', criteria: { text: 'ukulele' } } }, reader);
  expect(data.updateSavedSearch).toEqual({ id, name: 'Ukuleles', notify: true, criteria: { text: 'ukulele' } });
  await kith.gql(
    'mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename } }',
    { input: { id: before, version: 1, tags: ['x'] } },
    ann,
  );
  await kith.jobs();
  expect(await told(reader)).toEqual([]);
  await listing(kith, ann, { title: 'Ukulele, red' });
  await kith.jobs();
  expect(await told(reader)).toEqual(['New for your search “Ukuleles”: Ukulele, red']);
});

test('a search is kept as it was asked, for its member alone, and forgotten on demand', async () => {
  const reader = await kith.member(here, { name: 'Reader' });
  const category = crypto.randomUUID();
  await kith.sql("insert into categories (community_id, id, key, name) values ($1, $2, 'tools', 'Tools')", [
    here.id,
    category,
  ]);
  const criteria = { text: 'drill ', tags: ['Tool'], priceTo: '12.50', categoryIds: [globalId('Category', category)] };
  const { data } = await kith.gql(CREATE, { input: { name: 'Tools', criteria } }, reader);
  const { id, ...kept } = data.createSavedSearch;
  expect(kept).toEqual({
    name: 'Tools',
    notify: true,
    criteria: {
      text: 'drill ',
      kind: null,
      tags: ['tool'],
      priceTo: '12.50',
      near: null,
      categories: [{ id: globalId('Category', category), name: 'Tools' }],
    },
  });
  const node = 'query ($id: ID!) { node(id: $id) { ... on SavedSearch { name } } }';
  expect((await kith.gql(node, { id }, reader)).data.node).toEqual({ name: 'Tools' });
  expect((await kith.gql(node, { id }, ann)).data.node).toBeNull();
  expect((await kith.gql(UPDATE, { input: { id, name: 'Mine' } }, ann)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql(DELETE, { id }, ann)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql(LIST, {}, reader)).data.savedSearches).toEqual([{ id, name: 'Tools' }]);
  expect((await kith.gql(DELETE, { id }, reader)).data.deleteSavedSearch).toBe(id);
  expect((await kith.gql(LIST, {}, reader)).data.savedSearches).toEqual([]);
});

test('a member keeps fifty searches, also when the last two come at once', async () => {
  const reader = await kith.member(here, { name: 'Reader' });
  for (let number = 0; number < 49; number++) await save(reader, `Search ${number}`, { text: 'x' });
  const both = await Promise.all([1, 2].map(() => kith.gql(CREATE, { input: { name: 'Last', criteria: {} } }, reader)));
  const codes = both.map(({ data }) => data.createSavedSearch.code ?? 'kept').sort();
  expect(codes).toEqual(['TOO_MANY_SAVED_SEARCHES', 'kept']);
  expect((await kith.gql(LIST, {}, reader)).data.savedSearches).toHaveLength(50);
});

test.each([
  ['without a name', { name: ' ', criteria: {} }],
  ['with a price the currency cannot have', { name: 'x', criteria: { priceTo: '0.001' } }],
  ['with a text that is too long', { name: 'x', criteria: { text: 'x'.repeat(201) } }],
])('a search %s is rejected and not kept', async (_what, input) => {
  const reader = await kith.member(here, { name: 'Reader' });
  expect((await kith.gql(CREATE, { input }, reader)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect((await kith.gql(LIST, {}, reader)).data.savedSearches).toEqual([]);
});
