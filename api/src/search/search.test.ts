import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId, inner, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';

const SEARCH = `query ($input: SearchInput!) { search(input: $input) {
  total totalIsExact engine degraded notice
  items { distanceKm titleParts { text marked } snippetParts { text marked } listing { id title kind member { id } category { name } } }
  facets { kinds { kind count } categories { category { id name } count } tags { value count } languages { value count } } } }`;

let kith: TestKith;
let here: { id: string; slug: string };
let ann: Person;
let bob: Person;
beforeAll(async () => {
  kith = await testKith();
  here = await kith.community();
  [ann, bob] = [await kith.member(here, { name: 'Ann Provider' }), await kith.member(here, { name: 'Bob Seeker' })];
});
afterAll(() => kith.stop());

const answer = async (input: object, as: Person = bob) => {
  const { data, errors } = await kith.gql(SEARCH, { input }, as);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.search;
};
const titles = async (input: object, as: Person = bob): Promise<string[]> =>
  (await answer(input, as)).items.map((item: { listing: { title: string } }) => item.listing.title);
const codeOf = async (input: object, as: object = bob) =>
  (await kith.gql(SEARCH, { input }, as)).errors?.[0]?.extensions.code;
const marked = (parts: { text: string; marked: boolean }[]) =>
  parts.map(({ text, marked }) => (marked ? `[${text}]` : text)).join('');

/** A community of its own with its members, so that counts are exact. */
async function village() {
  const place = await kith.community();
  const [author, reader] = [await kith.member(place, { name: 'Author' }), await kith.member(place, { name: 'Reader' })];
  const offer = (title: string, content: object = {}) => listing(kith, author, { title, ...content });
  return { place, author, reader, offer };
}

describe('what is found', () => {
  test('a listing is found once it is published and indexed, by word, beginning, inflection and with a mistake', async () => {
    await listing(kith, ann, { title: 'Haircuts at your home', description: 'I come with scissors and patience.' });
    await kith.jobs();
    for (const text of ['haircuts', 'hairc', 'haircut ', 'haircutt', 'scissor ', 'HÄIRCUTS'])
      expect(await titles({ text }), text).toEqual(['Haircuts at your home']);
    expect(await titles({ text: 'plumbing' })).toEqual([]);
  });

  test('what was found is marked in parts that are plain text', async () => {
    await listing(kith, ann, {
      title: 'Tiling <b>bathrooms</b>',
      description: 'Floors & walls.\n\nTiles are yours, tiling is mine.',
    });
    await kith.jobs();
    const [item] = (await answer({ text: 'tiling' })).items;
    expect(marked(item.titleParts)).toBe('[Tiling] <b>bathrooms</b>');
    expect(marked(item.snippetParts)).toBe('Floors & walls. [Tiles] are yours, [tiling] is mine.');
    const [plain] = (await answer({ text: 'tiling', highlight: false })).items;
    expect(plain.titleParts).toEqual([{ text: 'Tiling <b>bathrooms</b>', marked: false }]);
  });

  test('rows come in the order of the index, with everything a listing has', async () => {
    const { offer, reader, author } = await village();
    for (const title of ['First lamp', 'Second lamp', 'Third lamp']) await offer(title);
    await kith.jobs();
    expect(await titles({ sort: 'NEWEST' }, reader)).toEqual(['Third lamp', 'Second lamp', 'First lamp']);
    expect(await titles({ text: 'lamp', sort: 'NEWEST', skip: 1, take: 1 }, reader)).toEqual(['Second lamp']);
    const { items, total } = await answer({ text: 'second' }, reader);
    expect(items[0].listing.member.id).toBe(globalId('Member', author.memberId));
    expect(total).toBe(1);
  });

  test('a query that asks for no rows loads none and is answered', async () => {
    const query = 'query ($input: SearchInput!) { search(input: $input) { total items { distanceKm } } }';
    const { data } = await kith.gql(query, { input: { text: 'haircut' } }, bob);
    expect(data.search).toEqual({ total: 1, items: [{ distanceKm: null }] });
  });
});

