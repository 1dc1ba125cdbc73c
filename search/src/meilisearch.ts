import { type EnqueuedTaskPromise, Meilisearch, type SearchParams, type SearchResponse } from 'meilisearch';
import { bundles } from './bundles.ts';
import { analyseQuery, type AskedWord } from './analysis/analyse.ts';
import { highlight, snippet } from './analysis/highlight.ts';
import { distanceKm } from './distance.ts';
import {
  type Facet,
  type FacetCount,
  type ListingDocument,
  nothing,
  pageOf,
  type SearchEngine,
  type SearchHit,
  type SearchQuery,
  type SearchResult,
} from './engine.ts';
import { documentKey, type MeilisearchDocument, meilisearchDocument } from './meilisearchDocument.ts';
import { FACET_ATTRIBUTES, meaningQuery, parametersOf, wordsOf } from './meilisearchQuery.ts';
import { applySettings, type Space } from './meilisearchSettings.ts';
import { finished } from './meilisearchTasks.ts';
import { tenantTokens } from './meilisearchTokens.ts';
import { completions, SUGGESTION_TITLES_MOST, titlesOf } from './suggestions.ts';

export type MeilisearchOptions = {
  url: string;
  key?: string;
  /** The index, for all communities. The one being rebuilt has `_new` after it. */
  index?: string;
  /** How long a search may take before it counts as an outage. */
  searchTimeoutMs?: number;
  meanings?: MeaningsOutside;
};

/** Where the engine gets its vectors from. */
export type MeaningsOutside = {
  /** The vectors of the model that is configured; undefined where there is none, or none can be made now. */
  space(): Promise<Space | undefined>;
  senses(communityId: string, listingIds: readonly string[]): Promise<Map<string, Float32Array>>;
};

export interface MeilisearchEngine extends SearchEngine {
  /** The name of the vectors the index should hold, which are those of the model that is configured. */
  space(): Promise<string | undefined>;
  /** Tells the index in use from another of the same name, made after the server lost its data; undefined where there is none. */
  identity(): Promise<string | undefined>;
  /** `beforeSwap` runs when the new index holds the documents and is not yet in use. */
  rebuild(
    documents: AsyncIterable<readonly ListingDocument[]>,
    beforeSwap?: (next: Pick<SearchEngine, 'index' | 'remove'>) => Promise<void>,
  ): Promise<void>;
  /** A token with which a frontend may search this community, and nothing else, at the engine itself. */
  tenantToken(communityId: string, expiresAt: Date): Promise<string>;
}

const LOOK_TIMEOUT_MS = 5_000;
const WRITE_TIMEOUT_MS = 60_000;
const REBUILD_TIMEOUT_MS = 3_600_000;
/** What a listing with only some of the words is worth beside one with all of them. */
const SOME_WORDS_WEIGHT = 0.4;

