import http from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../test/database.ts';
import { meilisearchMissing, openMeilisearch } from '../test/meilisearch.ts';
import { publish } from '../test/published.ts';
import { type Embedder, openEmbedder } from './meaning/embedder.ts';
import { openSearch, type Search } from './search.ts';
import { type SearchQuery } from './engine.ts';

const quiet = { info() {}, warn() {} };
type Opened = { search: Search; close(): Promise<void> };

const engines: { title: string; missing?: string; open(database: Database, embedder: Embedder): Promise<Opened> }[] = [
  {
    title: 'PostgreSQL',
    async open({ pool }, embedder) {
      const search = await openSearch({ pool, log: quiet, embedder });
      return { search, close: () => search.close() };
    },
  },
  {
    title: 'Meilisearch',
    missing: meilisearchMissing,
    async open({ pool }, embedder) {
      const server = await openMeilisearch();
      const search = await openSearch({
        pool,
        log: quiet,
        embedder,
        meilisearch: { ...server, searchTimeoutMs: 10_000 },
      });
      await search.settled();
      return { search, close: async () => (await search.close(), await server.close()) };
    },
  },
];

for (const { title, missing, open } of engines)
  describe.skipIf(missing)(`meaning, by ${title}${missing ? `: ${missing}` : ''}`, { timeout: 120_000 }, () => {
    let database: Database;
    let opened: Opened;
    let communityId: string;
    let memberId: string;
    const named = new Map<string, string>();

    beforeAll(async () => {
      database = await openDatabase();
      opened = await open(database, openEmbedder({ kind: 'embedded' }));
      await opened.search.meaning.warm();
    });
    afterAll(async () => {
      await opened?.close();
      await database?.close();
    });
    beforeEach(async () => {
      communityId = await database.community();
      memberId = await database.member(communityId, 'Boris');
    });

    async function put(...titles: (string | { title: string; kind?: 'OFFER' | 'WANT'; tags?: string[] })[]) {
      const ids: string[] = [];
      for (const given of titles) {
        const listing = typeof given === 'string' ? { title: given } : given;
        const id = await publish(database, { communityId, memberId }, listing);
        named.set(id, listing.title);
        ids.push(id);
      }
      expect(await opened.search.indexListings(communityId, ids)).toBeUndefined();
      return ids;
    }
    const ask = (query: Partial<SearchQuery> & { text: string; semantic?: boolean }) =>
      opened.search.search(communityId, { languages: ['en'], semantic: true, ...query });
    const titles = async (query: Parameters<typeof ask>[0]) =>
      (await ask(query)).hits.map(({ listingId }) => named.get(listingId));
    const all = [
      'Bicycle mechanic',
      'Ремонт велосипедов',
      'Bread and cakes',
      'Piano lessons',
      'Filter XK-200 for water',
    ];

    it('answers by the engine that is meant', async () => {
      expect((await ask({ text: 'x' })).engine).toBe(title.toLowerCase());
    });
    it('finds what means the same, in any language', async () => {
      await put(...all);
      expect((await titles({ text: 'fix my bike' })).sort()).toEqual(['Bicycle mechanic', 'Ремонт велосипедов']);
      expect(await titles({ text: 'nauka gry na pianinie', languages: ['pl'] })).toEqual(['Piano lessons']);
    });
    it('switched off, finds words alone', async () => {
      await put(...all);
      expect(await titles({ text: 'fix my bike', semantic: false })).toEqual([]);
    });
    it('leaves a name and a code first by their words', async () => {
      await put(...all, 'Music for parties');
      expect((await titles({ text: 'XK-200' }))[0]).toBe('Filter XK-200 for water');
      expect((await titles({ text: 'piano' }))[0]).toBe('Piano lessons');
      expect(await titles({ text: 'boris' })).toHaveLength(6);
    });
    it('keeps to filters, and counts and facets are of all that is found', async () => {
      await put(
        { title: 'Bicycle mechanic', tags: ['fast'] },
        { title: 'Велосипед нуждается в ремонте', kind: 'WANT', tags: ['slow'] },
        { title: 'Bread' },
      );
      const found = await ask({ text: 'fix my bike', facets: ['kind', 'tag'] });
      expect(found.total).toBe(2);
      expect(found.facets.kind).toEqual([
        { value: 'OFFER', count: 1 },
        { value: 'WANT', count: 1 },
      ]);
      expect(await titles({ text: 'fix my bike', filter: { kind: 'WANT' } })).toEqual([
        'Велосипед нуждается в ремонте',
      ]);
      expect(await titles({ text: 'fix my bike', filter: { tags: ['fast'] } })).toEqual(['Bicycle mechanic']);
      expect(await titles({ text: 'fix my bike', filter: { kind: 'OFFER', tags: ['slow'] } })).toEqual([]);
    });
    it('goes from page to page without gap or repeat, by every order', async () => {
      const many = Array.from({ length: 23 }, (_, index) => (index % 2 ? 'Bicycle mechanic' : 'Bike repairs'));
      const ids = await put(...many, 'Bread');
      for (const sort of ['RELEVANCE', 'NEWEST'] as const) {
        const seen: string[] = [];
        for (let skip = 0; skip < 30; skip += 5)
          seen.push(
            ...(await ask({ text: 'bike repair', sort, skip, take: 5 })).hits.map(({ listingId }) => listingId),
          );
        expect(seen).toHaveLength(23);
        expect(new Set(seen)).toEqual(new Set(ids.slice(0, 23)));
      }
    });
    it('never finds what is of another community, and forgets what has left', async () => {
      const [gone] = await put('Bicycle mechanic');
      const own = communityId;
      communityId = await database.community();
      memberId = await database.member(communityId, 'Boris');
      await put('Ремонт велосипедов');
      expect(await titles({ text: 'fix my bike' })).toEqual(['Ремонт велосипедов']);
      communityId = own;
      await database.owner.query("update listings set state = 'WITHDRAWN' where id = $1", [gone]);
      await opened.search.indexListings(communityId, [gone!]);
      const kept = 'select 1 from text_meanings where community_id = $1';
      expect((await database.owner.query(kept, [communityId])).rows).toEqual([]);
      expect(await titles({ text: 'fix my bike' })).toEqual([]);
    });
    it('is there after a rebuild', async () => {
      await put(...all);
      expect(await opened.search.rebuild()).toBe(true);
      expect((await titles({ text: 'fix my bike' })).sort()).toEqual(['Bicycle mechanic', 'Ремонт велосипедов']);
    });
  });