describe('what is not shown', () => {
  test('a listing that was paused or hidden is not found at once, though the index still has it', async () => {
    const { offer, reader, place } = await village();
    const [paused, hidden] = [await offer('Paused piano'), await offer('Hidden piano')];
    await kith.jobs();
    expect(await titles({ text: 'piano' }, reader)).toHaveLength(2);
    await kith.sql("update listings set state = 'PAUSED' where id = $1", [inner(paused)]);
    await kith.sql("update listings set state = 'HIDDEN' where id = $1", [inner(hidden)]);
    const { items, total } = await answer({ text: 'piano' }, reader);
    expect(items).toEqual([]);
    expect(total).toBe(2);
    const moderator = await kith.member(place, { roles: ['MEMBER', 'MODERATOR'] });
    expect(await titles({ text: 'piano' }, moderator)).toEqual([]);
  });

  test('words that were taken out of a listing are not shown, though the index still has them', async () => {
    const { offer, reader } = await village();
    const id = await offer('Massage by Ann', { description: 'Call 555 1234 for a massage.' });
    await kith.jobs();
    await kith.sql("update listings set title = 'Massage', description = 'Write to me.' where id = $1", [inner(id)]);
    const [item] = (await answer({ text: 'massage' }, reader)).items;
    expect(marked(item.titleParts)).toBe('Massage');
    expect(marked(item.snippetParts)).toBe('Write to me.');
  });

  test('a paused listing leaves the index, and a published one comes back', async () => {
    const { offer, reader, author } = await village();
    const id = await offer('Yoga in the park');
    await kith.jobs();
    const step = (name: string) =>
      kith.gql(`mutation ($id: ID!) { ${name}(input: { id: $id }) { __typename } }`, { id }, author);
    await step('pauseListing');
    await kith.jobs();
    expect((await answer({ text: 'yoga' }, reader)).total).toBe(0);
    await step('resumeListing');
    await kith.jobs();
    expect(await titles({ text: 'yoga' }, reader)).toEqual(['Yoga in the park']);
  });

  test('nothing of another community is found, nor suggested, nor filtered by', async () => {
    const { offer, reader } = await village();
    await offer('Glassblowing');
    await kith.jobs();
    expect(await titles({ text: 'glassblowing' }, reader)).toEqual(['Glassblowing']);
    expect(await titles({ text: 'glassblowing' })).toEqual([]);
    const suggest = 'query { searchSuggestions(text: "glassb") }';
    expect((await kith.gql(suggest, {}, bob)).data.searchSuggestions).toEqual([]);
    expect((await kith.gql(suggest, {}, reader)).data.searchSuggestions).toEqual(['glassblowing']);
  });

  test('a title that was hidden or changed a moment ago is suggested no more, also before the index knows', async () => {
    const { offer, reader } = await village();
    const [hidden, renamed] = [await offer('Glassblowing'), await offer('Glasscutting')];
    await kith.jobs();
    await kith.sql("update listings set state = 'HIDDEN', state_before_hidden = 'PUBLISHED' where id = $1", [
      inner(hidden),
    ]);
    await kith.sql("update listings set title = 'Glasses' where id = $1", [inner(renamed)]);
    const suggest = 'query { searchSuggestions(text: "glass") }';
    expect((await kith.gql(suggest, {}, reader)).data.searchSuggestions).toEqual(['glasses']);
  });

  test('outsiders, strangers and suspended members search nothing', async () => {
    const elsewhere = await kith.community();
    const stranger = await kith.member(elsewhere);
    const suspended = await kith.member(here, { state: 'SUSPENDED' });
    expect(await codeOf({}, {})).toBe('UNAUTHENTICATED');
    expect(await codeOf({}, { ...stranger, community: here.slug })).toBe('FORBIDDEN');
    expect(await codeOf({}, suspended)).toBe('FORBIDDEN');
  });
});

