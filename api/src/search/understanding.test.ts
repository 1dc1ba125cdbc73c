import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { listing } from '../../../test/listing.ts';
import { operatedPlace, rowsOf, send, start } from '../imports/testImport.ts';
import { searchIndex } from '../searchIndex.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith({ settings: { EMBEDDER: 'embedded' } });
  await searchIndex.meaning.warm();
});
afterAll(() => kith.stop());

const SUGGEST = 'query ($text: String!) { suggestCategories(text: $text) { probability category { key } } }';
const EXPLAIN = `query ($wantId: ID!, $offerId: ID!) { explainMatch(wantId: $wantId, offerId: $offerId) {
  score least passes reasons parts { part value weight contribution } } }`;
const LEARNED = '{ learnedCategories { state listings communities before after } }';
const CHECK =
  '{ understanding { state model listings done communitiesBehind } understoodListings { understood notUnderstood waiting } }';

test('a text that is being written is told its categories, whatever its language', async () => {
  const { operator } = await operatedPlace(kith);
  for (const text of ['Haircut at home', 'Стрижка на дому', 'Haare schneiden']) {
    // It is told soon or not at all: on a busy machine who types asks again.
    const likely = async () => {
      const [first] = (await kith.gql(SUGGEST, { text }, operator)).data.suggestCategories;
      return first?.probability > 0.5 && first.category.key;
    };
    await expect.poll(likely, { timeout: 10_000 }).toBe('hair-beauty');
  }
  expect((await kith.gql(SUGGEST, { text: ' ' }, operator)).data.suggestCategories).toEqual([]);
  const { errors } = await kith.gql(SUGGEST, { text: 'a'.repeat(201) }, operator);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

test('an import fills in a category where the title is clear enough, says so, and leaves what was given', async () => {
  const { operator } = await operatedPlace(kith);
  const csv = [
    'external_id,kind,title,category,member',
    '1,offer,Haircut and hairdressing at home,,Ana',
    '2,offer,Qwerty,,Ana',
    '3,offer,Haircuts,Gardening,Ana',
  ].join('\n');
  const { id } = await send(kith, csv, operator, { placeholderMembers: 'EACH', createMissingCategories: true });
  await start(kith, id, operator);
  const rows: { line: number; reason: string | null }[] = await rowsOf(kith, id, operator);
  const reasons = rows.sort((a, b) => a.line - b.line).map(({ reason }) => reason);
  expect(reasons[0]).toMatch(/^category: ".*Hair.*" was filled in, going by the title\.$/);
  expect(reasons.slice(1)).toEqual([null, null]);
  const stored = await kith.sql(
    "select l.external_id, c.name from listings l left join categories c on c.community_id = l.community_id and c.id = l.category_id where l.external_id in ('1', '2', '3') order by 1",
  );
  expect(stored.map(({ name }) => name)).toEqual([expect.stringContaining('Hair'), null, 'Gardening']);
});

test('every part of a match is explained, and whether it is enough', async () => {
  const { operator, ...place } = await operatedPlace(kith);
  const boris = await kith.member(place, { name: 'Boris' });
  const offerId = await listing(kith, boris, { title: 'Haircut at home' });
  const wantId = await listing(kith, operator, { kind: 'WANT', title: 'Нужна стрижка на дому' });
  const breadId = await listing(kith, boris, { title: 'Fresh bread' });
  await kith.jobs();
  const { explainMatch: good } = (await kith.gql(EXPLAIN, { wantId, offerId }, operator)).data;
  expect(good).toMatchObject({ passes: true, least: 0.3, reasons: [expect.any(String), expect.any(String)] });
  const parts = Object.fromEntries(good.parts.map((part: { part: string }) => [part.part, part]));
  expect(parts.MEANING.value).toBeGreaterThan(0.9);
  expect(parts.MEANING.contribution).toBeGreaterThan(0.1);
  expect(parts.LANGUAGE.contribution).toBeLessThan(0);
  expect(parts.PRICE).toEqual({ part: 'PRICE', value: null, weight: 0.3, contribution: 0 });
  const { explainMatch: bad } = (await kith.gql(EXPLAIN, { wantId, offerId: breadId }, operator)).data;
  expect(bad.passes).toBe(false);
  const { errors } = await kith.gql(EXPLAIN, { wantId: offerId, offerId: wantId }, operator);
  expect(errors![0]!.extensions.code).toBe('NOT_FOUND');
  const { understanding, understoodListings } = (await kith.gql(CHECK, {}, operator)).data;
  expect(understanding).toMatchObject({ state: 'READY', listings: 0, done: 0, communitiesBehind: 0 });
  expect(understoodListings).toEqual({ understood: 3, notUnderstood: 0, waiting: 0 });
});

test('what members answer teaches the weights of their community alone, and running it twice is as once', async () => {
  const { operator, ...place } = await operatedPlace(kith);
  const anna = await kith.member(place, { name: 'Anna' });
  await listing(kith, operator, { title: 'Haircut at home' });
  await listing(kith, anna, { kind: 'WANT', title: 'Looking for a haircut' });
  await kith.jobs();
  const { suggestions } = (await kith.gql('{ suggestions { items { id } } }', {}, anna)).data;
  const DISMISS =
    'mutation ($id: ID!) { dismissSuggestion(input: { suggestionId: $id, reason: NOT_RELEVANT }) { __typename } }';
  await kith.gql(DISMISS, { id: suggestions.items[0].id }, anna);
  const learn = () =>
    kith.sql("select graphile_worker.add_job('weights.learn', json_build_object('communityId', $1::text))", [place.id]);
  await learn();
  await learn();
  await kith.jobs();
  const rows = await kith.sql('select community_id, weights, answers from matching_weights');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ community_id: place.id, answers: 1 });
  expect(rows[0]!.weights.about.meaning).toBeLessThan(0.8);
  expect(rows[0]!.weights.fit).toEqual(
    expect.objectContaining({ price: expect.closeTo(0.3, 5), distance: expect.closeTo(0.35, 5) }),
  );
});

