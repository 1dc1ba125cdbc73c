import type { InputFieldBuilder } from '@pothos/core';
import { builder, localId } from '../builder.ts';
import { latitude, longitude } from '../communities/text.ts';
import { ListingKindType, PaymentTermsType } from '../listings/listings.graphql.ts';
import { LEVEL_MOST, rules, type Criteria } from './criteria.ts';
import { REACH_MOST, TAKE_MOST, TAKE_STANDARD } from './search.ts';

export const SearchSortType = builder.enumType('SearchSort', {
  description: 'The order of what was found.',
  values: {
    RELEVANCE: { description: 'Best first; without a text, newest first.' },
    NEWEST: { description: 'Newest first.' },
    NEAREST: { description: 'Nearest first; what has no place comes last. Needs near.' },
    CHEAPEST: { description: 'Lowest price first; what names no price comes last.' },
  },
});

export const SearchFacetType = builder.enumType('SearchFacet', {
  description: 'By what the listings that were found are counted.',
  values: {
    KIND: { value: 'kind', description: 'Offers and wants.' },
    CATEGORY: { value: 'category', description: 'Categories; one above others counts what is in them.' },
    TAG: { value: 'tag', description: 'Tags.' },
    LANGUAGE: { value: 'language', description: 'Languages.' },
  } as const,
});

const SearchNearInput = builder.inputType('SearchNearInput', {
  description: 'A place from which distances are measured; degrees of WGS 84.',
  fields: (t) => ({
    latitude: t.float({ required: true, description: 'Degrees north.', validate: latitude }),
    longitude: t.float({ required: true, description: 'Degrees east.', validate: longitude }),
    withinKm: t.float({
      description:
        'Only listings within so many kilometres, 1 to 20,000; left out: distances are told, nothing is left out.',
      validate: rules.withinKm,
    }),
  }),
});

/** What a search and a saved one have in common. */
const criteria = (t: InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>) => ({
  text: t.string({
    description:
      'At most 200 characters; typing mistakes, beginnings of words, inflected forms and synonyms are found too. The last word may be unfinished unless a space follows it. Without text: everything the rest lets through.',
    validate: rules.text,
  }),
  kind: t.field({ type: ListingKindType, description: 'Only offers, or only wants.' }),
  categoryIds: t.idList({
    description: 'In any of these categories or below them; at most 20.',
    validate: rules.categoryIds,
  }),
  tags: t.stringList({ description: 'With all of these tags; at most 20.', validate: rules.tags }),
  priceFrom: t.field({
    type: 'Decimal',
    description: "The lowest price, in units of the community's currency. Listings that name no price are left out.",
  }),
  priceTo: t.field({ type: 'Decimal', description: 'The highest price; of a range, its lower end counts.' }),
  near: t.field({ type: SearchNearInput, description: 'From where to measure, and how far.' }),
  remote: t.boolean({ description: 'Only what can be done from anywhere, or only what cannot.' }),
  languages: t.stringList({
    description: 'Written in one of these languages (primary tags of BCP 47); at most 20.',
    validate: rules.languages,
  }),
  terms: t.field({ type: [PaymentTermsType], description: 'Paid in one of these ways.', validate: rules.terms }),
  reputationLevelFrom: t.int({
    description: `Only of members whose reputation has reached this level, 1 to ${LEVEL_MOST}.`,
    validate: rules.reputationLevelFrom,
  }),
});

export const SearchCriteriaInput = builder.inputType('SearchCriteriaInput', {
  description: 'What is looked for. Everything that is given must hold.',
  fields: criteria,
});

export const SearchInput = builder.inputType('SearchInput', {
  description: 'A search in the directory. Everything that is given must hold.',
  fields: (t) => ({
    ...criteria(t),
    sort: t.field({ type: SearchSortType, description: 'RELEVANCE when left out.' }),
    facets: t.field({
      type: [SearchFacetType],
      description: 'What to count over all that was found; nothing when left out.',
    }),
    skip: t.int({ description: 'How many to pass over; 0 when left out.' }),
    take: t.int({
      description: `At most ${TAKE_MOST}, and with skip at most ${REACH_MOST}; ${TAKE_STANDARD} when left out.`,
    }),
    semantic: t.boolean({
      description:
        'Find also what means the same in other words or another language, behind what meets the words; true when left out. False: words alone.',
    }),
    highlight: t.boolean({ description: 'Mark what was found in title and description; true when left out.' }),
  }),
});

/** The criteria of an input, with local ids. */
export function criteriaOf<C extends Criteria>({ categoryIds, ...input }: C): C {
  return {
    ...input,
    ...(categoryIds && { categoryIds: categoryIds.map((id) => localId('Category', id)) }),
  } as C;
}
