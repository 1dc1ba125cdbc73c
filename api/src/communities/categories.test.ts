import { afterAll, beforeAll, expect, test } from 'vitest';
import { withCommunity } from '@kith/db';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../builder.ts';
import { prisma } from '../db.ts';
import { newId } from '../ids.ts';
import { categoryByName } from './categories.ts';
import { slug } from './categoryTree.ts';
import { defaultCategories } from './defaultCategories.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const ANSWER = '{ __typename ... on Error { code message } ... on Category { id key name isArchived parent { key } } }';
const place = async () => {
  const made = await kith.community();
  return { ...made, olga: await kith.member(made, { roles: ['MEMBER', 'OPERATOR'] }) };
};
const create = async (by: Person, name: string, parentId: string | null = null, key: string | null = null) =>
  (
    await kith.gql(
      `mutation ($input: CreateCategoryInput!) { createCategory(input: $input) ${ANSWER} }`,
      { input: { name, parentId, key } },
      by,
    )
  ).data.createCategory;
const move = async (by: Person, categoryId: string, parentId: string | null) =>
  (
    await kith.gql(
      `mutation ($input: MoveCategoryInput!) { moveCategory(input: $input) ${ANSWER} }`,
      { input: { categoryId, parentId } },
      by,
    )
  ).data.moveCategory;
const archive = async (by: Person, categoryId: string, isArchived = true) =>
  (
    await kith.gql(
      `mutation ($input: ArchiveCategoryInput!) { archiveCategory(input: $input) { isArchived } }`,
      { input: { categoryId, isArchived } },
      by,
    )
  ).data.archiveCategory;
const load = async (by: Person, text: string, format = 'CSV') =>
  (
    await kith.gql(
      `mutation ($input: ImportCategoriesInput!) { importCategories(input: $input) { __typename ... on Error { code } ... on CategoryFileRefused { problems }
        ... on ImportedCategories { created updated unchanged } } }`,
      { input: { text, format } },
      by,
    )
  ).data.importCategories;
const tree = async (by: Person) =>
  (await kith.gql('{ categories { key parent { key } } }', {}, by)).data.categories.map(
    ({ key, parent }: { key: string; parent: { key: string } | null }) => (parent ? `${parent.key}/${key}` : key),
  );

test('keys are made of names, stay when the name changes, and are numbered when taken', async () => {
  const { olga } = await place();
  const first = await create(olga, 'Arts, Crafts & Music');
  expect(first.key).toBe('arts-crafts-music');
  expect((await create(olga, 'Arts crafts MUSIC')).key).toBe('arts-crafts-music-2');
  expect((await create(olga, 'Сад и двор')).key).toMatch(/^c-[0-9a-f]{12}$/);
  expect((await create(olga, 'Other', null, 'arts-crafts-music')).code).toBe('CATEGORY_KEY_TAKEN');
  const rename = `mutation ($id: ID!) { renameCategory(input: { categoryId: $id, name: "Kunst" }) { key name } }`;
  expect((await kith.gql(rename, { id: first.id }, olga)).data.renameCategory).toEqual({
    key: 'arts-crafts-music',
    name: 'Kunst',
  });
  expect((await tree(olga)).length).toBe(3);
});

test('the tree goes five levels deep and has no cycles', async () => {
  const { olga } = await place();
  let [at, top] = [null as string | null, null as string | null];
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    at = (await create(olga, name, at)).id;
    top ??= at;
  }
  expect((await create(olga, 'f', at)).code).toBe('CATEGORY_TOO_DEEP');
  expect((await move(olga, top!, at)).code).toBe('CATEGORY_CYCLE');
  expect((await move(olga, top!, top)).code).toBe('CATEGORY_CYCLE');
  const other = (await create(olga, 'x')).id;
  expect((await move(olga, top!, other)).code).toBe('CATEGORY_TOO_DEEP');
  expect((await tree(olga)).toSorted()).toEqual(['a', 'a/b', 'b/c', 'c/d', 'd/e', 'x']);
});

test('two moves that would make a cycle together do not, however close they come', async () => {
  const { olga } = await place();
  for (let round = 0; round < 5; round++) {
    const [a, b] = [await create(olga, `a${round}`), await create(olga, `b${round}`)];
    const answers = await Promise.all([move(olga, a.id, b.id), move(olga, b.id, a.id)]);
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual(['Category', 'CategoryCycle']);
  }
});

