import { queryFromInfo } from '@pothos/plugin-prisma';
import { NO_COMMUNITY } from '@kith/db';
import { builder, ErrorInterface, localId } from '../builder.ts';
import { CategoryType } from '../communities/categories.graphql.ts';
import { line } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { ListingKindType, PaymentTermsType } from '../listings/listings.graphql.ts';
import type { Criteria } from './criteria.ts';
import { criteriaOf, SearchCriteriaInput } from './inputs.graphql.ts';
import {
  createSavedSearch,
  criteriaIn,
  deleteSavedSearch,
  SAVED_SEARCHES_MOST,
  savedSearchesOf,
  TooManySavedSearches,
  updateSavedSearch,
} from './savedSearches.ts';

builder.objectType(TooManySavedSearches, {
  name: 'TooManySavedSearches',
  description: 'The member keeps as many searches as one may.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ most: t.exposeInt('most', { description: 'How many one may keep.' }) }),
});

const SearchNear = builder.objectRef<NonNullable<Criteria['near']>>('SearchNear').implement({
  description: 'A place from which distances are measured; degrees of WGS 84.',
  fields: (t) => ({
    latitude: t.exposeFloat('latitude', { description: 'Degrees north.' }),
    longitude: t.exposeFloat('longitude', { description: 'Degrees east.' }),
    withinKm: t.float({
      nullable: true,
      description: 'Only listings within so many kilometres.',
      resolve: ({ withinKm }) => withinKm ?? null,
    }),
  }),
});

const SearchCriteria = builder.objectRef<Criteria>('SearchCriteria').implement({
  description: 'What is looked for; what is null or empty is not asked.',
  fields: (t) => ({
    text: t.string({ nullable: true, description: 'Words.', resolve: ({ text }) => text ?? null }),
    kind: t.field({
      type: ListingKindType,
      nullable: true,
      description: 'Only offers, or only wants.',
      resolve: ({ kind }) => kind ?? null,
    }),
    categories: t.field({
      type: [CategoryType],
      description: 'In any of these categories or below them.',
      resolve: ({ categoryIds }, _args, context, info) =>
        prisma.category.findMany({
          ...queryFromInfo({ context, info }),
          where: { communityId: context.member?.communityId ?? NO_COMMUNITY, id: { in: categoryIds ?? [] } },
          orderBy: [{ name: 'asc' }, { id: 'asc' }],
        }),
    }),
    tags: t.stringList({ description: 'With all of these tags.', resolve: ({ tags }) => tags ?? [] }),
    priceFrom: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The lowest price.',
      resolve: ({ priceFrom }) => priceFrom ?? null,
    }),
    priceTo: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The highest price.',
      resolve: ({ priceTo }) => priceTo ?? null,
    }),
    near: t.field({
      type: SearchNear,
      nullable: true,
      description: 'From where, and how far.',
      resolve: ({ near }) => near ?? null,
    }),
    remote: t.boolean({
      nullable: true,
      description: 'Only what can be done from anywhere, or only what cannot.',
      resolve: ({ remote }) => remote ?? null,
    }),
    languages: t.stringList({
      description: 'Written in one of these languages.',
      resolve: ({ languages }) => languages ?? [],
    }),
    terms: t.field({
      type: [PaymentTermsType],
      description: 'Paid in one of these ways.',
      resolve: ({ terms }) => terms ?? [],
    }),
    reputationLevelFrom: t.int({
      nullable: true,
      description: 'Of members whose reputation has reached this level.',
      resolve: ({ reputationLevelFrom }) => reputationLevelFrom ?? null,
    }),
  }),
});

const SavedSearchType = builder.prismaNode('SavedSearch', {
  description: 'A search a member keeps, for themselves alone.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    memberId: member?.memberId ?? NO_COMMUNITY,
  }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What the member calls it.' }),
    criteria: t.field({
      type: SearchCriteria,
      description: 'What it looks for.',
      select: { query: true },
      resolve: criteriaIn,
    }),
    notify: t.exposeBoolean('notify', {
      description: 'Whether the member is told of what comes into the directory and fits it.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Since when it looks for this: what was published before is not told.',
    }),
  }),
});

builder.queryField('savedSearches', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: [SavedSearchType],
    description: `The searches the viewer keeps in this community, oldest first; at most ${SAVED_SEARCHES_MOST}.`,
    resolve: (_query, _root, _args, { member }) => savedSearchesOf(member),
  }),
);

const name = line(100);
const nameDescription = '1 to 100 characters.';

const CreateSavedSearchInput = builder.inputType('CreateSavedSearchInput', {
  description: 'A search to keep.',
  fields: (t) => ({
    name: t.string({ required: true, description: nameDescription, validate: name }),
    criteria: t.field({ type: SearchCriteriaInput, required: true, description: 'What it looks for.' }),
    notify: t.boolean({ description: 'Tell me of what is new; true when left out.' }),
  }),
});

builder.mutationField('createSavedSearch', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: SavedSearchType,
    description: `Keeps a search; a member keeps at most ${SAVED_SEARCHES_MOST}.`,
    errors: { types: [TooManySavedSearches] },
    args: { input: t.arg({ type: CreateSavedSearchInput, required: true, description: 'The search.' }) },
    resolve: (_query, _root, { input: { name, criteria, notify } }, { member }) =>
      createSavedSearch(member, { name, criteria: criteriaOf(criteria), notify: notify ?? true }),
  }),
);

const UpdateSavedSearchInput = builder.inputType('UpdateSavedSearchInput', {
  description: 'A change of a kept search. What is left out or null stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the saved search.' }),
    name: t.string({ description: nameDescription, validate: name }),
    criteria: t.field({ type: SearchCriteriaInput, description: 'Replaced as a whole.' }),
    notify: t.boolean({ description: 'Tell me of what is new.' }),
  }),
});

builder.mutationField('updateSavedSearch', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: SavedSearchType,
    description: 'Changes a search the viewer keeps. With other criteria it looks for what is new from now on.',
    args: { input: t.arg({ type: UpdateSavedSearchInput, required: true, description: 'The change.' }) },
    resolve: (_query, _root, { input: { id, name, criteria, notify } }, { member }) =>
      updateSavedSearch(member, {
        id: localId('SavedSearch', id),
        name: name ?? null,
        criteria: criteria ? criteriaOf(criteria) : null,
        notify: notify ?? null,
      }),
  }),
);

const DeleteSavedSearchInput = builder.inputType('DeleteSavedSearchInput', {
  description: 'Which search is no longer kept.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of the saved search.' }) }),
});

builder.mutationField('deleteSavedSearch', (t) =>
  t.withAuth({ member: true }).id({
    description: 'Forgets a search the viewer keeps. Answers its id.',
    args: { input: t.arg({ type: DeleteSavedSearchInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input: { id } }, { member }) => {
      await deleteSavedSearch(member, localId('SavedSearch', id));
      return id;
    },
  }),
);