test('categories are learned from ticks, not used unless better where they were not learned, and taken back by one click', async () => {
  const administrator = await kith.user({ administrator: true });
  const titles = ['Haircut', 'Piano lessons', 'Bicycle repair', 'Fresh bread', 'Dog walking', 'Spanish conversation'];
  for (let number = 0; number < 3; number++) {
    const { operator } = await operatedPlace(kith);
    const { categories } = (await kith.gql('{ categories { id key } }', {}, operator)).data;
    const odd = categories.find(({ key }: { key: string }) => key === 'advocacy');
    for (let copy = 0; copy < 3; copy++)
      for (const title of titles)
        await listing(kith, operator, { title: `${title} ${'abc'[copy]}`, ...(odd && { categoryId: odd.id }) });
  }
  await kith.jobs();
  await kith.gql('mutation { learnCategories }', {}, administrator);
  await kith.jobs();
  const { learnedCategories } = (await kith.gql(LEARNED, {}, administrator)).data;
  expect(learnedCategories).toHaveLength(1);
  const [learned] = learnedCategories;
  expect(learned).toMatchObject({ state: 'ADOPTED', listings: expect.any(Number) });
  expect(learned.after).toBeGreaterThan(learned.before);
  const TAKE_BACK = 'mutation { takeBackLearnedCategories }';
  expect((await kith.gql(TAKE_BACK, {}, administrator)).data.takeBackLearnedCategories).toBe(true);
  expect((await kith.gql(TAKE_BACK, {}, administrator)).data.takeBackLearnedCategories).toBe(false);
  expect((await kith.gql(LEARNED, {}, administrator)).data.learnedCategories[0].state).toBe('TAKEN_BACK');
});