/** Meilisearch through its official client: one index for all communities, every search under the filter of one. */
export function meilisearchEngine(options: MeilisearchOptions): MeilisearchEngine {
  const { url: host, key: apiKey, index: live = 'kith_listings', searchTimeoutMs = 1_500, meanings } = options;
  const next = `${live}_new`;
  // A compressed answer comes in pieces of which the second waits 40 ms for the first to be acknowledged (Nagle's algorithm).
  const requestInit = { headers: { 'accept-encoding': 'identity' } };
  const searching = new Meilisearch({ host, apiKey, timeout: searchTimeoutMs, requestInit });
  // Nobody waits for a look: a busy engine gets longer to answer it than a search.
  const looking = new Meilisearch({ host, apiKey, timeout: LOOK_TIMEOUT_MS });
  const writing = new Meilisearch({ host, apiKey, timeout: WRITE_TIMEOUT_MS });
  const listings = searching.index<MeilisearchDocument>(live);

  /** Which vectors each of the two indexes holds; read once, for it changes only where an index is made or swapped. */
  const spaces = new Map<string, string | undefined>();
  const create = async (uid: string, space?: Space) => {
    await finished(writing.createIndex(uid, { primaryKey: 'key' }), WRITE_TIMEOUT_MS, 'index_already_exists');
    const isEmpty = (await writing.index(uid).getStats()).numberOfDocuments === 0;
    await applySettings(writing.index(uid), REBUILD_TIMEOUT_MS, isEmpty ? space : undefined);
    spaces.delete(uid);
  };
  const spaceOf = async (uid: string): Promise<string | undefined> => {
    if (!spaces.has(uid)) spaces.set(uid, Object.keys((await looking.index(uid).getEmbedders()) ?? {})[0]);
    return spaces.get(uid);
  };
  const vectorized = async (uid: string, documents: readonly ListingDocument[]) => {
    const space = await spaceOf(uid);
    const senses =
      space === undefined || space !== (await meanings?.space())?.name ? new Map() : await sensesOf(documents);
    return documents.map((document) =>
      meilisearchDocument(document, space, senses.get(documentKey(document.communityId, document.listingId))),
    );
  };
  const sensesOf = async (documents: readonly ListingDocument[]): Promise<Map<string, Float32Array>> => {
    const found = new Map<string, Float32Array>();
    for (const communityId of new Set(documents.map((document) => document.communityId))) {
      const ids = documents.filter((one) => one.communityId === communityId).map(({ listingId }) => listingId);
      for (const [id, sense] of await meanings!.senses(communityId, ids))
        found.set(documentKey(communityId, id), sense);
    }
    return found;
  };
  const drop = (uid: string) => finished(writing.deleteIndex(uid), WRITE_TIMEOUT_MS, 'index_not_found');
  let created: Promise<void> | undefined;
  const ready = () =>
    (created ??= Promise.resolve(meanings?.space())
      .then((space) => create(live, space))
      .catch((error) => ((created = undefined), Promise.reject(error))));

  /** Writes into one of the two indexes, confirmed only when the engine has done it: accepted is not yet kept. */
  const writer = (uid: string): Pick<SearchEngine, 'index' | 'remove'> => ({
    async index(documents) {
      for await (const bundle of bundles([documents]))
        await confirmed(writing.index(uid).addDocuments(await vectorized(uid, bundle)));
    },
    async remove(communityId, listingIds) {
      const keys = listingIds.map((id) => documentKey(communityId, id));
      if (keys.length) await confirmed(writing.index(uid).deleteDocuments(keys));
    },
  });

  const find = async (communityId: string, query: SearchQuery, asked: AskedWord[]): Promise<Response> => {
    const parameters = parametersOf(communityId, query);
    const { offset, limit, facets = [], ...shared } = parameters;
    const joined = (queries: Partial<SearchParams>[]) =>
      searching.multiSearch<never, MeilisearchDocument>({
        federation: { offset, limit, facetsByIndex: { [live]: facets }, mergeFacets: {} },
        queries: queries.map((one) => ({ indexUid: live, ...shared, ...one })),
      } as never) as unknown as Promise<Response>;
    const whole = { q: wordsOf(asked) };
    const some = asked.map((word) => ({ q: wordsOf([word]) }));
    const meant = meaningQuery(query.meaning, await spaceFor(query), parameters);
    if (!meant) {
      const found = await listings.search(whole.q, parameters);
      // Where no listing has every word, those that have some of them answer, the best of them first.
      return asked.length < 2 || found.hits.length || offset ? found : joined(some);
    }
    const [{ estimatedTotalHits }, found] = await Promise.all([
      listings.search(whole.q, { ...shared, limit: 1, attributesToRetrieve: [] }),
      joined([whole, meant]),
    ]);
    if (asked.length < 2 || estimatedTotalHits) return found;
    return joined([...some.map((one) => ({ ...one, federationOptions: { weight: SOME_WORDS_WEIGHT } })), meant]);
  };
  /** The vectors of the index in use, where the query is of the same. */
  const spaceFor = async ({ meaning }: SearchQuery) => {
    if (!meaning?.near.length) return undefined;
    const space = await spaceOf(live);
    return space !== undefined && space === (await meanings?.space())?.name ? space : undefined;
  };

  return {
    name: 'meilisearch',

    async index(documents) {
      await ready();
      await writer(live).index(documents);
    },

    async remove(communityId, listingIds) {
      await ready();
      await writer(live).remove(communityId, listingIds);
    },

    async search(communityId, query) {
      const asked = analyseQuery(query.text, query.languages ?? []);
      if (!asked.length && query.text.trim()) return nothing(query.facets);
      return resultOf(await find(communityId, query, asked), query, asked);
    },

    async suggest(communityId, text, { kind, languages = [], most, current }) {
      const asked = analyseQuery(text, languages);
      if (!asked.length) return [];
      const parameters = parametersOf(communityId, { text, filter: { kind }, take: SUGGESTION_TITLES_MOST });
      const attributesToSearchOn = ['title', 'titleStems'];
      const { hits } = await listings.search(wordsOf(asked), { ...parameters, attributesToSearchOn });
      return completions(text, await titlesOf(hits, current), asked, most);
    },

    async rebuild(documents, beforeSwap) {
      await drop(next);
      await create(next, await meanings?.space());
      // Also when it was there before: a server that lost its data lost it too, and two are needed to swap.
      created = undefined;
      await ready();
      const tasks: EnqueuedTaskPromise[] = [];
      for await (const bundle of bundles(documents)) {
        tasks.push(writing.index(next).addDocuments(await vectorized(next, bundle)));
        // Read on while the engine works, but not so far ahead that its queue fills the disk.
        if (tasks.length > 3) await finished(tasks.shift()!, REBUILD_TIMEOUT_MS);
      }
      for (const task of tasks) await finished(task, REBUILD_TIMEOUT_MS);
      await beforeSwap?.(writer(next));
      await finished(writing.swapIndexes([{ indexes: [live, next], rename: false }]), WRITE_TIMEOUT_MS);
      spaces.clear();
      await drop(next);
    },

    space: async () => (await meanings?.space())?.name,

    async identity() {
      // Another process may have put another index in its place.
      spaces.clear();
      try {
        return (await looking.index(live).getRawInfo()).createdAt;
      } catch (error) {
        if ((error as { cause?: { code?: string } }).cause?.code === 'index_not_found') return undefined;
        throw error;
      }
    },

    async health() {
      await looking.health();
    },

    tenantToken: tenantTokens(writing, live),
  };
}

