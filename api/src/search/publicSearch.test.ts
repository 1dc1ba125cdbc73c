import { afterAll, beforeAll, expect, test } from 'vitest';
import { inner, listing } from '../../../test/listing.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';

const SEARCH = `query ($community: String!, $text: String!, $take: Int) {
  publicSearch(community: $community, text: $text, take: $take) { titleParts { text marked } listing { id title } } }`;

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

async function village(policies: object) {
  const place = await kith.community();
  await kith.sql("update communities set policies = $2, visibility = 'LISTED' where id = $1", [place.id, policies]);
  return { place, author: await kith.member(place, { name: 'Rumpelstilz Miller' }) };
}
const ask = (community: string, text: string, take = 10) => kith.gql(SEARCH, { community, text, take });
const titles = async (community: string, text: string) =>
  (await ask(community, text)).data.publicSearch.map(({ listing: { title } }: { listing: { title: string } }) => title);

test('outsiders search what a community publishes, and do not find listings by the name of their member', async () => {
  const { place, author } = await village({ publicListings: true });
  const id = await listing(kith, author, { title: 'Straw into gold', tags: ['spinning'] });
  await listing(kith, author, { title: 'A house for a miller' });
  await kith.jobs();
  expect(await titles(place.slug, 'straw')).toEqual(['Straw into gold']);
  expect(await titles(place.slug, 'spinn')).toEqual(['Straw into gold']);
  expect(await titles(place.slug, 'strwa into gold')).toEqual(['Straw into gold']);
  expect(await titles(place.slug, 'rumpelstilz')).toEqual([]);
  expect(await titles(place.slug, 'straw rumpelstilz')).toEqual([]);
  expect(await titles(place.slug, 'miller')).toEqual(['A house for a miller']);
  const [first] = (await ask(place.slug, 'gold')).data.publicSearch;
  expect(first.titleParts.at(-1)).toEqual({ text: 'gold', marked: true });
  await kith.sql("update listings set state = 'HIDDEN' where id = $1", [inner(id)]);
  expect(await titles(place.slug, 'straw')).toEqual([]);
});

test('a community that publishes nothing and one that is not there answer alike', async () => {
  const { place, author } = await village({});
  await listing(kith, author, { title: 'Straw into gold' });
  await kith.jobs();
  const [closed, absent] = [await ask(place.slug, 'straw'), await ask('nowhere', 'straw')];
  expect(closed.errors![0]!.extensions.code).toBe('NOT_FOUND');
  expect(closed.errors![0]!.message).toBe(absent.errors![0]!.message);
});

test('a page that is too big and a text that is too long are rejected', async () => {
  const { place } = await village({ publicListings: true });
  for (const [text, take] of [
    ['x', 31],
    ['x', 0],
    ['x'.repeat(201), 5],
  ] as const)
    expect((await ask(place.slug, text, take)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});
