import { z } from 'zod';
import type { Sql } from '@kith/db';
import { builder, localId } from '../builder.ts';
import { line, reason } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { pageArgs } from '../pageArgs.ts';
import { inSubtree } from './categories.ts';
import { ListingKindType, ListingStateType, ListingType } from './listings.graphql.ts';
import { hideListing, unhideListing } from './moderation.ts';
import { written } from './mutations.graphql.ts';
import { WrongListingState } from './refusals.ts';

const decisionInput = (name: string, why: string) =>
  builder.inputType(name, {
    description: "A moderator's decision about a listing.",
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the listing.' }),
      reason: t.string({ required: true, description: why, validate: reason }),
    }),
  });

for (const [name, input, decide, description, why] of [
  [
    'hideListing',
    'HideListingInput',
    hideListing,
    "Takes a listing out of everybody's sight but its author's and the moderators'.",
    'Told to the author and kept in the audit log.',
  ],
  [
    'unhideListing',
    'UnhideListingInput',
    unhideListing,
    'Puts a hidden listing back where it was.',
    'Told to the author and kept in the audit log.',
  ],
] as const)
  builder.mutationField(name, (t) =>
    t.withAuth({ capability: 'listingsModerate' }).prismaField({
      type: ListingType,
      description,
      errors: { types: [WrongListingState] },
      args: { input: t.arg({ type: decisionInput(input, why), required: true, description: 'The decision.' }) },
      resolve: async (query, _root, { input: { id, reason } }, { member }) =>
        written(query, await decide(member, { id: localId('Listing', id), reason })),
    }),
  );

const ListingListSortField = builder.enumType('ListingListSortField', {
  description: 'What the list of listings is ordered by.',
  values: ['title', 'state', 'kind', 'createdAt', 'updatedAt', 'publishedAt', 'expiresAt'] as const,
});
const ListingListSort = builder.inputType('ListingListSort', {
  description: 'The order of the list of listings.',
  fields: (t) => ({
    field: t.field({ type: ListingListSortField, required: true, description: 'What to order by.' }),
    descending: t.boolean({ required: true, defaultValue: false, description: 'From the last to the first.' }),
  }),
});
const ListingListFilter = builder.inputType('ListingListFilter', {
  description: 'Which listings the list shows.',
  fields: (t) => ({
    title: t.string({ description: 'A part of the title, in any case.', validate: line(100, 0) }),
    kind: t.field({ type: ListingKindType, description: 'Only offers, or only wants.' }),
    states: t.field({
      type: [ListingStateType],
      description: 'In one of these states.',
      validate: z.array(z.string()).max(10),
    }),
    memberId: t.id({ description: 'Of this member.' }),
    categoryId: t.id({ description: 'In this category or below it.' }),
  }),
});

/** LIKE's own signs mean themselves. */
const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&');

type Order = Sql.ListingOrderByWithRelationInput;
const ListingList = builder
  .objectRef<Pick<Sql.ListingFindManyArgs, 'orderBy' | 'skip' | 'take'> & { where: Sql.ListingWhereInput }>(
    'ListingList',
  )
  .implement({
    description: 'A page of the list of listings.',
    fields: (t) => ({
      items: t.prismaField({
        type: [ListingType],
        description: 'The listings of this page.',
        resolve: (query, page) => prisma.listing.findMany({ ...query, ...page }),
      }),
      total: t.int({
        description: 'How many there are on all pages.',
        resolve: ({ where }) => prisma.listing.count({ where }),
      }),
    }),
  });

builder.queryField('listingList', (t) =>
  t.withAuth({ capability: 'listingsModerate' }).field({
    type: ListingList,
    description: 'Listings in every state, for the console.',
    args: {
      ...pageArgs,
      sort: t.arg({ type: ListingListSort, description: 'Newest first when left out.' }),
      filter: t.arg({ type: ListingListFilter, description: 'Which ones; all of them when left out.' }),
    },
    resolve: async (_root, { skip, take, sort, filter }, { member: { communityId } }) => ({
      where: {
        communityId,
        ...(filter?.title && { title: { contains: literal(filter.title), mode: 'insensitive' as const } }),
        ...(filter?.kind && { kind: filter.kind }),
        ...(filter?.states && { state: { in: [...new Set(filter.states)] } }),
        ...(filter?.memberId && { memberId: localId('Member', filter.memberId) }),
        ...(filter?.categoryId && (await inSubtree(prisma, communityId, localId('Category', filter.categoryId)))),
      },
      // The id last, so that equal rows keep their places between pages.
      orderBy: [
        sort ? { [sort.field]: sort.descending ? 'desc' : 'asc' } : { createdAt: 'desc' },
        { id: 'asc' },
      ] satisfies Order[],
      skip,
      take,
    }),
  }),
);