describe('an embedder that is not well', { timeout: 60_000 }, () => {
  let database: Database;
  let server: http.Server;
  let url: string;
  let calls = 0;
  let isWell = false;
  const texts: string[] = [];

  beforeAll(async () => {
    database = await openDatabase();
    // A server of OpenAI's form that fails every second time, until it is well; what it knows of a text is its words.
    server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (!isWell && calls++ % 2 === 0) return void response.writeHead(503).end('busy');
        const { input } = JSON.parse(body) as { input: string[] };
        texts.push(...input);
        const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }));
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await database.close();
  });
  const vectorOf = (text: string) => {
    const vector = Array.from({ length: 32 }, () => 0.01);
    for (const word of text.toLowerCase().split(/\W+/))
      vector[[...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 32, 7)]! += 1;
    return vector;
  };
  const openWith = (model: string) =>
    openSearch({ pool: database.pool, log: quiet, embedder: openEmbedder({ kind: 'openai', url, model }) });

  it('loses nothing, words serve meanwhile, and a changed model takes over when it has everything', async () => {
    const communityId = await database.community();
    const memberId = await database.member(communityId, 'Boris');
    const ids: string[] = [];
    for (let index = 0; index < 10; index++)
      ids.push(
        await publish(database, { communityId, memberId }, { title: `Garden help number ${'abcdefghij'[index]}` }),
      );
    let search = await openWith('first');
    const failures = [];
    for (const id of ids) failures.push(await search.indexListings(communityId, [id]));
    expect(failures.some(Boolean)).toBe(true);
    const found = await search.search(communityId, { text: 'garden', languages: ['en'], semantic: true });
    expect(found.total).toBe(10);
    isWell = true;
    await Promise.all([search.meaning.understand(communityId), search.meaning.understand(communityId)]);
    expect(await search.meaning.counts(communityId)).toEqual({ understood: 10, notUnderstood: 0, waiting: 0 });
    expect(await search.meaning.behind()).toEqual([]);
    const before = texts.length;
    await search.indexListings(communityId, ids);
    expect(texts.length).toBe(before);
    await search.close();

    search = await openWith('second');
    expect(await search.meaning.behind()).toEqual([
      { communityId, listings: 10, done: 0, serving: expect.stringContaining('openai:first') as string },
    ]);
    const near = () => search.meaning.nearest(communityId, ids[0]!, { kind: 'OFFER', most: 20 });
    const old = await near();
    expect(old.length).toBeGreaterThan(0);
    expect((await search.meaning.understand(communityId, { most: 4 })).tookOver).toBe(false);
    expect(await near()).toEqual(old);
    for (let tookOver = false; !tookOver;) ({ tookOver } = await search.meaning.understand(communityId, { most: 4 }));
    expect(await search.meaning.behind()).toEqual([]);
    const { rows } = await database.owner.query('select distinct model from text_meanings where community_id = $1', [
      communityId,
    ]);
    expect(rows).toEqual([{ model: await search.meaning.model() }]);
    await search.close();
  });

  it('that is down, or whose model is damaged, leaves words to serve and says so', async () => {
    const communityId = await database.community();
    const memberId = await database.member(communityId, 'Boris');
    const id = await publish(database, { communityId, memberId }, { title: 'Bicycle repair' });
    const { embedded } = await import('./meaning/embedded.ts');
    for (const embedder of [
      openEmbedder({ kind: 'openai', url: 'http://127.0.0.1:1/v1', model: 'none' }),
      embedded({ model: new URL('../package.json', import.meta.url).pathname }),
    ]) {
      const search = await openSearch({ pool: database.pool, log: quiet, embedder });
      expect((await search.indexListings(communityId, [id]))?.message).toMatch(/\w+/);
      const found = await search.search(communityId, { text: 'bicycle', languages: ['en'], semantic: true });
      expect(found.hits.map(({ listingId }) => listingId)).toEqual([id]);
      expect(found.notice).toMatch(/words alone/);
      expect(search.meaning.state().state).toBe('DOWN');
      await search.close();
    }
  });
});
