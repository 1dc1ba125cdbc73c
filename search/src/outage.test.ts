import { randomUUID } from 'node:crypto';
import { Meilisearch } from 'meilisearch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../test/database.ts';
import { type Gate, openGate } from '../test/gate.ts';
import { meilisearchMissing, openMeilisearch } from '../test/meilisearch.ts';
import { publish } from '../test/published.ts';
import { openSearch, type Search } from './search.ts';

const title = 'Search over Meilisearch';
// Every change waits for the engine's queue, which on a busy machine takes its time.
describe.skipIf(meilisearchMissing)(
  meilisearchMissing ? `${title}: ${meilisearchMissing}` : title,
  { timeout: 120_000 },
  () => {
    const log = { info: () => {}, warn: () => {} };
    let database: Database;
    let server: Awaited<ReturnType<typeof openMeilisearch>>;
    let gate: Gate;
    let search: Search;
    let community: string;
    let member: string;

    beforeAll(async () => {
      database = await openDatabase();
      server = await openMeilisearch();
      gate = await openGate(server.url);
    });
    afterAll(async () => {
      await gate?.close();
      await server?.close();
      await database?.close();
    });
    beforeEach(async () => {
      gate.set('open');
      search = await open();
      community = await database.community();
      member = await database.member(community, 'Robin');
      await search.settled();
    });
    afterEach(() => search.close());

    const open = () => {
      const meilisearch = { url: gate.url, key: server.key, index: server.index, searchTimeoutMs: 1_000 };
      return openSearch({ pool: database.pool, meilisearch, log, retryFirstMs: 20 });
    };
    const put = (...titles: string[]) =>
      Promise.all(
        titles.map((name) => publish(database, { communityId: community, memberId: member }, { title: name })),
      );
    const ask = (text: string) => search.search(community, { text, languages: ['en'] });
    const found = async (text: string) => (await ask(text)).hits.map(({ listingId }) => listingId).sort();
    const setState = (id: string, state: string) =>
      database.owner.query('update listings set state = $2::listing_state where id = $1', [id, state]);
    const until = (engine: string) =>
      expect.poll(async () => (await ask('')).engine, { timeout: 90_000, interval: 30 }).toBe(engine);

    it('is answered by Meilisearch when its index is complete', async () => {
      const ids = await put('Bread', 'Bread too');
      await search.indexListings(community, ids);
      expect(await ask('bread')).toMatchObject({ engine: 'meilisearch', degraded: false, total: 2 });
      expect(await search.health()).toMatchObject({ engine: 'meilisearch', degraded: false, lag: { changes: 0 } });
    });

    it('finds what was there before Meilisearch was', async () => {
      const [id] = await put('Oldest bread');
      await database.owner.query('delete from installation');
      await search.close();
      search = await open();
      await search.settled();
      expect(await ask('oldest')).toMatchObject({ engine: 'meilisearch' });
      expect(await found('oldest')).toEqual([id]);
    });

    it.each(['closed', 'clogged'] as const)(
      'goes on over PostgreSQL while Meilisearch is %s, loses nothing, and heals',
      async (outage) => {
        const [kept, gone] = await put('Bread kept', 'Bread gone');
        await search.indexListings(community, [kept!, gone!]);
        gate.set(outage);

        const [added] = await put('Bread added');
        await setState(gone!, 'WITHDRAWN');
        // Twice, as a job may.
        if (outage === 'closed') await search.indexListings(community, [added!, gone!]);
        expect(await found('bread')).toBeDefined();
        await search.indexListings(community, [added!, gone!]);
        const answer = await ask('bread');
        expect(answer).toMatchObject({ engine: 'postgresql', degraded: true });
        expect(answer.notice).toContain('Meilisearch');
        expect(answer.hits.map(({ listingId }) => listingId).sort()).toEqual([kept, added].sort());
        expect(await search.suggest(community, 'brea', { languages: ['en'], most: 3 })).toContain('bread');
        expect((await search.health()).lag).toMatchObject({ changes: 2, since: expect.any(Date) });

        gate.set('open');
        await until('meilisearch');
        expect(await found('bread')).toEqual([kept, added].sort());
        expect((await search.health()).lag.changes).toBe(0);
      },
    );

    it('is told by another process what the first could not tell any more', async () => {
      gate.set('closed');
      await ask('');
      const [id] = await put('Bread orphaned');
      await search.indexListings(community, [id!]);
      await search.close();
      gate.set('open');
      search = await open();
      await until('meilisearch');
      expect(await found('orphaned')).toEqual([id]);
    });

    it('recognises an index that lost its data and builds it anew', async () => {
      const ids = await put('Bread', 'Cake');
      await search.indexListings(community, ids);
      await new Meilisearch({ host: server.url, apiKey: server.key }).deleteIndex(server.index).waitTask();
      expect(await ask('bread')).toMatchObject({ total: 1 });
      await until('meilisearch');
      expect(await found('bread')).toEqual([ids[0]]);
    });

    it('rebuilds while listings change and searches run, without a moment of emptiness', async () => {
      const ids = await put(...Array.from({ length: 120 }, (_, index) => `Bread ${index}`));
      await search.indexListings(community, ids);
      let rebuilding = true;
      const totals: number[] = [];
      const searching = (async () => {
        while (rebuilding) totals.push((await ask('bread')).total);
      })();
      const changed: string[] = [];
      const changing = (async () => {
        for (let index = 0; rebuilding && index < 100; index++) {
          const [id] = await put(`Cake ${index}`);
          await setState(ids[index]!, 'WITHDRAWN');
          await search.indexListings(community, [id!, ids[index]!]);
          changed.push(id!);
        }
      })();
      expect(await search.rebuild()).toBe(true);
      rebuilding = false;
      await Promise.all([searching, changing]);
      expect(totals.length).toBeGreaterThan(3);
      expect(Math.min(...totals)).toBeGreaterThanOrEqual(120 - changed.length);
      const { hits } = await search.search(community, { text: 'cake', languages: ['en'], take: 100 });
      expect(hits.map(({ listingId }) => listingId).sort()).toEqual(changed.slice(0, 100).sort());
      expect((await search.search(community, { text: 'bread', languages: ['en'], skip: 100 })).total).toBe(
        120 - changed.length,
      );
      expect((await ask('bread')).engine).toBe('meilisearch');
      const { rows } = await database.owner.query(
        "select count(*)::integer as left from search_outbox where target = 'LIVE'",
      );
      expect(rows[0].left).toBe(0);
    });

    it('lets one process rebuild at a time', async () => {
      await search.indexListings(community, await put('Bread'));
      const answers = await Promise.all([search.rebuild(), search.rebuild()]);
      expect(answers.sort()).toEqual([false, true]);
    });

    it('gives frontends a token that searches their community and nothing else', async () => {
      const other = await database.community();
      const stranger = await database.member(other, 'Ann');
      const theirs = await publish(database, { communityId: other, memberId: stranger }, { title: 'Bread theirs' });
      const ids = await put('Bread ours');
      await search.indexListings(community, ids);
      await search.indexListings(other, [theirs]);
      const given = (await search.tenantToken(community, new Date(Date.now() + 60_000)))!;
      const frontend = new Meilisearch({ host: given.url, apiKey: given.token });
      for (const filter of [undefined, `communityId = "${other}"`, 'communityId EXISTS']) {
        const { hits } = await frontend.index(given.index).search('bread', { filter });
        expect(hits.every(({ listingId }) => listingId === ids[0])).toBe(true);
      }
      expect((await frontend.index(given.index).search('bread')).hits).toHaveLength(1);
      await expect(frontend.index(given.index).addDocuments([{ key: randomUUID() }])).rejects.toThrow();
      const expiresAt = new Date(Date.now() + 3_600_000);
      const { token } = (await search.tenantToken(community, expiresAt))!;
      const { exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
      expect(exp).toBe(Math.floor(expiresAt.getTime() / 1000));
    });
  },
);
