import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { listing } from '../../../test/listing.ts';
import { services } from '@kith/search';
import { searchIndex } from '../searchIndex.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith({ worker: true, settings: { EMBEDDER: 'embedded' } });
  await searchIndex.meaning.warm();
});
afterAll(() => kith.stop());

const LIVE =
  'subscription { suggestionFound { suggestion { want { title language } offer { title language } reasons } } }';
const SEARCH = `query ($input: SearchInput!) { search(input: $input) { total notice items { listing { title } } } }`;

async function village(locale = 'en') {
  const place = await kith.community({ locale });
  const [anna, boris] = [await kith.member(place, { name: 'Anna' }), await kith.member(place, { name: 'Boris' })];
  await kith.sql("update users set locale = 'ru' where id = $1", [anna.userId]);
  return { place, anna, boris };
}
const titles = async (as: Person, input: object): Promise<string[]> =>
  (await kith.gql(SEARCH, { input }, as)).data.search.items.map(
    (item: { listing: { title: string } }) => item.listing.title,
  );
const known = async (communityId: string, listings: number) => {
  for (;;) {
    const counts = await searchIndex.meaning.counts(communityId);
    if (counts.understood + counts.notUnderstood === listings) return counts;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test('a want in Russian reaches the member who offers the thing in English, with a reason in words, and the language is found', async () => {
  const { anna, boris } = await village();
  await listing(kith, boris, { title: 'Haircut at home' });
  const live = kith.subscribe(LIVE, {}, boris);
  await live.started;
  await listing(kith, anna, { kind: 'WANT', title: 'Нужна стрижка на дому' });
  const { suggestion } = (await live.next()).data.suggestionFound;
  expect(suggestion.offer).toEqual({ title: 'Haircut at home', language: 'en' });
  expect(suggestion.want).toEqual({ title: 'Нужна стрижка на дому', language: 'ru' });
  expect(suggestion.reasons[0]).toBe('both mean the same thing');
});

test('a search finds what means the same, a name and a code first by words, and without meaning words alone', async () => {
  const { place, anna, boris } = await village();
  const all = ['Bicycle mechanic', 'Ремонт велосипедов', 'Bread and cakes', 'Piano lessons', 'Filter XK-200'];
  for (const title of all) await listing(kith, boris, { title });
  await known(place.id, all.length);
  expect((await titles(anna, { text: 'fix my bike' })).sort()).toEqual(['Bicycle mechanic', 'Ремонт велосипедов']);
  expect(await titles(anna, { text: 'fix my bike', semantic: false })).toEqual([]);
  expect((await titles(anna, { text: 'XK-200' }))[0]).toBe('Filter XK-200');
  expect(new Set(await titles(anna, { text: 'Boris' }))).toEqual(new Set(all));
});

test('listings of another community are never alike, also when their texts are equal', async () => {
  const [here, there] = [await village(), await village()];
  await listing(kith, here.boris, { title: 'Bicycle mechanic' });
  await listing(kith, there.boris, { title: 'Bicycle mechanic' });
  const own = await listing(kith, there.anna, { kind: 'WANT', title: 'Велосипед сломался, нужен мастер' });
  await Promise.all([known(here.place.id, 1), known(there.place.id, 2)]);
  const local = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1]!;
  const near = await searchIndex.meaning.nearest(there.place.id, local(own), { kind: 'OFFER', most: 10 });
  expect(near).toHaveLength(1);
  expect(await searchIndex.meaning.nearest(here.place.id, local(own), { kind: 'OFFER', most: 10 })).toEqual([]);
  expect(await titles(here.anna, { text: 'bike repair' })).toEqual(['Bicycle mechanic']);
});

test('a text of a language that is not known, and equal texts, cost no vector', async () => {
  const { place, boris } = await village();
  for (const title of ['Piano lessons', 'Piano lessons', 'Βοήθεια στον κήπο']) await listing(kith, boris, { title });
  expect(await known(place.id, 3)).toEqual({ understood: 2, notUnderstood: 1, waiting: 0 });
  const rows = await kith.sql('select sense is null as empty from text_meanings where community_id = $1', [place.id]);
  expect(rows.map(({ empty }) => empty).sort()).toEqual([false, true]);
});

test('a need and its provider, who say nothing alike, meet in the service both are about', async () => {
  const { place, anna, boris } = await village();
  const ids = [
    await listing(kith, anna, { kind: 'WANT', title: 'Мой ноутбук стал очень медленным' }),
    await listing(kith, boris, { title: 'Computer help' }),
    await listing(kith, boris, { title: 'Piano lessons' }),
  ].map((id) => Buffer.from(id, 'base64').toString().split(':')[1]!);
  await known(place.id, 3);
  const meanings = await searchIndex.meaning.meanings(place.id, ids);
  const [want, help, piano] = ids.map((id) => meanings.get(id)!.services!);
  expect(services.affinity(want!, help!)).toBeGreaterThan(10 * services.affinity(want!, piano!));
});
