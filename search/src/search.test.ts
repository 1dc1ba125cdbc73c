import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../test/database.ts';
import { publish } from '../test/published.ts';
import { openSearch, type Search } from './search.ts';

/** Search over the listings of the database, with the embedded engine alone. */
let database: Database;
let search: Search;
let community: string;
let member: string;

beforeAll(async () => {
  database = await openDatabase();
  search = await openSearch({ pool: database.pool, log: { info: () => {}, warn: () => {} } });
});
afterAll(async () => {
  await search?.close();
  await database?.close();
});
beforeEach(async () => {
  community = await database.community();
  member = await database.member(community, 'Robin Green');
});

const ids = async (text: string, filter = {}) =>
  (await search.search(community, { text, languages: ['en'], filter })).hits.map(({ listingId }) => listingId);
const put = (given: Parameters<typeof publish>[2]) =>
  publish(database, { communityId: community, memberId: member }, given);
const indexed = async (given: Parameters<typeof publish>[2]) => {
  const id = await put(given);
  await search.indexListings(community, [id]);
  return id;
};

describe('what is indexed', () => {
  it('is published listings, and only while they are', async () => {
    const id = await indexed({ title: 'Bicycle repair' });
    const draft = await indexed({ title: 'Bicycle draft', state: 'DRAFT' });
    expect(await ids('bicycle')).toEqual([id]);
    await database.owner.query("update listings set state = 'PAUSED' where id = $1", [id]);
    await search.indexListings(community, [id, draft, randomUUID()]);
    expect(await ids('bicycle')).toEqual([]);
  });

  it('stands in its categories and in all above them, also where they were made a ring', async () => {
    const [home, garden, hedge] = [randomUUID(), randomUUID(), randomUUID()];
    await database.category(community, { id: home, name: 'Home' });
    await database.category(community, { id: garden, name: 'Garden', parentId: home });
    await database.category(community, { id: hedge, name: 'Topiary', parentId: garden });
    const id = await indexed({ title: 'Shears', categoryId: hedge });
    for (const category of [home, garden, hedge]) expect(await ids('', { categoryIds: [category] })).toEqual([id]);
    expect(await ids('topiary')).toEqual([id]);
    await database.owner.query('update categories set parent_id = $1 where id = $2', [hedge, home]);
    await search.indexListings(community, [id]);
    expect(await ids('', { categoryIds: [home] })).toEqual([id]);
  });

  it('is found by its member’s name and by what the community calls equal', async () => {
    await database.owner.query('insert into synonyms (community_id, id, terms) values ($1, $2, $3)', [
      community,
      randomUUID(),
      ['bike', 'bicycle'],
    ]);
    const id = await indexed({ title: 'Bicycle repair' });
    expect(await ids('bikes')).toEqual([id]);
    expect(await ids('robin')).toEqual([id]);
  });

  it('follows a change of the synonyms when the community is indexed again', async () => {
    const id = await indexed({ title: 'Sofa' });
    await database.owner.query('insert into synonyms (community_id, id, terms) values ($1, $2, $3)', [
      community,
      randomUUID(),
      ['sofa', 'couch'],
    ]);
    expect(await ids('couch')).toEqual([]);
    await search.indexCommunity(community);
    expect(await ids('couch')).toEqual([id]);
  });
});

describe('the dictionary', () => {
  const counts = async () => {
    const { rows } = await database.owner.query(
      'select word, sum(listings)::integer as listings from search_words where community_id = $1 group by word order by word',
      [community],
    );
    return Object.fromEntries(rows.map(({ word, listings }) => [word, listings]));
  };

  it('counts right when the same listings are indexed by many jobs at once', async () => {
    const listings = await Promise.all(
      Array.from({ length: 30 }, (_, index) => put({ title: `Bread ${index % 2 ? 'white' : 'brown'}` })),
    );
    const jobs = Array.from({ length: 12 }, (_, index) =>
      search.indexListings(community, index % 2 ? [...listings].reverse() : listings),
    );
    await Promise.all(jobs);
    expect(await counts()).toEqual({ bread: 30, brown: 15, white: 15, robin: 30, green: 30 });
    await database.owner.query("update listings set state = 'WITHDRAWN' where id = any ($1)", [listings.slice(0, 20)]);
    await Promise.all([search.indexListings(community, listings), search.indexListings(community, listings)]);
    expect(await counts()).toEqual({ bread: 10, brown: 5, white: 5, robin: 10, green: 10 });
    expect((await search.search(community, { text: '' })).total).toBe(10);
  });

  it('forgets words that no listing has any more', async () => {
    const id = await indexed({ title: 'Zither' });
    await database.owner.query("update listings set title = 'Guitar' where id = $1", [id]);
    await search.indexListings(community, [id]);
    expect(await counts()).toEqual({ guitar: 1, robin: 1, green: 1 });
  });

  it('is counted anew by a rebuild, which also puts in what was missed and takes out what is gone', async () => {
    const kept = await indexed({ title: 'Bread' });
    const missed = await put({ title: 'Bread missed' });
    const gone = await indexed({ title: 'Bread gone' });
    await database.owner.query('update search_words set listings = 99 where community_id = $1', [community]);
    await database.owner.query('delete from listings where id = $1', [gone]);
    const steps: number[] = [];
    expect(await search.rebuild(({ done }) => steps.push(done))).toBe(true);
    expect(steps.length).toBeGreaterThan(0);
    expect((await ids('bread')).sort()).toEqual([kept, missed].sort());
    expect(await counts()).toEqual({ bread: 2, missed: 1, robin: 2, green: 2 });
  });
});

describe('candidates for matching', () => {
  it('are listings of the other kind and of others that share a stem, likeliest first, with what BM25 needs', async () => {
    const other = await database.member(community, 'Ann');
    const by = { communityId: community, memberId: other };
    const want = await put({ title: 'Someone to repair bicycles', kind: 'WANT' });
    const best = await publish(database, by, { title: 'Bicycle repair', tags: ['bike'] });
    const some = await publish(database, by, { title: 'Shoe repair' });
    const mine = await put({ title: 'Bicycle repair by myself' });
    const wanted = await publish(database, by, { title: 'Bicycle wanted', kind: 'WANT' });
    await search.indexListings(community, [want, best, some, mine, wanted]);

    const { asked, candidates, corpus } = await search.candidates(community, want, { kind: 'OFFER', most: 10 });
    expect(candidates.map(({ listingId }) => listingId)).toEqual([best, some]);
    expect(candidates[0]).toMatchObject({ titleStems: ['bicycl', 'repair'], labelStems: ['bike'] });
    expect(asked.titleStems).toEqual(['someon', 'repair', 'bicycl']);
    expect(corpus.documents).toBe(5);
    expect(corpus.frequencies.get('bicycl')).toBe(4);
    expect(corpus.frequencies.get('repair')).toBe(4);
    expect(search.wordsOf({ title: 'Someone to repair bicycles', language: 'en' }, ['bicycl'])).toEqual(['bicycles']);
  });

  it('are none for a listing that is not in the index', async () => {
    const { asked, candidates } = await search.candidates(community, randomUUID(), { kind: 'OFFER', most: 10 });
    expect(candidates).toEqual([]);
    expect(asked.titleStems).toEqual([]);
  });
});

it('search names its engine and is not degraded where it is the only one', async () => {
  expect(await search.search(community, { text: '' })).toMatchObject({
    engine: 'postgresql',
    degraded: false,
    total: 0,
  });
  expect(await search.health()).toEqual({ engine: 'postgresql', degraded: false, lag: { changes: 0 } });
  expect(await search.tenantToken(community, new Date())).toBeUndefined();
});
