import { ListingKind, ListingState, NO_COMMUNITY, type PaymentTerms } from '@kith/db';
import { builder } from '../builder.ts';
import { CategoryType } from '../communities/categories.graphql.ts';
import { MoneyType, type Money } from '../money.ts';
import { DAY_PARTS, type DayPart } from './content.ts';
import { globalScale } from './globalCurrency.ts';
import { surroundingsFor } from './surroundings.ts';
import { mayModerate, roundedDegrees, seesExactPlace, visibleTo } from './visibility.ts';

export const ListingKindType = builder.enumType(ListingKind, {
  name: 'ListingKind',
  description: 'Whether a member gives or looks for something.',
});
export const ListingStateType = builder.enumType(ListingState, {
  name: 'ListingState',
  description: 'Where a listing stands in its life. Only what is PUBLISHED is in the directory.',
});
export const PaymentTermsType = builder.enumType('PaymentTerms', {
  description: 'How a listing is paid.',
  values: {
    FIXED: { description: 'A fixed local price.' },
    AFTER: { description: 'The payer sets the amount when satisfied; a range may be suggested.' },
    SPLIT: { description: 'A local part and a part in a global currency.' },
    COST_PLUS: { description: 'Materials in a global currency, work in the local one.' },
  } satisfies Record<PaymentTerms, object>,
});
export const DayPartType = builder.enumType('DayPart', {
  description: 'One of the 21 parts of a week.',
  values: DAY_PARTS,
});

export interface Place {
  latitude: number;
  longitude: number;
  radiusKm: number | null;
  exact: boolean;
}
export const PlaceType = builder.objectRef<Place>('ListingPlace').implement({
  description: 'Where a listing is; degrees of WGS 84.',
  fields: (t) => ({
    latitude: t.exposeFloat('latitude', { description: 'Degrees north.' }),
    longitude: t.exposeFloat('longitude', { description: 'Degrees east.' }),
    radiusKm: t.exposeFloat('radiusKm', { nullable: true, description: 'How far the member goes from there, in km.' }),
    exact: t.exposeBoolean('exact', {
      description: 'False when rounded to about a kilometre, as everybody but the author sees it.',
    }),
  }),
});

/** The point of a listing, rounded unless the exact one may be seen. */
export const placeOf = (
  { latitude, longitude, radiusKm }: { latitude: number | null; longitude: number | null; radiusKm: number | null },
  exact: boolean,
): Place | null => {
  if (latitude === null || longitude === null) return null;
  const shown = exact ? (degrees: number) => degrees : roundedDegrees;
  return { latitude: shown(latitude), longitude: shown(longitude), radiusKm, exact };
};

/** A local amount of a listing. */
export const localMoney = (
  minor: bigint | null,
  { currencyCode, currencyScale }: { currencyCode: string; currencyScale: number },
): Money | null => (minor === null ? null : { minor, currencyCode, scale: currencyScale });
/** A global amount of a listing. */
export const globalMoney = (minor: bigint | null, currency: string | null): Money | null =>
  minor === null || currency === null ? null : { minor, currencyCode: currency, scale: globalScale(currency) };

export const ListingType = builder.prismaNode('Listing', {
  description: 'An offer or a want of a member.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    AND: [visibleTo(member)],
  }),
  fields: (t) => ({
    kind: t.expose('kind', { type: ListingKindType, description: 'Offer or want.' }),
    state: t.expose('state', { type: ListingStateType, description: 'Where it stands in its life.' }),
    member: t.relation('member', { description: 'Whose it is.' }),
    title: t.exposeString('title', { description: 'One line.' }),
    description: t.exposeString('description', { description: 'Text of several lines; may be empty.' }),
    category: t.relation('category', { nullable: true, description: 'The main category.' }),
    categories: t.field({
      type: [CategoryType],
      description: 'Every category it stands in, the main one first.',
      select: (_args, _context, nested) => ({
        categoryId: true,
        categories: { select: { categoryId: true, category: nested(true) }, orderBy: { categoryId: 'asc' }, take: 20 },
      }),
      resolve: ({ categoryId, categories }) => [
        ...categories.filter((standing) => standing.categoryId === categoryId).map(({ category }) => category),
        ...categories.filter((standing) => standing.categoryId !== categoryId).map(({ category }) => category),
      ],
    }),
    tags: t.exposeStringList('tags', { description: 'In small letters.' }),
    photoUrls: t.exposeStringList('photoUrls', { description: 'Addresses of pictures, https only.' }),
    terms: t.expose('terms', { type: PaymentTermsType, description: 'How it is paid.' }),
    price: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The local price; under AFTER the lower end of what is suggested, under COST_PLUS the work.',
      select: { price: true, communityId: true },
      resolve: async ({ price, communityId }, _args, context) =>
        localMoney(price, await surroundingsFor(context, communityId)),
    }),
    priceTo: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The upper end of what is suggested under AFTER.',
      select: { priceTo: true, communityId: true },
      resolve: async ({ priceTo, communityId }, _args, context) =>
        localMoney(priceTo, await surroundingsFor(context, communityId)),
    }),
    globalPrice: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The part in a global currency; under COST_PLUS the materials, when their cost is known.',
      select: { globalPrice: true, globalCurrency: true },
      resolve: ({ globalPrice, globalCurrency }) => globalMoney(globalPrice, globalCurrency),
    }),
    globalCurrency: t.exposeString('globalCurrency', {
      nullable: true,
      description: 'The currency of the global part (ISO 4217), also where its amount is still unknown.',
    }),
    unit: t.exposeString('unit', { description: 'What the price is for, such as "hour"; may be empty.' }),
    quantity: t.exposeInt('quantity', {
      nullable: true,
      description: 'How many units there are; null: as many as asked for.',
    }),
    place: t.field({
      type: PlaceType,
      nullable: true,
      description: 'Where it is; rounded to about a kilometre for everybody but the author and who writes for them.',
      select: { latitude: true, longitude: true, radiusKm: true, memberId: true },
      resolve: (listing, _args, { member }) => placeOf(listing, seesExactPlace(member, listing.memberId)),
    }),
    remote: t.exposeBoolean('remote', { description: 'It can be done from anywhere.' }),
    availability: t.field({
      type: [DayPartType],
      description: 'When in a week; empty: nothing is said.',
      select: { availability: true },
      resolve: ({ availability }) => availability as DayPart[],
    }),
    availabilityNote: t.exposeString('availabilityNote', { description: 'The same in words; may be empty.' }),
    language: t.exposeString('language', { description: 'Primary language tag of BCP 47, such as "de".' }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it came into the directory last; the directory is ordered by it.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it leaves the directory unless it is renewed.',
    }),
    hiddenReason: t.field({
      type: 'String',
      nullable: true,
      description: 'Why a moderator hid it; for its author and moderators.',
      select: { hiddenReason: true, memberId: true },
      resolve: ({ hiddenReason, memberId }, _args, { member }) =>
        member?.memberId === memberId || mayModerate(member) ? hiddenReason : null,
    }),
    version: t.exposeInt('version', { description: 'Counts changes of the content; give it back when you update.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the draft was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When content or state changed last.' }),
  }),
});
