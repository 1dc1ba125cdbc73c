import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import { withCommunity, type Sql } from '@kith/db';
import { PAGE_MOST, PAGE_STANDARD, builder, globalId } from '../builder.ts';
import { visibleCommunities } from '../communities/communities.ts';
import { policiesOf } from '../communities/policies.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import { notFound } from '../errors.ts';
import { MoneyType } from '../money.ts';
import { ListingKindType, PaymentTermsType, PlaceType, globalMoney, localMoney, placeOf } from './listings.graphql.ts';
import { cursorOf, page } from '../pages.ts';

/** What an outsider may know of a listing. */
export const publicSelect = {
  id: true,
  kind: true,
  title: true,
  description: true,
  tags: true,
  photoUrls: true,
  terms: true,
  price: true,
  priceTo: true,
  globalPrice: true,
  globalCurrency: true,
  unit: true,
  latitude: true,
  longitude: true,
  radiusKm: true,
  remote: true,
  language: true,
  publishedAt: true,
  category: { select: { name: true } },
  community: { select: { currencyCode: true, currencyScale: true } },
} satisfies Sql.ListingSelect;
export type PublicRow = Sql.ListingGetPayload<{ select: typeof publicSelect }>;

export const PublicListing = builder.objectRef<PublicRow>('PublicListing').implement({
  description: 'A listing as outsiders see it where the community shows its directory: without the member.',
  fields: (t) => ({
    id: t.id({ description: 'The id it has for members.', resolve: ({ id }) => globalId('Listing', id) }),
    kind: t.expose('kind', { type: ListingKindType, description: 'Offer or want.' }),
    title: t.exposeString('title', { description: 'One line.' }),
    description: t.exposeString('description', { description: 'Text of several lines; may be empty.' }),
    categoryName: t.string({
      nullable: true,
      description: 'The name of the main category.',
      resolve: ({ category }) => category?.name ?? null,
    }),
    tags: t.exposeStringList('tags', { description: 'In small letters.' }),
    photoUrls: t.exposeStringList('photoUrls', { description: 'Addresses of pictures, https only.' }),
    terms: t.expose('terms', { type: PaymentTermsType, description: 'How it is paid.' }),
    price: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The local price, or the lower end of what is suggested.',
      resolve: ({ price, community }) => localMoney(price, community),
    }),
    priceTo: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The upper end of what is suggested.',
      resolve: ({ priceTo, community }) => localMoney(priceTo, community),
    }),
    globalPrice: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The part in a global currency.',
      resolve: ({ globalPrice, globalCurrency }) => globalMoney(globalPrice, globalCurrency),
    }),
    unit: t.exposeString('unit', { description: 'What the price is for; may be empty.' }),
    place: t.field({
      type: PlaceType,
      nullable: true,
      description: 'Where it is, rounded to about a kilometre.',
      resolve: (listing) => placeOf(listing, false),
    }),
    remote: t.exposeBoolean('remote', { description: 'It can be done from anywhere.' }),
    language: t.exposeString('language', { description: 'Primary language tag of BCP 47.' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', nullable: true, description: 'When it was published.' }),
  }),
});

builder.queryField('publicListings', (t) =>
  t.connection({
    type: PublicListing,
    description: 'Published listings of a community that shows them to outsiders, newest first. Needs no sign-in.',
    args: {
      community: t.arg.string({ required: true, description: 'The slug of the community.' }),
      kind: t.arg({ type: ListingKindType, description: 'Only offers, or only wants.' }),
    },
    resolve: async (_root, { community: slug, kind, ...args }, context) => {
      const { id: communityId } = await publicDirectory(slug, context);
      return resolveCursorConnection(
        { args, defaultSize: PAGE_STANDARD, maxSize: PAGE_MOST, toCursor: cursorOf('publishedAt') },
        (asked: ResolveCursorConnectionArgs) => {
          const { conditions, orderBy, take } = page('publishedAt', asked);
          const where = { communityId, state: 'PUBLISHED' as const, ...(kind && { kind }), AND: conditions };
          return withCommunity(communityId, () =>
            prisma.listing.findMany({ select: publicSelect, where, orderBy, take }),
          );
        },
      );
    },
  }),
);

/** The community whose directory outsiders may see. One that shows nothing and one that is not there answer alike. */
export async function publicDirectory(slug: string, context: Context) {
  const community = await prisma.community.findFirst({
    where: { AND: [{ slug, state: 'ACTIVE' }, visibleCommunities(context)] },
  });
  if (!community || !policiesOf(community).publicListings) throw notFound('public directory');
  return community;
}
