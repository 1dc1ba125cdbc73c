import { queryFromInfo } from '@pothos/plugin-prisma';
import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import type { ListingKind, Sql } from '@kith/db';
import { PAGE_MOST, PAGE_STANDARD, builder, localId } from '../builder.ts';
import type { Context, Member } from '../context.ts';
import { prisma } from '../db.ts';
import type { DirectPage } from '../directConnection.ts';
import { inSubtree } from './categories.ts';
import { ListingKindType, ListingStateType, ListingType } from './listings.graphql.ts';
import { cursorOf, page } from '../pages.ts';
import { visibleTo } from './visibility.ts';

const ListingConnection = builder.connectionObject({
  type: ListingType,
  name: 'ListingConnection',
  description: 'A page of listings, newest first.',
  fields: (t) => ({
    totalCount: t.int({
      description: 'How many there are on all pages.',
      resolve: (connection) => (connection as unknown as { total: () => Promise<number> }).total(),
    }),
  }),
});

const ListingsFilter = builder.inputType('ListingsFilter', {
  description: 'Which listings of the directory.',
  fields: (t) => ({
    kind: t.field({ type: ListingKindType, description: 'Only offers, or only wants.' }),
    categoryId: t.id({ description: 'Only those in this category or below it.' }),
    memberId: t.id({ description: 'Only those of this member.' }),
  }),
});

builder.queryField('listing', (t) =>
  t.prismaField({
    type: ListingType,
    nullable: true,
    description: 'One listing, if it is there for the viewer: published, their own, or by their role.',
    args: { id: t.arg.id({ required: true, description: 'The id of the listing.' }) },
    authScopes: (_root, _args, { member }) => member !== null,
    resolve: (query, _root, { id }, { member }) =>
      prisma.listing.findFirst({
        ...query,
        where: { communityId: member!.communityId, id: localId('Listing', id), AND: [visibleTo(member)] },
      }),
  }),
);

type Filter = { kind?: ListingKind | null; memberId?: string | null; categoryId?: string | null } | null | undefined;
const published = ({ communityId }: Member, filter: Filter) => ({
  communityId,
  state: 'PUBLISHED' as const,
  ...(filter?.kind && { kind: filter.kind }),
  ...(filter?.memberId && { memberId: localId('Member', filter.memberId) }),
});
const directPage: DirectPage<{ filter?: Filter }> = {
  model: 'Listing',
  column: 'publishedAt',
  equal: ({ filter }, { member }) =>
    member?.state === 'ACTIVE' && !filter?.categoryId ? published(member, filter) : undefined,
};

builder.queryField('listings', (t) =>
  t.connection(
    {
      type: ListingType,
      authScopes: { member: true },
      description: 'The directory: published listings, newest first.',
      args: { filter: t.arg({ type: ListingsFilter, description: 'All of them when left out.' }) },
      extensions: { directPage },
      resolve: async (_root, { filter, ...args }, context, info) => {
        const member = context.member!;
        const where: Sql.ListingWhereInput = {
          ...published(member, filter),
          ...(filter?.categoryId &&
            (await inSubtree(prisma, member.communityId, localId('Category', filter.categoryId)))),
        };
        return listingPage('publishedAt', { where, args, context, info });
      },
    },
    ListingConnection,
  ),
);

builder.queryField('myListings', (t) =>
  t.connection(
    {
      type: ListingType,
      description: "The viewer's own listings in this community, also drafts and closed ones, newest first.",
      args: {
        states: t.arg({
          type: [ListingStateType],
          description: 'In one of these states.',
          validate: z.array(z.string()).max(10),
        }),
        kind: t.arg({ type: ListingKindType, description: 'Only offers, or only wants.' }),
      },
      authScopes: (_root, _args, { member }) => member !== null,
      resolve: (_root, { states, kind, ...args }, context, info) => {
        const { communityId, memberId } = context.member!;
        const where: Sql.ListingWhereInput = {
          communityId,
          memberId,
          ...(states && { state: { in: [...new Set(states)] } }),
          ...(kind && { kind }),
        };
        return listingPage('createdAt', { where, args, context, info });
      },
    },
    ListingConnection,
  ),
);

type PageArguments = { first?: number | null; last?: number | null; after?: string | null; before?: string | null };
async function listingPage(
  column: 'publishedAt' | 'createdAt',
  {
    where,
    args,
    context,
    info,
  }: { where: Sql.ListingWhereInput; args: PageArguments; context: Context; info: GraphQLResolveInfo },
) {
  const query = queryFromInfo({ context, info, path: ['edges', 'node'] });
  const connection = await resolveCursorConnection(
    { args, defaultSize: PAGE_STANDARD, maxSize: PAGE_MOST, toCursor: cursorOf(column) },
    (asked: ResolveCursorConnectionArgs) => {
      const { conditions, orderBy, take } = page(column, asked);
      return prisma.listing.findMany({ ...query, where: { ...where, AND: conditions }, orderBy, take });
    },
  );
  return { ...connection, total: () => prisma.listing.count({ where }) };
}
