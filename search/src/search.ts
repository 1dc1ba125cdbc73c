import { type TenantPool } from '@kith/db';
import { type Candidates, candidates, wordsOf } from './candidates.ts';
import { connectionOf } from './connection.ts';
import { publishedListings } from './documents.ts';
import {
  type ListingKind,
  type SearchEngine,
  type SearchQuery,
  type SearchResult,
  type SuggestOptions,
} from './engine.ts';
import { meilisearchEngine, type MeilisearchOptions } from './meilisearch.ts';
import { deliver, waiting } from './outbox.ts';
import { type Log, watchOutside } from './outside.ts';
import { postgresEngine } from './postgres.ts';
import { COMPLETE, type Progress, rebuild, unremember } from './rebuild.ts';
import { syncListings, SYNC_MOST } from './sync.ts';

export type SearchOptions = {
  pool: TenantPool;
  /** Without it the embedded engine serves alone. `ensure` starts a server that is ours again. */
  meilisearch?: MeilisearchOptions & { ensure?(): Promise<void> };
  log: Log;
  /** How long to wait after an outage before looking again, at first; it doubles up to 30 s. */
  retryFirstMs?: number;
};

/** Which engine answered, and whether it is the one that should have. The notice is for people. */
export type Answered = { engine: SearchEngine['name']; degraded: boolean; notice?: string };

export type SearchHealth = Answered & {
  /** Changes the outside engine has not confirmed, and since when the oldest waits. */
  lag: { changes: number; since?: Date };
};

export interface Search {
  /** Ids in order; rows are loaded from the database under the viewer's rights. */
  search(communityId: string, query: SearchQuery): Promise<SearchResult & Answered>;
  suggest(communityId: string, text: string, options: SuggestOptions): Promise<string[]>;
  /**
   * Brings the indexes to what these listings are now. An outage of the outside engine is no failure: it is told later.
   * `embedded` runs as soon as the embedded index knows them, which is what `candidates` reads; the outside engine may take a second more.
   */
  indexListings(communityId: string, listingIds: readonly string[], embedded?: () => Promise<void>): Promise<void>;
  /** The same for all listings of a community: after its synonyms, or the name of a category or a member, changed. */
  indexCommunity(communityId: string): Promise<void>;
  /** Builds all indexes anew while searches go on; false when another process is at it. */
  rebuild(progress?: Progress): Promise<boolean>;
  /** For matching: what shares words with a listing. */
  candidates(communityId: string, listingId: string, asked: { kind: ListingKind; most: number }): Promise<Candidates>;
  /** The words of a listing that have these stems, for people. */
  wordsOf: typeof wordsOf;
  /** A token for a frontend that searches one community at Meilisearch itself; undefined where there is none. */
  tenantToken(communityId: string, expiresAt: Date): Promise<{ url: string; index: string; token: string } | undefined>;
  health(): Promise<SearchHealth>;
  /** Resolves when it is known how the outside engine stands, its index complete if it answers. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Opens search over a database, and over Meilisearch where there is one. */
export async function openSearch({ pool, meilisearch, log, retryFirstMs }: SearchOptions): Promise<Search> {
  const postgres = postgresEngine(pool);
  const outside = meilisearch && meilisearchEngine(meilisearch);
  // What happens without the outside engine is not noted for it: should it come back, it is built anew.
  if (!outside) await unremember(pool, COMPLETE);
  const ensure = meilisearch?.ensure ?? (async () => {});
  const watch = outside && watchOutside({ pool, engine: outside, ensure, log, retryFirstMs });

  const answered = (): Answered => {
    if (!watch) return { engine: 'postgresql', degraded: false };
    const state = watch.state();
    if (state === 'READY') return { engine: 'meilisearch', degraded: false };
    const why = state === 'DOWN' ? 'Meilisearch does not answer' : 'the index of Meilisearch is being built';
    return { engine: 'postgresql', degraded: true, notice: `Search runs on PostgreSQL, because ${why}.` };
  };

  /** Asks the outside engine if it is well, else (or if it fails now) the embedded one. */
  const ask = async <T>(question: (engine: SearchEngine) => Promise<T>): Promise<T> => {
    if (outside && watch?.state() === 'READY')
      try {
        return await question(outside);
      } catch (error) {
        watch.failed(error);
      }
    return question(postgres);
  };

  const indexListings: Search['indexListings'] = async (communityId, listingIds, embedded) => {
    for (let from = 0; from < listingIds.length; from += SYNC_MOST) {
      const batch = listingIds.slice(from, from + SYNC_MOST);
      await syncListings(pool, communityId, batch, { outside: outside !== undefined });
    }
    await embedded?.();
    if (!outside || watch?.state() !== 'READY') return;
    await deliver(pool, { communityId, target: 'LIVE' }, outside).catch(watch.failed);
  };

  return {
    indexListings,
    async search(communityId, query) {
      const result = await ask((engine) => engine.search(communityId, query));
      return { ...result, ...answered() };
    },
    suggest: (communityId, text, options) => ask((engine) => engine.suggest(communityId, text, options)),
    async indexCommunity(communityId) {
      const connection = connectionOf(pool, communityId);
      for await (const listingIds of publishedListings(connection, communityId, SYNC_MOST))
        await indexListings(communityId, listingIds);
    },
    rebuild: (progress) => rebuild(pool, outside, progress),
    candidates: (communityId, listingId, asked) => candidates(pool, communityId, listingId, asked),
    wordsOf,
    async tenantToken(communityId, expiresAt) {
      if (!outside || !meilisearch) return undefined;
      const token = await outside.tenantToken(communityId, expiresAt);
      return { url: meilisearch.url, index: meilisearch.index ?? 'kith_listings', token };
    },
    async health() {
      const communities = outside ? await waiting(pool, 'LIVE') : [];
      const changes = communities.reduce((sum, community) => sum + community.changes, 0);
      return { ...answered(), lag: { changes, since: communities[0]?.since } };
    },
    settled: async () => watch?.look(),
    close: async () => watch?.close(),
  };
}
