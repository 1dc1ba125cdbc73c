import { type TenantPool } from '@kith/db';
import { type Candidates, type CandidatesAsked, candidates, wordsOf } from './candidates.ts';
import { connectionOf } from './connection.ts';
import { publishedListings } from './documents.ts';
import { type SearchEngine, type SearchQuery, type SearchResult, type SuggestOptions } from './engine.ts';
import { meilisearchEngine, type MeilisearchOptions } from './meilisearch.ts';
import { type Embedder, EmbedderRefused, EmbedderUnavailable, openEmbedder } from './meaning/embedder.ts';
import { unpack } from './meaning/int8.ts';
import { openUnderstanding, type Understanding } from './meaning/understanding.ts';
import { deliver, note, waiting } from './outbox.ts';
import { type Log, watchOutside } from './outside.ts';
import { postgresEngine } from './postgres.ts';
import { COMPLETE, type Progress, rebuild, unremember } from './rebuild.ts';
import { syncListings, SYNC_MOST } from './sync.ts';

export type SearchOptions = {
  pool: TenantPool;
  /** Without it the embedded engine serves alone. `ensure` starts a server that is ours again. */
  meilisearch?: MeilisearchOptions & { ensure?(): Promise<void> };
  /** What understands texts; left out, words serve alone. */
  embedder?: Embedder;
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
  /**
   * Ids in order; rows are loaded from the database under the viewer's rights. With `semantic` also what means what is asked; where
   * that cannot be told in time words serve alone, and the notice says so.
   */
  search(
    communityId: string,
    query: Omit<SearchQuery, 'meaning'> & { semantic?: boolean },
  ): Promise<SearchResult & Answered>;
  suggest(communityId: string, text: string, options: SuggestOptions): Promise<string[]>;
  /**
   * Brings the indexes to what these listings are now, words at once and meaning right after. An outage of the outside engine is no
   * failure: it is told later. `known` runs as soon as words and meaning are what `candidates` and `meaning.nearest` read; where meaning
   * takes longer, once by words alone and once more. Answers why meaning is missing, where it is: it is to be asked for again.
   */
  indexListings(
    communityId: string,
    listingIds: readonly string[],
    known?: () => Promise<void>,
  ): Promise<EmbedderUnavailable | EmbedderRefused | undefined>;
  /** What texts mean. */
  readonly meaning: Understanding;
  /** Tells the outside engine what it has still to be told of a community, if it is well. */
  deliver(communityId: string): Promise<void>;
  /** The same for all listings of a community: after its synonyms, or the name of a category or a member, changed. */
  indexCommunity(communityId: string): Promise<void>;
  /** Builds all indexes anew while searches go on; false when another process is at it. */
  rebuild(progress?: Progress): Promise<boolean>;
  /** For matching: what shares words with a listing. */
  candidates(communityId: string, listingId: string, asked: CandidatesAsked): Promise<Candidates>;
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
export async function openSearch({
  pool,
  meilisearch,
  embedder = openEmbedder({ kind: 'none' }),
  log,
  retryFirstMs,
}: SearchOptions): Promise<Search> {
  const postgres = postgresEngine(pool);
  const meaning = openUnderstanding(pool, embedder, {
    changed: async (tx, communityId, listingIds) => {
      if (outside) await note(tx, communityId, listingIds);
    },
  });
  const outside = meilisearch && meilisearchEngine({ ...meilisearch, meanings: meaning });
  const understandQuietly = async (communityId: string, listingIds: readonly string[]) => {
    await meaning.understand(communityId, { listingIds }).catch((error: unknown) => failureOf(error));
  };
  // What happens without the outside engine is not noted for it: should it come back, it is built anew.
  if (!outside) await unremember(pool, COMPLETE);
  const ensure = meilisearch?.ensure ?? (async () => {});
  const watch =
    outside && watchOutside({ pool, engine: outside, ensure, log, retryFirstMs, understand: understandQuietly });

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

  const indexListings: Search['indexListings'] = async (communityId, listingIds, known) => {
    for (let from = 0; from < listingIds.length; from += SYNC_MOST) {
      const batch = listingIds.slice(from, from + SYNC_MOST);
      await syncListings(pool, communityId, batch, { outside: outside !== undefined });
    }
    const understood = understand(communityId, listingIds);
    const isSoon = await Promise.race([understood.then(() => true), later(PATIENCE_MS)]);
    if (!isSoon) {
      await known?.();
      await tell(communityId);
    }
    const { failure, isMore } = await understood;
    if (isSoon || isMore) await known?.();
    await tell(communityId);
    return failure;
  };

  const understand = async (communityId: string, listingIds: readonly string[]) => {
    let isMore = false;
    try {
      for (let from = 0; from < listingIds.length; from += SYNC_MOST) {
        const batch = listingIds.slice(from, from + SYNC_MOST);
        if ((await meaning.understand(communityId, { listingIds: batch })).listingIds.length) isMore = true;
      }
      return { isMore };
    } catch (error) {
      return { isMore, failure: failureOf(error) };
    }
  };

  const tell = async (communityId: string) => {
    if (!outside || watch?.state() !== 'READY') return;
    await deliver(pool, { communityId, target: 'LIVE' }, outside).catch(watch.failed);
  };

  /** What is like the text of a query, or why that is not known. */
  const meantBy = async (communityId: string, text: string) => {
    try {
      const asked = await meaning.asked(text);
      if (!asked) return {};
      const near = await meaning.nearText(communityId, asked);
      return near.length ? { meaning: { sense: unpack(asked.sense), near } } : {};
    } catch (error) {
      failureOf(error);
      return { notice: 'Found by words alone: what the text means could not be told in time.' };
    }
  };

  return {
    indexListings,
    meaning,
    deliver: tell,
    async search(communityId, { semantic = false, ...query }) {
      const { notice, ...meant } = semantic && query.text.trim() ? await meantBy(communityId, query.text) : {};
      const result = await ask((engine) => engine.search(communityId, { ...query, ...meant }));
      return { ...result, ...(notice && { notice }), ...answered() };
    },
    suggest: (communityId, text, options) => ask((engine) => engine.suggest(communityId, text, options)),
    async indexCommunity(communityId) {
      const connection = connectionOf(pool, communityId);
      for await (const listingIds of publishedListings(connection, communityId, SYNC_MOST))
        await indexListings(communityId, listingIds);
    },
    rebuild: (progress) => rebuild(pool, outside, { understand: understandQuietly, ...(progress && { progress }) }),
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
    async close() {
      await watch?.close();
      await meaning.close();
    },
  };
}

/** How long matching and the outside engine wait for meaning before they go on by words. */
const PATIENCE_MS = 2_000;
const later = (milliseconds: number) =>
  new Promise<false>((resolve) => setTimeout(() => resolve(false), milliseconds).unref());

/** Passes on what is no failure of the embedder: a database that is out, a bug. */
function failureOf(error: unknown): EmbedderUnavailable | EmbedderRefused {
  if (error instanceof EmbedderUnavailable || error instanceof EmbedderRefused) return error;
  throw error;
}
