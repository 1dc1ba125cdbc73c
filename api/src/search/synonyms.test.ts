import { afterAll, beforeAll, expect, test } from 'vitest';
import { listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';

const CREATE = `mutation ($terms: [String!]!) { createSynonyms(input: { terms: $terms }) {
  ... on SynonymSet { id terms } ... on Error { code } } }`;
const UPDATE = `mutation ($id: ID!, $terms: [String!]!) { updateSynonyms(input: { id: $id, terms: $terms }) {
  ... on SynonymSet { id terms } ... on Error { code } } }`;
const DELETE = 'mutation ($id: ID!) { deleteSynonyms(input: { id: $id }) }';
const IMPORT = `mutation ($text: String!) { importSynonyms(input: { text: $text }) {
  ... on SynonymImport { created known } ... on Error { code } } }`;
const LIST = 'query ($filter: String) { synonymList(filter: $filter) { total items { id terms } } }';
const SEARCH = 'query ($text: String!) { search(input: { text: $text }) { items { listing { title } } } }';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

async function village() {
  const place = await kith.community();
  const operator = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  return { place, operator, member: await kith.member(place) };
}
const found = async (text: string, as: Person) =>
  (await kith.gql(SEARCH, { text }, as)).data.search.items.map(
    ({ listing: { title } }: { listing: { title: string } }) => title,
  );

test('equal words find each other, from the moment the index has followed until they are no longer equal', async () => {
  const { operator, member } = await village();
  await listing(kith, operator, { title: 'Bicycle repair' });
  await kith.jobs();
  expect(await found('velo', member)).toEqual([]);
  const { data } = await kith.gql(CREATE, { terms: ['Bicycle', 'bike', 'velo', 'BIKE'] }, operator);
  const { id, terms } = data.createSynonyms;
  expect(terms).toEqual(['Bicycle', 'BIKE', 'velo']);
  await kith.jobs();
  expect(await found('velo', member)).toEqual(['Bicycle repair']);
  await kith.gql(UPDATE, { id, terms: ['bicycle', 'wheel'] }, operator);
  await kith.jobs();
  expect(await found('velo', member)).toEqual([]);
  expect(await found('wheel', member)).toEqual(['Bicycle repair']);
  expect((await kith.gql(DELETE, { id }, operator)).data.deleteSynonyms).toBe(id);
  await kith.jobs();
  expect(await found('wheel', member)).toEqual([]);
  expect(
    await kith.sql('select action from audit_log where community_id = $1 order by created_at', [
      (await kith.sql('select id from communities where slug = $1', [operator.community]))[0]!.id,
    ]),
  ).toEqual([{ action: 'synonyms.create' }, { action: 'synonyms.update' }, { action: 'synonyms.delete' }]);
});

test('a text brings many sets at once, passes over those that are there, and is refused as a whole for a wrong line', async () => {
  const { operator } = await village();
  expect(
    (await kith.gql(IMPORT, { text: 'car, auto\n\nflat; apartment; condo\r\nAuto, CAR\n' }, operator)).data
      .importSynonyms,
  ).toEqual({ created: 2, known: 1 });
  const wrong = await kith.gql(IMPORT, { text: 'sofa, couch\nlonely\n' }, operator);
  expect(wrong.errors![0]).toMatchObject({
    message: 'Line 2: Give at least two different words.',
    extensions: { code: 'BAD_USER_INPUT' },
  });
  const { total, items } = (await kith.gql(LIST, {}, operator)).data.synonymList;
  expect(total).toBe(2);
  expect(items.map(({ terms }: { terms: string[] }) => terms)).toEqual([
    ['car', 'auto'],
    ['flat', 'apartment', 'condo'],
  ]);
  expect((await kith.gql(LIST, { filter: 'FLA' }, operator)).data.synonymList.total).toBe(1);
  expect((await kith.gql(CREATE, { terms: ['Auto', 'Car'] }, operator)).data.createSynonyms.code).toBe(
    'SYNONYMS_KNOWN',
  );
});

test('a community has at most 500 sets, also when several are made at once', async () => {
  const { operator } = await village();
  const text = Array.from({ length: 498 }, (_, number) => `one${number}, other${number}`).join('\n');
  expect((await kith.gql(IMPORT, { text }, operator)).data.importSynonyms).toEqual({ created: 498, known: 0 });
  expect((await kith.gql(IMPORT, { text: 'a1, b1\na2, b2\na3, b3' }, operator)).data.importSynonyms.code).toBe(
    'TOO_MANY_SYNONYMS',
  );
  const four = await Promise.all(
    [1, 2, 3, 4].map((number) => kith.gql(CREATE, { terms: [`left${number}`, `right${number}`] }, operator)),
  );
  expect(four.map(({ data }) => data.createSynonyms.code ?? 'made').sort()).toEqual([
    'TOO_MANY_SYNONYMS',
    'TOO_MANY_SYNONYMS',
    'made',
    'made',
  ]);
  expect((await kith.gql(LIST, {}, operator)).data.synonymList.total).toBe(500);
});

test('members and operators of other communities neither see nor change the sets', async () => {
  const { operator, member } = await village();
  const { id } = (await kith.gql(CREATE, { terms: ['one', 'two'] }, operator)).data.createSynonyms;
  const stranger = (await village()).operator;
  const node = 'query ($id: ID!) { node(id: $id) { id } }';
  for (const as of [member, stranger]) expect((await kith.gql(node, { id }, as)).data.node).toBeNull();
  expect((await kith.gql(node, { id }, operator)).data.node).toEqual({ id });
  expect((await kith.gql(UPDATE, { id, terms: ['x', 'y'] }, stranger)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect((await kith.gql(DELETE, { id }, stranger)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  for (const [query, variables] of [
    [LIST, {}],
    [CREATE, { terms: ['x', 'y'] }],
    [UPDATE, { id, terms: ['x', 'y'] }],
    [DELETE, { id }],
    [IMPORT, { text: 'x, y' }],
  ] as const)
    expect((await kith.gql(query, variables, member)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  expect((await kith.gql(LIST, {}, operator)).data.synonymList.items).toEqual([{ id, terms: ['one', 'two'] }]);
});
