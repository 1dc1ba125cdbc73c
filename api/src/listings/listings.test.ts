import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId, inner, listing } from '../../../test/listing.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const FIELDS = `id kind state version title description tags photoUrls terms price { amount currencyCode } priceTo { amount }
  globalPrice { amount currencyCode } globalCurrency unit quantity place { latitude longitude radiusKm exact } remote availability
  availabilityNote language publishedAt expiresAt category { id } categories { id } member { id }`;
const CREATE = `mutation ($input: CreateListingInput!) { createListing(input: $input) { ... on Listing { ${FIELDS} }
  ... on Error { code message } ... on TooManyListings { most } } }`;
const UPDATE = `mutation ($input: UpdateListingInput!) { updateListing(input: $input) { ... on Listing { ${FIELDS} }
  ... on Error { code message } ... on ListingChanged { currentVersion } ... on WrongListingState { state } } }`;
const DELETE = `mutation ($input: DeleteDraftInput!) { deleteDraft(input: $input) { ... on DeletedDraft { id } ... on WrongListingState { code state } } }`;
const DUPLICATE = `mutation ($input: DuplicateListingInput!) { duplicateListing(input: $input) { ... on Listing { ${FIELDS} } ... on Error { code } } }`;

const create = async (author: Person, input: object) => kith.gql(CREATE, { input }, author);
const update = async (author: Person, input: object) => kith.gql(UPDATE, { input }, author);
const read = async (id: string, as: Person) =>
  (await kith.gql(`query ($id: ID!) { listing(id: $id) { ${FIELDS} } }`, { id }, as)).data.listing;
const rows = async (communityId: string) =>
  Number((await kith.sql('select count(*) as rows from listings where community_id = $1', [communityId]))[0]!.rows);

async function category(place: { id: string }, { key, archived = false }: { key: string; archived?: boolean }) {
  const id = randomUUID();
  await kith.sql(
    'insert into categories (community_id, id, key, name, archived_at) values ($1, $2, $3::text, $3::text, case when $4::boolean then now() end)',
    [place.id, id, key, archived],
  );
  return globalId('Category', id);
}

const FULL = {
  kind: 'OFFER' as const,
  title: '  Bicycle repair ',
  description: ' I mend\nbicycles. ',
  tags: ['Bike ', 'repair', 'bike'],
  photoUrls: ['https://example.org/bike.jpg'],
  payment: { terms: 'SPLIT', price: '12.5', globalPrice: '3', globalCurrency: 'EUR' },
  unit: 'hour',
  quantity: 5,
  place: { latitude: 47.123456, longitude: 8.654321, radiusKm: 5 },
  remote: false,
  availability: ['SATURDAY_EVENING', 'MONDAY_MORNING', 'MONDAY_MORNING'],
  availabilityNote: 'not in August',
  language: 'DE',
};

test('a new listing is a draft with what its author wrote', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const categories = [await category(place, { key: 'mend' }), await category(place, { key: 'ride' })];
  const input = { ...FULL, categoryId: categories[0], furtherCategoryIds: [categories[1], categories[0]] };
  const { data, errors } = await create(anna, input);
  expect(errors).toBeUndefined();
  expect(data.createListing).toMatchObject({
    kind: 'OFFER',
    state: 'DRAFT',
    version: 1,
    title: 'Bicycle repair',
    description: 'I mend\nbicycles.',
    tags: ['bike', 'repair'],
    photoUrls: ['https://example.org/bike.jpg'],
    terms: 'SPLIT',
    price: { amount: '12.50', currencyCode: 'TEST' },
    priceTo: null,
    globalPrice: { amount: '3.00', currencyCode: 'EUR' },
    unit: 'hour',
    quantity: 5,
    place: { latitude: 47.123456, longitude: 8.654321, radiusKm: 5, exact: true },
    availability: ['MONDAY_MORNING', 'SATURDAY_EVENING'],
    availabilityNote: 'not in August',
    language: 'de',
    publishedAt: null,
    expiresAt: null,
    category: { id: categories[0] },
    categories: [{ id: categories[0] }, { id: categories[1] }],
    member: { id: globalId('Member', anna.memberId) },
  });
});

test('what is not said takes the standard: paid afterwards, in the language of the community', async () => {
  const anna = await kith.member(await kith.community({ locale: 'pt-BR' }));
  const { data } = await create(anna, { kind: 'WANT', title: 'A hammer' });
  expect(data.createListing).toMatchObject({
    ...{ terms: 'AFTER', price: null, language: 'pt', quantity: null, place: null },
    ...{ tags: [], availability: [], category: null, categories: [] },
  });
});

test.each([
  [0, '12', '12'],
  [2, '12.5', '12.50'],
  [4, '0.0001', '0.0001'],
])('amounts have the %i decimals of the currency', async (currencyScale, price, amount) => {
  const anna = await kith.member(await kith.community({ currencyScale }));
  const { data } = await create(anna, { kind: 'OFFER', title: 'Soup', payment: { terms: 'FIXED', price } });
  expect(data.createListing.price).toEqual({ amount, currencyCode: 'TEST' });
  const tooFine = `1.${'0'.repeat(currencyScale)}1`;
  const { errors } = await create(anna, { kind: 'OFFER', title: 'Soup', payment: { terms: 'FIXED', price: tooFine } });
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

const bad: [string, object][] = [
  ['a title of two characters', { title: 'ab' }],
  ['a title of 121 characters', { title: 'a'.repeat(121) }],
  ['a title with a zero character', { title: 'abc\u0000def' }],
  ['a description of 10,001 characters', { description: 'a'.repeat(10_001) }],
  ['21 tags', { tags: Array.from({ length: 21 }, (_, i) => `tag ${i}`) }],
  ['a tag of 41 characters', { tags: ['a'.repeat(41)] }],
  ['an empty tag', { tags: [' '] }],
  ['nine photos', { photoUrls: Array.from({ length: 9 }, (_, i) => `https://example.org/${i}`) }],
  ['a photo that is not https', { photoUrls: ['http://example.org/a.jpg'] }],
  ['a photo that is a script', { photoUrls: ['javascript:alert(1)'] }],
  ['a photo with a password', { photoUrls: ['https://me:secret@example.org/a.jpg'] }],
  ['a place off the earth', { place: { latitude: 91, longitude: 0 } }],
  ['a radius below zero', { place: { latitude: 0, longitude: 0, radiusKm: -1 } }],
  ['a quantity below zero', { quantity: -1 }],
  ['a part of the week that is none', { availability: ['MONDAY_NIGHT'] }],
  ['a language that is none', { language: 'german' }],
  ['a fixed price without a price', { payment: { terms: 'FIXED' } }],
  ['a price that is no number', { payment: { terms: 'FIXED', price: '1e3' } }],
  ['eleven further categories', { furtherCategoryIds: Array.from({ length: 11 }, () => 'x') }],
  ['an id that is no UUID', { id: 'mine' }],
];
test.each(bad)('%s is rejected and nothing is written', async (_what, content) => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const { data, errors } = await create(anna, { kind: 'OFFER', title: 'Soup', ...content });
  expect(data?.createListing).toBeUndefined();
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await rows(place.id)).toBe(0);
});

