import { builder, localId } from '../builder.ts';
import { localeOf } from '../communities/members.ts';
import { prisma } from '../db.ts';
import { ListingType } from '../listings/listings.graphql.ts';
import { explainMatch, explainMatches, type Explanation, type PartExplained } from './explain.ts';
import { inWords } from './reasons.ts';
import { categoryNames } from './suggestions.graphql.ts';

const MatchPart = builder.enumType('MatchPart', {
  description:
    'What a score is made of. The first five say whether it is the same thing, the others whether the two can do it together.',
  values: {
    TEXT: { value: 'text', description: 'Words in common.' },
    MEANING: { value: 'meaning', description: 'Meaning the same, whatever the words and the language.' },
    TOPIC: { value: 'topic', description: 'Being of one category, by their texts.' },
    CATEGORY: { value: 'category', description: 'Categories their authors ticked.' },
    TAGS: { value: 'tags', description: 'Tags in common.' },
    PRICE: { value: 'price', description: 'The price fits.' },
    DISTANCE: { value: 'distance', description: 'Within reach.' },
    AVAILABILITY: { value: 'availability', description: 'Free at the same time.' },
    LANGUAGE: { value: 'language', description: 'Written in one language.' },
    REPUTATION: { value: 'reputation', description: 'The provider’s reputation.' },
    DEALINGS: { value: 'dealings', description: 'What the two thought of the trades they had.' },
  } as const,
});

const Part = builder.objectRef<PartExplained>('MatchPartExplained').implement({
  description: 'One part of a score.',
  fields: (t) => ({
    part: t.field({ type: MatchPart, description: 'Which.', resolve: ({ name }) => name }),
    value: t.float({
      nullable: true,
      description: '0 to 1; null where a listing says nothing about it.',
      resolve: ({ value }) => value,
    }),
    weight: t.exposeFloat('weight', { description: 'How much it counts in this community, 0 to 1.' }),
    contribution: t.exposeFloat('contribution', {
      description:
        'What the score would lack without it; below zero where it takes away. Parts work together, so that these do not add up to the score.',
    }),
  }),
});

const Explained = builder.objectRef<Explanation>('MatchExplanation').implement({
  description: 'How a want and an offer fit, as matching scores them now.',
  fields: (t) => ({
    want: t.prismaField({
      type: ListingType,
      description: 'The want.',
      resolve: (query, { communityId, wantId }) =>
        prisma.listing.findFirstOrThrow({ ...query, where: { communityId, id: wantId } }),
    }),
    offer: t.prismaField({
      type: ListingType,
      description: 'The offer.',
      resolve: (query, { communityId, offerId }) =>
        prisma.listing.findFirstOrThrow({ ...query, where: { communityId, id: offerId } }),
    }),
    score: t.exposeFloat('score', {
      description: 'How well they fit, 0 to 1. A pair that cannot meet, or cannot afford it, has 0.',
    }),
    least: t.exposeFloat('least', { description: 'From this score on a pair is suggested.' }),
    passes: t.exposeBoolean('passes', { description: 'Whether it is reached.' }),
    parts: t.field({ type: [Part], description: 'Every part.', resolve: ({ parts }) => parts }),
    reasons: t.stringList({
      description: 'What the two members would read, the strongest first, in the language of the viewer’s membership.',
      resolve: async ({ communityId, reasons }, _args, context) => {
        const [names, locale] = await Promise.all([categoryNames(communityId, reasons), localeOf(context)]);
        return reasons.map((reason) => inWords(reason, locale, (id) => names.get(id)));
      },
    }),
  }),
});

builder.queryField('explainMatch', (t) =>
  t.withAuth({ capability: 'matchingExplain' }).field({
    type: Explained,
    description: 'Why a published want and a published offer of two members are suggested to each other, or why not.',
    args: {
      wantId: t.arg.id({ required: true, description: 'The want.' }),
      offerId: t.arg.id({ required: true, description: 'The offer.' }),
    },
    resolve: (_root, { wantId, offerId }, { member }) =>
      explainMatch(member, { wantId: localId('Listing', wantId), offerId: localId('Listing', offerId) }),
  }),
);

builder.queryField('explainMatches', (t) =>
  t.withAuth({ capability: 'matchingExplain' }).field({
    type: [Explained],
    description: 'The best counterparts of a published listing, at most 10, also those that do not reach the minimum.',
    args: { listingId: t.arg.id({ required: true, description: 'The want or the offer.' }) },
    resolve: (_root, { listingId }, { member }) => explainMatches(member, localId('Listing', listingId)),
  }),
);