test('siblings are put into order', async () => {
  const { olga } = await place();
  const [a, b, c] = [await create(olga, 'a'), await create(olga, 'b'), await create(olga, 'c')];
  const REORDER = 'mutation ($ids: [ID!]!) { reorderCategories(input: { categoryIds: $ids }) { key } }';
  const { data } = await kith.gql(REORDER, { ids: [c.id, a.id] }, olga);
  expect(data.reorderCategories.map(({ key }: { key: string }) => key)).toEqual(['c', 'a', 'b']);
  expect((await kith.gql(REORDER, { ids: [b.id, b.id] }, olga)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  expect(await tree(olga)).toEqual(['c', 'a', 'b']);
});

test('archiving takes everything below out of use, restoring brings back what is above', async () => {
  const { olga } = await place();
  const a = await create(olga, 'a');
  const b = await create(olga, 'b', a.id);
  await create(olga, 'c', b.id);
  expect(await archive(olga, a.id)).toEqual({ isArchived: true });
  expect(await tree(olga)).toEqual([]);
  await archive(olga, b.id, false);
  expect((await tree(olga)).toSorted()).toEqual(['a', 'a/b']);
});

test('merging moves listings and children and archives what is empty', async () => {
  const { id, olga } = await place();
  const [from, into] = [await create(olga, 'from'), await create(olga, 'into')];
  await create(olga, 'child', from.id);
  const local = (gid: string) => Buffer.from(gid, 'base64').toString().split(':')[1]!;
  const listings = [newId(), newId()];
  for (const listing of listings) {
    await kith.sql(
      "insert into listings (community_id, id, member_id, kind, title, category_id) values ($1, $2, $3, 'OFFER', 'x', $4)",
      [id, listing, olga.memberId, local(from.id)],
    );
    await kith.sql('insert into listing_categories values ($1, $2, $3)', [id, listing, local(from.id)]);
  }
  await kith.sql('insert into listing_categories values ($1, $2, $3)', [id, listings[0], local(into.id)]);
  const MERGE = `mutation ($from: ID!, $into: ID!) { mergeCategories(input: { fromId: $from, intoId: $into }) ${ANSWER} }`;
  const merge = async (from: string, into: string) =>
    (await kith.gql(MERGE, { from, into }, olga)).data.mergeCategories;
  expect((await merge(from.id, into.id)).key).toBe('into');
  const count = await kith.sql(
    'select category_id, count(*)::int from listing_categories where community_id = $1 group by 1',
    [id],
  );
  expect(count).toEqual([{ category_id: local(into.id), count: 2 }]);
  expect(await kith.sql('select distinct category_id from listings where community_id = $1', [id])).toEqual([
    { category_id: local(into.id) },
  ]);
  expect((await tree(olga)).toSorted()).toEqual(['into', 'into/child']);
});

test('a category does not merge into one below it', async () => {
  const { olga } = await place();
  const a = await create(olga, 'a');
  const b = await create(olga, 'b', a.id);
  const c = await create(olga, 'c', b.id);
  const MERGE = `mutation ($from: ID!, $into: ID!) { mergeCategories(input: { fromId: $from, intoId: $into }) ${ANSWER} }`;
  expect((await kith.gql(MERGE, { from: a.id, into: c.id }, olga)).data.mergeCategories.code).toBe('CATEGORY_CYCLE');
  expect((await tree(olga)).toSorted()).toEqual(['a', 'a/b', 'b/c']);
});

test('a tree is exported and imported, as CSV and as JSON, without change', async () => {
  const [one, two] = [await place(), await place()];
  const csv = 'key,parent_key,name\nroots,plants,"Roots, tubers"\nplants,,Plants\nformula,,=1+1\n';
  expect(await load(one.olga, csv)).toEqual({ __typename: 'ImportedCategories', created: 3, updated: 0, unchanged: 0 });
  expect((await tree(one.olga)).toSorted()).toEqual(['formula', 'plants', 'plants/roots']);
  for (const format of ['CSV', 'JSON']) {
    const text = (
      await kith.gql(`query ($format: CategoryFormat!) { exportCategories(format: $format) }`, { format }, one.olga)
    ).data.exportCategories;
    if (format === 'CSV') expect(text).toContain("'=1+1");
    expect(await load(one.olga, text, format)).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    expect(await load(two.olga, text, format)).toMatchObject(format === 'CSV' ? { created: 3 } : { unchanged: 3 });
  }
  const { data } = await kith.gql('{ categories { name } }', {}, two.olga);
  expect(data.categories.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    '=1+1',
    'Plants',
    'Roots, tubers',
  ]);
  expect(await load(two.olga, 'key;parent_key;name\nplants;;Flora\nroots;;"Roots, tubers"')).toMatchObject({
    updated: 2,
  });
  expect((await tree(two.olga)).toSorted()).toEqual(['formula', 'plants', 'roots']);
});

test.each([
  ['no header', 'plants,,Plants', /first line/],
  ['nothing in it', '', /no categories/],
  ['a key with capitals', 'key,parent_key,name\nPlants,,Plants', /Line 2: the key "Plants"/],
  ['a key twice', 'key,parent_key,name\na,,A\na,,B', /Line 3: the key "a" stands twice/],
  ['an unknown parent', 'key,parent_key,name\na,b,A', /a: there is no parent "b"/],
  ['no name', 'key,parent_key,name\na,,', /Line 2: the name/],
  ['broken quotes', 'key,parent_key,name\na,,"A', /not CSV/],
])('a file with %s is refused as a whole', async (_what, text, problem) => {
  const { olga } = await place();
  await create(olga, 'before');
  const answer = await load(olga, text);
  expect(answer.code).toBe('CATEGORY_FILE_REFUSED');
  expect(answer.problems.join(' ')).toMatch(problem);
  expect(await tree(olga)).toEqual(['before']);
});

test('a file with a cycle, too many levels or no JSON is refused as a whole', async () => {
  const { olga } = await place();
  expect((await load(olga, 'key,parent_key,name\na,b,A\nb,a,B')).code).toBe('CATEGORY_CYCLE');
  const deep = ['a', 'b', 'c', 'd', 'e', 'f'].map((key, n, keys) => ({
    key,
    parent_key: keys[n - 1] ?? '',
    name: key,
  }));
  expect((await load(olga, JSON.stringify(deep), 'JSON')).code).toBe('CATEGORY_TOO_DEEP');
  expect((await load(olga, '{"key": 1}', 'JSON')).code).toBe('CATEGORY_FILE_REFUSED');
  expect(await tree(olga)).toEqual([]);
});

test('outsiders see the tree where the listings are public, and only there', async () => {
  const { id, slug, olga } = await place();
  await create(olga, 'a');
  const ask = async () => (await kith.gql('{ categories { key } }', {}, { community: slug })).data.categories;
  expect(await ask()).toEqual([]);
  await kith.sql(`update communities set policies = '{"publicListings": true}' where id = $1`, [id]);
  expect(await ask()).toEqual([{ key: 'a' }]);
});

test('a category is found by its English name in a tree of any language', async () => {
  const { id } = await place();
  await withCommunity(id, async () => {
    await prisma.category.createMany({ data: defaultCategories(id, 'ru') });
    expect((await categoryByName(prisma, id, 'Garden & Yard Work'))?.name).toBe('Сад и двор');
    expect((await categoryByName(prisma, id, 'сад и двор'))?.key).toBe('garden-yard-work');
    expect(await categoryByName(prisma, id, 'Rocket science')).toBeUndefined();
  });
  expect(slug('Crème brûlée!')).toBe('creme-brulee');
});

test('another community’s category is not there', async () => {
  const [one, two] = [await place(), await place()];
  const a = await create(one.olga, 'a');
  const ask = `mutation ($id: ID!) { renameCategory(input: { categoryId: $id, name: "Mine" }) { name } }`;
  expect((await kith.gql(ask, { id: a.id }, two.olga)).errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect(
    (await kith.gql(ask, { id: globalId('Member', two.olga.memberId) }, two.olga)).errors![0]!.extensions.code,
  ).toBe('NOT_FOUND');
  expect(await tree(one.olga)).toEqual(['a']);
});