test('a category of another community, an archived one, and further ones without a main one are rejected', async () => {
  const [place, other] = [await kith.community(), await kith.community()];
  const anna = await kith.member(place);
  const foreign = await category(other, { key: 'foreign' });
  const archived = await category(place, { key: 'old', archived: true });
  const good = await category(place, { key: 'good' });
  for (const content of [{ categoryId: foreign }, { categoryId: archived }, { furtherCategoryIds: [good] }]) {
    const { errors } = await create(anna, { kind: 'OFFER', title: 'Soup', ...content });
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  }
  expect(await rows(place.id)).toBe(0);
});

test('a listing keeps its category when that is archived later', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const old = await category(place, { key: 'old' });
  const id = await listing(kith, anna, { categoryId: old });
  await kith.sql('update categories set archived_at = now() where community_id = $1', [place.id]);
  const { data } = await update(anna, { id, version: 1, title: 'Bicycle care', categoryId: old });
  expect(data.updateListing).toMatchObject({ title: 'Bicycle care', categories: [{ id: old }] });
});

test('the same request again repeats the answer, also at once and after a change', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const input = { ...FULL, id: randomUUID() };
  const answers = await Promise.all([1, 2, 3].map(() => create(anna, input)));
  expect(new Set(answers.map(({ data }) => inner(data.createListing.id)))).toEqual(new Set([input.id]));
  const { id } = answers[0]!.data.createListing;
  await update(anna, { id, version: 1, title: 'Bicycle care' });
  const again = await create(anna, { ...input, id: input.id.toUpperCase() });
  expect(again.data.createListing).toMatchObject({ id, version: 2, title: 'Bicycle care' });
  expect(await rows(place.id)).toBe(1);
});

test('the same id with other content, or of another member, is refused', async () => {
  const place = await kith.community();
  const [anna, boris] = [await kith.member(place), await kith.member(place)];
  const input = { id: randomUUID(), kind: 'OFFER', title: 'Soup' };
  const { id } = (await create(anna, input)).data.createListing;
  for (const [author, other] of [
    [anna, { ...input, title: 'Soup!' }],
    [anna, { ...input, kind: 'WANT' }],
    [boris, input],
  ] as const)
    expect((await create(author, other)).data.createListing.code).toBe('LISTING_ID_REUSED');
  expect(await rows(place.id)).toBe(1);
  expect(await read(id, anna)).toMatchObject({ title: 'Soup', kind: 'OFFER', version: 1 });
});

