import type { InputFieldBuilder } from '@pothos/core';
import { builder, localId } from '../builder.ts';
import { latitude, longitude } from '../communities/text.ts';
import { rules, type Content } from './content.ts';
import { DayPartType, ListingKindType, PaymentTermsType } from './listings.graphql.ts';

const ListingPaymentInput = builder.inputType('ListingPaymentInput', {
  description:
    'FIXED needs price. AFTER may suggest price, and priceTo. SPLIT needs price, globalPrice and globalCurrency. COST_PLUS needs globalCurrency and may state globalPrice (materials) and price (work).',
  fields: (t) => ({
    terms: t.field({ type: PaymentTermsType, required: true, description: 'How it is paid.' }),
    price: t.field({ type: 'Decimal', description: "In units of the community's currency." }),
    priceTo: t.field({ type: 'Decimal', description: 'The upper end of a suggested range, not below price.' }),
    globalPrice: t.field({ type: 'Decimal', description: 'In units of globalCurrency.' }),
    globalCurrency: t.string({
      description: 'ISO 4217, such as EUR.',
      validate: rules.globalCurrency,
    }),
  }),
});

const ListingPlaceInput = builder.inputType('ListingPlaceInput', {
  description: 'Where a listing is; degrees of WGS 84.',
  fields: (t) => ({
    latitude: t.float({ required: true, description: 'Degrees north.', validate: latitude }),
    longitude: t.float({ required: true, description: 'Degrees east.', validate: longitude }),
    radiusKm: t.float({ description: 'How far the member goes from there, in km.', validate: rules.radiusKm }),
  }),
});

/** What a new listing and a change have in common. */
const content = (t: InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>) => ({
  description: t.string({ description: 'At most 10,000 characters.', validate: rules.description }),
  categoryId: t.id({ description: 'The main category.' }),
  furtherCategoryIds: t.idList({ description: 'At most 10 more categories.', validate: rules.furtherCategoryIds }),
  tags: t.stringList({ description: 'At most 20 of 40 characters; kept in small letters.', validate: rules.tags }),
  photoUrls: t.stringList({ description: 'At most 8 addresses, https only.', validate: rules.photoUrls }),
  payment: t.field({ type: ListingPaymentInput, description: 'Replaced as a whole. AFTER when nothing is said.' }),
  unit: t.string({ description: 'What the price is for, such as "hour".', validate: rules.unit }),
  quantity: t.int({ description: 'How many units there are; null: as many as asked for.', validate: rules.quantity }),
  place: t.field({ type: ListingPlaceInput, description: 'Where it is; replaced as a whole.' }),
  remote: t.boolean({ description: 'It can be done from anywhere.' }),
  availability: t.field({ type: [DayPartType], description: 'When in a week.', validate: rules.availability }),
  availabilityNote: t.string({ description: 'The same in words.', validate: rules.availabilityNote }),
  language: t.string({
    description: 'Primary language tag of BCP 47, such as "de"; the community\'s language when left out.',
    validate: rules.language,
  }),
});

export const CreateListingInput = builder.inputType('CreateListingInput', {
  description: 'A new listing.',
  fields: (t) => ({
    id: t.id({ description: 'A UUID made by the client, so that a request can be sent again without harm.' }),
    memberId: t.id({ description: 'For whom, when a broker or operator writes for another member.' }),
    kind: t.field({ type: ListingKindType, required: true, description: 'Offer or want.' }),
    title: t.string({ required: true, description: 'One line of 3 to 120 characters.', validate: rules.title }),
    ...content(t),
  }),
});

export const UpdateListingInput = builder.inputType('UpdateListingInput', {
  description: 'A change of a listing. What is left out stays; null clears.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the listing.' }),
    version: t.int({ required: true, description: 'The version the client has seen.' }),
    title: t.string({ description: 'One line of 3 to 120 characters; null leaves it.', validate: rules.title }),
    ...content(t),
  }),
});

/** The content of an input, with local ids. */
export function contentOf({
  categoryId,
  furtherCategoryIds,
  ...input
}: Omit<Content, 'title'> & { categoryId?: string | null; furtherCategoryIds?: string[] | null }): Content {
  const local = (id: string) => localId('Category', id);
  return {
    ...input,
    ...(categoryId !== undefined && { categoryId: categoryId === null ? null : local(categoryId) }),
    ...(furtherCategoryIds !== undefined && { furtherCategoryIds: furtherCategoryIds?.map(local) ?? null }),
  };
}