type Response = Pick<SearchResponse<MeilisearchDocument>, 'hits' | 'facetDistribution'> & {
  estimatedTotalHits?: number;
};

const confirmed = (task: EnqueuedTaskPromise) => finished(task, WRITE_TIMEOUT_MS);

function resultOf({ hits, estimatedTotalHits, facetDistribution }: Response, query: SearchQuery, asked: AskedWord[]) {
  const { skip, take } = pageOf(query);
  // A page that is not full ends the list, so that its end is the total; otherwise the engine estimates.
  const isEnd = hits.length < take && (hits.length > 0 || skip === 0);
  const facets: SearchResult['facets'] = {};
  for (const facet of query.facets ?? []) facets[facet] = countsOf(facet, facetDistribution);
  return {
    hits: hits.map((hit) => hitOf(hit, query, asked)),
    total: isEnd ? skip + hits.length : (estimatedTotalHits ?? 0),
    totalIsExact: isEnd,
    facets,
  };
}

function countsOf(facet: Facet, distribution: Response['facetDistribution']): FacetCount[] {
  const counts = Object.entries(distribution?.[FACET_ATTRIBUTES[facet]] ?? {});
  return counts
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function hitOf(found: MeilisearchDocument, query: SearchQuery, asked: AskedWord[]): SearchHit {
  const hit: SearchHit = { listingId: found.listingId };
  const from = query.filter?.near ?? query.from;
  if (from && found._geo) hit.distanceKm = distanceKm(from, { latitude: found._geo.lat, longitude: found._geo.lng });
  if (!asked.length || query.highlights === false) return hit;
  hit.title = highlight(found.title, found.language, asked);
  hit.snippet = snippet(found.description, found.language, asked);
  return hit;
}