test('two members who choose one id in the same moment get one listing and one refusal', async () => {
  const place = await kith.community();
  const members = [await kith.member(place), await kith.member(place)];
  for (let round = 0; round < 5; round++) {
    const input = { id: randomUUID(), kind: 'OFFER', title: 'Soup' };
    const answers = await Promise.all(members.map((author) => create(author, input)));
    expect(answers.map(({ data }) => data.createListing.code ?? 'made').sort()).toEqual(['LISTING_ID_REUSED', 'made']);
  }
});

test('a community may use an id another community has', async () => {
  const input = { id: randomUUID(), kind: 'OFFER', title: 'Soup' };
  for (const anna of [await kith.member(await kith.community()), await kith.member(await kith.community())])
    expect(inner((await create(anna, input)).data.createListing.id)).toBe(input.id);
});

test('a change takes what is said, clears what is null and leaves the rest', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const categories = [await category(place, { key: 'mend' }), await category(place, { key: 'ride' })];
  const id = await listing(kith, anna, { ...FULL, categoryId: categories[0], furtherCategoryIds: [categories[1]] });
  const { data } = await update(anna, {
    ...{ id, version: 1, title: 'Bicycle care', place: null, tags: null, quantity: null, language: null },
    ...{ payment: null, categoryId: categories[1], furtherCategoryIds: null },
  });
  expect(data.updateListing).toMatchObject({
    ...{ version: 2, state: 'PUBLISHED', title: 'Bicycle care', description: 'I mend\nbicycles.', unit: 'hour' },
    ...{ place: null, tags: [], quantity: null, language: 'en', terms: 'AFTER', price: null, globalCurrency: null },
    ...{ category: { id: categories[1] }, categories: [{ id: categories[1] }] },
  });
});

test('of two changes at once one wins, and the other is told the version', async () => {
  const anna = await kith.member(await kith.community());
  const id = await listing(kith, anna, {});
  for (let version = 1; version <= 5; version++) {
    const titles = [`Left ${version}`, `Right ${version}`];
    const answers = (await Promise.all(titles.map((title) => update(anna, { id, version, title })))).map(
      ({ data }) => data.updateListing,
    );
    const [won, lost] = answers[0].code ? [answers[1], answers[0]] : answers;
    expect(lost).toMatchObject({ code: 'LISTING_CHANGED', currentVersion: version + 1 });
    expect(won.version).toBe(version + 1);
    expect((await read(id, anna)).title).toBe(won.title);
  }
});

test.each(['FULFILLED', 'WITHDRAWN'] as const)('a listing that is %s is not changed', async (state) => {
  const anna = await kith.member(await kith.community());
  const id = await listing(kith, anna, { state });
  const { data } = await update(anna, { id, version: 1, title: 'Something else' });
  expect(data.updateListing).toMatchObject({ code: 'WRONG_LISTING_STATE', state });
  expect(await read(id, anna)).toMatchObject({ title: 'Bicycle repair', version: 1 });
});

test('a copy is a new draft of its own', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const main = await category(place, { key: 'mend' });
  const id = await listing(kith, anna, { ...FULL, categoryId: main });
  const copy = (await kith.gql(DUPLICATE, { input: { id } }, anna)).data.duplicateListing;
  expect(copy).toMatchObject({
    ...{ state: 'DRAFT', version: 1, title: 'Bicycle repair', price: { amount: '12.50' }, publishedAt: null },
    ...{ expiresAt: null, categories: [{ id: main }] },
  });
  expect(copy.id).not.toBe(id);
  const hidden = await listing(kith, anna, { state: 'HIDDEN' });
  expect((await kith.gql(DUPLICATE, { input: { id: hidden } }, anna)).data.duplicateListing.code).toBe(
    'WRONG_LISTING_STATE',
  );
});

test('a draft is deleted; what was published stays', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  const [draft, published] = [await listing(kith, anna, { state: 'DRAFT' }), await listing(kith, anna, {})];
  expect((await kith.gql(DELETE, { input: { id: draft } }, anna)).data.deleteDraft).toEqual({ id: draft });
  expect((await kith.gql(DELETE, { input: { id: published } }, anna)).data.deleteDraft).toEqual({
    code: 'WRONG_LISTING_STATE',
    state: 'PUBLISHED',
  });
  expect(await rows(place.id)).toBe(1);
});

test('nobody prepares more drafts than allowed, also not at once', async () => {
  const place = await kith.community();
  const anna = await kith.member(place);
  await kith.sql(
    "insert into listings (community_id, id, member_id, kind, title) select $1, gen_random_uuid(), $2, 'OFFER', 'Draft' from generate_series(1, 198)",
    [place.id, anna.memberId],
  );
  const answers = await Promise.all([1, 2, 3, 4].map(() => create(anna, { kind: 'OFFER', title: 'One more' })));
  const refused = answers.map(({ data }) => data.createListing).filter(({ code }) => code);
  expect(refused).toHaveLength(2);
  expect(refused[0]).toMatchObject({ code: 'TOO_MANY_LISTINGS', most: 200 });
  expect(await rows(place.id)).toBe(200);
});
