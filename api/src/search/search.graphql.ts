import { queryFromInfo } from '@pothos/plugin-prisma';
import type { Sql } from '@kith/db';
import type { FacetCount, SearchHit } from '@kith/search';
import { builder } from '../builder.ts';
import { CategoryType } from '../communities/categories.graphql.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { ListingKindType, ListingType } from '../listings/listings.graphql.ts';
import { surroundingsFor } from '../listings/surroundings.ts';
import { visibleTo } from '../listings/visibility.ts';
import { criteriaOf, SearchInput } from './inputs.graphql.ts';
import { snippetParts, titleParts, type TextPart } from './marks.ts';
import { rules } from './criteria.ts';
import { languagesOf, search, suggest, TAKE_STANDARD, type Asker, type Found } from './search.ts';

type ListingRow = Sql.ListingGetPayload<object>;
interface Item {
  listing: ListingRow;
  hit: SearchHit;
}

/** A list of a few short things. */
const SMALL = { field: 1, multiplier: 1 };

export const SearchTextPart = builder.objectRef<TextPart>('SearchTextPart').implement({
  description: 'A piece of a text. The pieces one after another are the text; it is plain text, never HTML.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'Plain text.' }),
    marked: t.exposeBoolean('marked', { description: 'True for what was asked for.' }),
  }),
});

const SearchItem = builder.objectRef<Item>('SearchItem').implement({
  description: 'A listing that was found.',
  fields: (t) => ({
    listing: t.field({
      type: ListingType,
      description: 'The listing as it is now.',
      resolve: ({ listing }) => listing,
    }),
    distanceKm: t.float({
      nullable: true,
      description: 'How far it is, where the search named a place and the listing has one.',
      resolve: ({ hit }) => hit.distanceKm ?? null,
    }),
    titleParts: t.field({
      type: [SearchTextPart],
      complexity: SMALL,
      description: 'The title in pieces, what was found marked.',
      resolve: ({ listing, hit }) => titleParts(listing.title, hit.title),
    }),
    snippetParts: t.field({
      type: [SearchTextPart],
      complexity: SMALL,
      description: 'The part of the description in which something was found, in pieces; else its beginning.',
      resolve: ({ listing, hit }) => snippetParts(listing.description, hit.snippet),
    }),
  }),
});

const facet = <Shape extends { count: number }>(name: string) => builder.objectRef<Shape>(name);
const count = { description: 'How many of the listings that were found.' };

const SearchKindCount = facet<FacetCount>('SearchKindCount').implement({
  description: 'How many were found of a kind.',
  fields: (t) => ({
    kind: t.field({
      type: ListingKindType,
      description: 'Offer or want.',
      resolve: ({ value }) => value as 'OFFER' | 'WANT',
    }),
    count: t.exposeInt('count', count),
  }),
});
const SearchValueCount = facet<FacetCount>('SearchValueCount').implement({
  description: 'How many were found with a value.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'The tag, or the language.' }),
    count: t.exposeInt('count', count),
  }),
});
const SearchCategoryCount = facet<{ category: Sql.CategoryGetPayload<object>; count: number }>(
  'SearchCategoryCount',
).implement({
  description: 'How many were found in a category or below it.',
  fields: (t) => ({
    category: t.field({ type: CategoryType, description: 'The category.', resolve: ({ category }) => category }),
    count: t.exposeInt('count', count),
  }),
});

const SearchFacets = builder.objectRef<Found>('SearchFacets').implement({
  description:
    'Counts over everything that was found, not only the page: the commonest 100 of each. Empty unless asked for.',
  fields: (t) => ({
    kinds: t.field({
      type: [SearchKindCount],
      complexity: SMALL,
      description: 'By kind.',
      resolve: ({ facets }) => facets.kind ?? [],
    }),
    categories: t.field({
      type: [SearchCategoryCount],
      complexity: SMALL,
      description: 'By category.',
      resolve: ({ facets }, _args, context, info) =>
        withCategories(context, facets.category ?? [], queryFromInfo({ context, info, path: ['category'] })),
    }),
    tags: t.field({
      type: [SearchValueCount],
      complexity: SMALL,
      description: 'By tag.',
      resolve: ({ facets }) => facets.tag ?? [],
    }),
    languages: t.field({
      type: [SearchValueCount],
      complexity: SMALL,
      description: 'By language.',
      resolve: ({ facets }) => facets.language ?? [],
    }),
  }),
});