describe('filters, facets and order', () => {
  test('each filter lets through what fits it, and facets count over all that was found', async () => {
    const { place, author, reader, offer } = await village();
    const [root, leaf] = [crypto.randomUUID(), crypto.randomUUID()];
    await kith.sql(
      "insert into categories (community_id, id, key, name, parent_id) values ($1, $2, 'repair', 'Repair', null), ($1, $3, 'bikes', 'Bikes', $2)",
      [place.id, root, leaf],
    );
    const berlin = { latitude: 52.52, longitude: 13.4 };
    await offer('Cheap bike', {
      categoryId: globalId('Category', leaf),
      tags: ['bike', 'Repair'],
      payment: { terms: 'FIXED', price: '5.00' },
      place: berlin,
    });
    await offer('Dear bike', {
      tags: ['bike'],
      payment: { terms: 'FIXED', price: '50.00' },
      place: { latitude: 52.4, longitude: 13.05 },
      language: 'de',
    });
    await listing(kith, author, { kind: 'WANT', title: 'Bike wanted', remote: true });
    await kith.jobs();
    const found = (input: object) => titles({ text: 'bike', ...input }, reader).then((list) => list.sort());
    expect(await found({})).toEqual(['Bike wanted', 'Cheap bike', 'Dear bike']);
    expect(await found({ kind: 'WANT' })).toEqual(['Bike wanted']);
    expect(await found({ categoryIds: [globalId('Category', root)] })).toEqual(['Cheap bike']);
    expect(await found({ tags: ['repair', 'BIKE'] })).toEqual(['Cheap bike']);
    expect(await found({ priceFrom: '5.00', priceTo: '49.99' })).toEqual(['Cheap bike']);
    expect(await found({ priceFrom: '5.01' })).toEqual(['Dear bike']);
    expect(await found({ near: { ...berlin, withinKm: 10 } })).toEqual(['Cheap bike']);
    expect(await found({ remote: true })).toEqual(['Bike wanted']);
    expect(await found({ languages: ['de', 'fr'] })).toEqual(['Dear bike']);
    expect(await found({ terms: ['FIXED'] })).toEqual(['Cheap bike', 'Dear bike']);
    expect(await titles({ sort: 'CHEAPEST' }, reader)).toEqual(['Cheap bike', 'Dear bike', 'Bike wanted']);

    const near = { latitude: 52.4, longitude: 13.05 };
    const nearest = await answer(
      { sort: 'NEAREST', near, facets: ['KIND', 'CATEGORY', 'TAG', 'LANGUAGE'], take: 1 },
      reader,
    );
    expect(nearest.items[0]).toMatchObject({ distanceKm: 0, listing: { title: 'Dear bike' } });
    expect(nearest.total).toBe(3);
    const { kinds, categories, tags, languages } = nearest.facets;
    expect(kinds).toEqual([
      { kind: 'OFFER', count: 2 },
      { kind: 'WANT', count: 1 },
    ]);
    expect(
      categories.map((each: { category: { name: string }; count: number }) => [each.category.name, each.count]).sort(),
    ).toEqual([
      ['Bikes', 1],
      ['Repair', 1],
    ]);
    expect(tags).toEqual([
      { value: 'bike', count: 2 },
      { value: 'repair', count: 1 },
    ]);
    expect(languages).toEqual([
      { value: 'en', count: 2 },
      { value: 'de', count: 1 },
    ]);
  });

  test('listings are found by the new name of their category and of their member', async () => {
    const { place, author, reader, offer } = await village();
    const id = crypto.randomUUID();
    await kith.sql("insert into categories (community_id, id, key, name) values ($1, $2, 'garden', 'Garden')", [
      place.id,
      id,
    ]);
    await offer('Lawn mowing', { categoryId: globalId('Category', id) });
    await kith.jobs();
    const operator = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
    const renamed = await kith.gql(
      'mutation ($input: RenameCategoryInput!) { renameCategory(input: $input) { __typename } }',
      { input: { categoryId: globalId('Category', id), name: 'Horticulture' } },
      operator,
    );
    expect(renamed.errors).toBeUndefined();
    await kith.jobs();
    expect(await titles({ text: 'horticulture' }, reader)).toEqual(['Lawn mowing']);
    expect(await titles({ text: 'garden ' }, reader)).toEqual([]);
    await kith.gql(
      'mutation ($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) { __typename } }',
      { input: { displayName: 'Zebulon' } },
      author,
    );
    await kith.jobs();
    expect(await titles({ text: 'zebulon' }, reader)).toEqual(['Lawn mowing']);
  });
});

test.each([
  ['a text that is too long', { text: 'x'.repeat(201) }],
  ['a text with control characters', { text: 'a\u0000b' }],
  ['half a character', { text: '\ud800' }],
  ['a page that is too big', { take: 101 }],
  ['a page before the first', { skip: -1 }],
  ['a page too far away', { skip: 1000, take: 1 }],
  ['a price below zero', { priceFrom: '-1.00' }],
  ['more decimals than the currency has', { priceTo: '1.001' }],
  ['a range that ends before it begins', { priceFrom: '2.00', priceTo: '1.00' }],
  ['a place that is not on earth', { near: { latitude: 91, longitude: 0 } }],
  ['a circle of less than a kilometre', { near: { latitude: 1, longitude: 1, withinKm: 0.1 } }],
  ['the nearest to nowhere', { sort: 'NEAREST' }],
  ['too many tags', { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }],
  ['a language that is none', { languages: ['english'] }],
])('%s is rejected', async (_what, input) => {
  expect(await codeOf(input)).toBe('BAD_USER_INPUT');
});

test('an id of another kind of thing is no category here', async () => {
  expect(await codeOf({ categoryIds: [globalId('Member', bob.memberId)] })).toBe('NOT_FOUND');
});

test('text that could be taken for syntax finds nothing and breaks nothing', async () => {
  for (const text of ["'; drop table listings; --", '" OR 1=1', '\\', '*:*', '🦖', '!!!', '{"$gt":""}', '%_%'])
    expect(await titles({ text }), text).toEqual([]);
});
