import { type SearchParams } from 'meilisearch';
import { type AskedWord } from './analysis/analyse.ts';
import { wellFormed } from './analysis/wellFormed.ts';
import { type Facet, pageOf, type QueryMeaning, type SearchFilter, type SearchQuery } from './engine.ts';

export const FACET_ATTRIBUTES: Record<Facet, string> = {
  kind: 'kind',
  category: 'categoryIds',
  tag: 'tags',
  language: 'language',
};

/**
 * The words to send: stems in the likeliest language, which the index holds beside the words themselves, so that one call finds
 * every form. A space after the last tells that it is whole.
 */
export function wordsOf(asked: readonly AskedWord[]): string {
  const words = asked.map(({ word, stems }) => stems[0] ?? word).join(' ');
  return asked.at(-1)?.isPrefix ? words : `${words} `;
}

/** Everything of a query but its words; the community's filter is always there. */
export function parametersOf(communityId: string, query: SearchQuery): SearchParams {
  const { skip, take } = pageOf(query);
  return {
    offset: skip,
    limit: take,
    filter: conditionsOf(communityId, query.filter ?? {}),
    sort: sortOf(query),
    facets: query.facets?.map((facet) => FACET_ATTRIBUTES[facet]),
    attributesToRetrieve: [
      'listingId',
      ...(query.highlights === false ? [] : ['title', 'description', 'language']),
      ...(query.filter?.near || query.from ? ['_geo'] : []),
    ],
    matchingStrategy: 'all',
  };
}

/** What only means what is asked stands behind what meets every word. */
const MEANING_WEIGHT = 0.8;

/** A second query, joined with that of the words: the nearest listings, ranked by the engine's own vectors. Undefined without a meaning. */
export function meaningQuery(
  meaning: QueryMeaning | undefined,
  space: string | undefined,
  { filter }: SearchParams,
): Partial<SearchParams> | undefined {
  if (!meaning || !space) return undefined;
  return {
    q: '',
    vector: Array.from(meaning.sense),
    hybrid: { embedder: space, semanticRatio: 1 },
    filter: [...(filter as string[]), `listingId IN ${list(meaning.near.map(({ listingId }) => listingId))}`],
    ...{ federationOptions: { weight: MEANING_WEIGHT } },
  };
}

function conditionsOf(communityId: string, filter: SearchFilter): string[] {
  const { near } = filter;
  return [
    `communityId = ${quoted(communityId)}`,
    filter.kind && `kind = ${quoted(filter.kind)}`,
    filter.categoryIds && `categoryIds IN ${list(filter.categoryIds)}`,
    ...(filter.tags ?? []).map((tag) => `tags = ${quoted(tag)}`),
    filter.languages && `language IN ${list(filter.languages)}`,
    filter.terms && `terms IN ${list(filter.terms)}`,
    filter.memberId && `memberId = ${quoted(filter.memberId)}`,
    filter.exceptMemberId && `memberId != ${quoted(filter.exceptMemberId)}`,
    filter.remote !== undefined && `remote = ${filter.remote}`,
    filter.priceFrom !== undefined && `priceTo >= ${filter.priceFrom}`,
    filter.priceTo !== undefined && `price <= ${filter.priceTo}`,
    near && `_geoRadius(${Number(near.latitude)}, ${Number(near.longitude)}, ${Math.round(near.withinKm * 1000)})`,
    filter.reputationLevelFrom !== undefined && `reputationLevel >= ${Number(filter.reputationLevelFrom)}`,
    filter.publishedAfter && `publishedAt > ${filter.publishedAfter.getTime()}`,
  ].filter((condition) => typeof condition === 'string');
}

function sortOf({ sort, filter, from }: SearchQuery): string[] | undefined {
  const place = filter?.near ?? from;
  if (sort === 'NEWEST') return ['publishedAt:desc'];
  if (sort === 'CHEAPEST') return ['price:asc'];
  if (sort === 'NEAREST' && place) return [`_geoPoint(${Number(place.latitude)}, ${Number(place.longitude)}):asc`];
  return undefined;
}

function quoted(value: string): string {
  return `"${wellFormed(value).replace(/["\\]/g, '\\$&')}"`;
}

function list(values: readonly string[]): string {
  return `[${values.map(quoted).join(', ')}]`;
}