export const SearchEngineType = builder.enumType('SearchEngine', {
  description: 'What answers searches.',
  values: {
    POSTGRESQL: { value: 'postgresql', description: 'The engine embedded in the database.' },
    MEILISEARCH: { value: 'meilisearch', description: 'Meilisearch.' },
  } as const,
});

const SearchResultType = builder.objectRef<Found>('SearchResult').implement({
  description: 'What was found, and by what.',
  fields: (t) => ({
    items: t.field({
      type: [SearchItem],
      description: 'The page. A listing that has left the directory a moment ago is left out.',
      resolve: ({ hits }, _args, context, info) =>
        withRows(context, hits, queryFromInfo({ context, info, path: ['listing'] })),
    }),
    total: t.exposeInt('total', { description: 'How many were found on all pages.' }),
    totalIsExact: t.exposeBoolean('totalIsExact', {
      description: 'False: there are more than counted, or the engine estimated.',
    }),
    facets: t.field({ type: SearchFacets, description: 'What was asked to be counted.', resolve: (found) => found }),
    engine: t.expose('engine', { type: SearchEngineType, description: 'What answered.' }),
    degraded: t.exposeBoolean('degraded', {
      description: 'True when another engine than the one wanted had to answer.',
    }),
    notice: t.string({
      nullable: true,
      description: 'What that means, in a sentence.',
      resolve: ({ notice }) => notice ?? null,
    }),
  }),
});

builder.queryField('search', (t) =>
  t.withAuth({ member: true }).field({
    type: SearchResultType,
    description: 'Searches the directory of the community: published listings only.',
    // Its list of items counts as five of them already.
    complexity: ({ input }) => ({ field: 5, multiplier: Math.min(Math.max(input.take ?? TAKE_STANDARD, 5), 100) / 5 }),
    args: { input: t.arg({ type: SearchInput, required: true, description: 'What to look for.' }) },
    resolve: async (_root, { input }, context) => search(await askerOf(context), criteriaOf(input)),
  }),
);

const SUGGESTIONS_MOST = 20;
builder.queryField('searchSuggestions', (t) =>
  t.withAuth({ member: true }).stringList({
    description: 'Completions of what is being typed: words first, then titles.',
    args: {
      text: t.arg.string({ required: true, description: 'At most 200 characters.', validate: rules.text }),
      kind: t.arg({ type: ListingKindType, description: 'Only from offers, or only from wants.' }),
      take: t.arg.int({ required: true, defaultValue: 8, description: `1 to ${SUGGESTIONS_MOST}.` }),
    },
    resolve: async (_root, { text, kind, take }, context) => {
      if (take < 1 || take > SUGGESTIONS_MOST) throw badInput(`take is 1 to ${SUGGESTIONS_MOST}.`, 'take');
      return suggest(await askerOf(context), text, { member: context.member, kind: kind ?? null, most: take });
    },
  }),
);

async function askerOf(context: Context): Promise<Asker> {
  const communityId = context.member!.communityId;
  const { currencyScale, locale } = await surroundingsFor(context, communityId);
  return { communityId, currencyScale, languages: languagesOf(context.viewer?.locale, locale) };
}

/** The listings of the hits in one query, under the viewer's rights: a stale index shows nothing that has left the directory. */
async function withRows({ member }: Context, hits: SearchHit[], query: object): Promise<Item[]> {
  if (!hits.length) return [];
  const rows: ListingRow[] = await prisma.listing.findMany({
    ...query,
    where: {
      communityId: member!.communityId,
      id: { in: hits.map(({ listingId }) => listingId) },
      state: 'PUBLISHED',
      AND: [visibleTo(member)],
    },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return hits.flatMap((hit) => {
    const listing = byId.get(hit.listingId);
    return listing ? [{ listing, hit }] : [];
  });
}

async function withCategories({ member }: Context, counts: FacetCount[], query: object) {
  if (!counts.length) return [];
  const rows = await prisma.category.findMany({
    ...query,
    where: { communityId: member!.communityId, id: { in: counts.map(({ value }) => value) } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return counts.flatMap(({ value, count }) => {
    const category = byId.get(value);
    return category ? [{ category, count }] : [];
  });
}
