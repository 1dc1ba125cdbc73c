import { NO_COMMUNITY } from '@kith/db';
import { analyseQuery, type AskedWord } from './analysis/analyse.ts';
import { highlight, snippet } from './analysis/highlight.ts';
import { wellFormedValues } from './analysis/wellFormed.ts';
import { type Connection, connectionOf } from './connection.ts';
import {
  type Facet,
  type FacetCount,
  type ListingDocument,
  nothing,
  pageOf,
  type SearchEngine,
  type SearchFilter,
  type SearchHit,
  type SearchQuery,
  type SearchResult,
} from './engine.ts';
import { postgresDocument } from './postgresDocument.ts';
import { samenessOf } from './meaning/sameness.ts';
import { completions, SUGGESTION_TITLES_MOST, titlesOf } from './suggestions.ts';

const SUGGESTION_MATCHES_MOST = 1_000;

/** The embedded engine: functions of the database (prisma/sql/search) over its own index and dictionary. */
export function postgresEngine(connection: Connection): SearchEngine {
  const run = async (communityId: string, text: string, values: unknown[]) =>
    (await connectionOf(connection, communityId).query(text, values)).rows;

  const answer = async (communityId: string, query: object): Promise<Answer> => {
    const rows = await run(communityId, 'select kith.search_listings($1) as answer', [
      JSON.stringify(query, wellFormedValues),
    ]);
    return rows[0].answer;
  };

  const index = async (documents: readonly ListingDocument[]) => {
    for (const communityId of new Set(documents.map((document) => document.communityId))) {
      const own = documents.filter((document) => document.communityId === communityId);
      await run(communityId, 'select kith.search_write($1)', [
        JSON.stringify(own.map(postgresDocument), wellFormedValues),
      ]);
    }
  };

  return {
    name: 'postgresql',
    index,

    async remove(communityId, listingIds) {
      if (listingIds.length) await run(communityId, 'select kith.search_erase($1)', [listingIds]);
    },

    async search(communityId, query) {
      const asked = analyseQuery(query.text, query.languages ?? []);
      // Text without a single word (punctuation, emoji) finds nothing; no text at all lists everything.
      if (!asked.length && query.text.trim()) return nothing(query.facets);
      return resultOf(await answer(communityId, request(asked, query)), query, asked);
    },

    async suggest(communityId, text, { kind, languages = [], most, current }) {
      const asked = analyseQuery(text, languages);
      if (!asked.length) return [];
      const query: SearchQuery = { text, filter: { kind }, take: SUGGESTION_TITLES_MOST };
      // Asked at every key: few are ranked, and of those the ones with the words in the title come first.
      const { hits } = await answer(communityId, { ...request(asked, query), matchesMost: SUGGESTION_MATCHES_MOST });
      return completions(text, await titlesOf(hits, current), asked, most);
    },

    // In place: every batch replaces its documents at once, so a search sees each listing as it was or as it is.
    async rebuild(documents) {
      const [{ now }] = await run(NO_COMMUNITY, 'select clock_timestamp()::text as now', []);
      for await (const batch of documents) await index(batch);
      for (const { id } of await run(NO_COMMUNITY, 'select kith.search_indexed() as id', []))
        await run(id, 'select kith.search_settle($1)', [now]);
    },

    async health() {
      await run(NO_COMMUNITY, 'select 1', []);
    },
  };
}

type Answer = {
  total: number;
  totalIsExact: boolean;
  hits: { listingId: string; distanceKm: number | null; language: string; title: string; description: string }[];
  facets: Partial<Record<Facet, FacetCount[]>>;
};

function request(words: AskedWord[], query: SearchQuery) {
  const { sort = 'RELEVANCE', from, facets = [], highlights = true, meaning } = query;
  const filter = filterOf(query.filter ?? {});
  const near = meaning?.near.map(({ listingId, likeness }) => ({ id: listingId, p: samenessOf(likeness) })) ?? [];
  return { words, near, filter, sort, from, facets, texts: highlights, ...pageOf(query) };
}

/** JSON knows no bigint. Undefined conditions vanish in it, so that only those asked for are there. */
function filterOf(filter: SearchFilter) {
  return { ...filter, priceFrom: filter.priceFrom?.toString(), priceTo: filter.priceTo?.toString() };
}

function resultOf({ hits, total, totalIsExact, facets }: Answer, query: SearchQuery, asked: AskedWord[]): SearchResult {
  return { hits: hits.map((hit) => hitOf(hit, query.highlights === false ? [] : asked)), total, totalIsExact, facets };
}

function hitOf({ listingId, distanceKm, language, title, description }: Answer['hits'][number], asked: AskedWord[]) {
  const hit: SearchHit = { listingId };
  if (distanceKm !== null) hit.distanceKm = distanceKm;
  if (!asked.length) return hit;
  hit.title = highlight(title, language, asked);
  hit.snippet = snippet(description, language, asked);
  return hit;
}
