import { NO_COMMUNITY } from '@kith/db';
import { z } from 'zod';
import { builder, localId } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { paragraphs, reason } from '../communities/text.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { AlreadyReplied, AlreadyReviewed, NotImpartial, ReviewsClosed, WrongTradeState } from './refusals.ts';
import { hideReviewText, replyToReview, reviewTrade } from './reviews.ts';
import { ACTING_FOR, memberById, TradeSideType, TradeType } from './trades.graphql.ts';
import { mayModerateReviews, reviewsSeenBy, tradesSeenBy } from './visibility.ts';

/** A hidden text is for its author and the moderators; a reply also for who wrote it. */
const readsText = (
  { hiddenAt, authorId, subjectId }: { hiddenAt: Date | null; authorId: string; subjectId: string },
  { member }: Context,
) =>
  hiddenAt === null ||
  (member !== null && [authorId, subjectId].includes(member.memberId)) ||
  mayModerateReviews(member);

const stars = (about: string) => `1 to 5 stars for ${about}.`;
export const ReviewType = builder.prismaNode('Review', {
  description:
    'What one side of a trade says of the other. Sealed until both have written or the days of the policy reviewDays have passed: until then its author alone sees it.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => {
    const { communityId, ...seen } = reviewsSeenBy(member);
    return { communityId_id: { communityId: (communityId as string) ?? NO_COMMUNITY, id }, ...seen };
  },
  authScopes: { member: true },
  fields: (t) => ({
    trade: t.prismaField({
      type: TradeType,
      nullable: true,
      description: 'The trade, for its two members and who looks after trades.',
      select: { tradeId: true },
      resolve: (query, { tradeId: id }, _args, { member }) =>
        prisma.trade.findFirst({ ...query, where: { ...tradesSeenBy(member), id } }),
    }),
    side: t.expose('side', { type: TradeSideType, description: 'The side that wrote it.' }),
    author: t.prismaField({
      type: MemberType,
      description: 'Who wrote it.',
      select: { communityId: true, authorId: true },
      resolve: (query, { communityId, authorId }) => memberById(query, communityId, authorId),
    }),
    subject: t.prismaField({
      type: MemberType,
      description: 'Of whom.',
      select: { communityId: true, subjectId: true },
      resolve: (query, { communityId, subjectId }) => memberById(query, communityId, subjectId),
    }),
    rating: t.exposeInt('rating', { description: '+1, 0 or −1.' }),
    quality: t.exposeInt('quality', { description: stars('quality') }),
    communication: t.exposeInt('communication', { description: stars('communication') }),
    punctuality: t.exposeInt('punctuality', { description: stars('punctuality') }),
    comment: t.string({
      nullable: true,
      description: 'In words; may be empty. Null where a moderator hid it, for others than the two and the moderators.',
      select: { comment: true, hiddenAt: true, authorId: true, subjectId: true },
      resolve: (review, _args, context) => (readsText(review, context) ? review.comment : null),
    }),
    reply: t.string({
      nullable: true,
      description: 'What the reviewed member answered; hidden with the comment.',
      select: { reply: true, hiddenAt: true, authorId: true, subjectId: true },
      resolve: (review, _args, context) => (readsText(review, context) ? review.reply : null),
    }),
    isTextHidden: t.boolean({
      description: 'A moderator hid the text; the rating stays.',
      select: { hiddenAt: true },
      resolve: ({ hiddenAt }) => hiddenAt !== null,
    }),
    hiddenReason: t.string({
      nullable: true,
      description: 'Why it was hidden; for its author and moderators.',
      select: { hiddenReason: true, authorId: true },
      resolve: ({ hiddenReason, authorId }, _args, { member }) =>
        authorId === member?.memberId || mayModerateReviews(member) ? hiddenReason : null,
    }),
    isSealed: t.boolean({
      description: 'Only its author sees it yet.',
      select: { unsealedAt: true },
      resolve: ({ unsealedAt }) => unsealedAt === null,
    }),
    unsealedAt: t.expose('unsealedAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When it could be read by others.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
  }),
});

builder.prismaObjectField(TradeType, 'reviews', (t) =>
  t.prismaField({
    type: [ReviewType],
    description: 'What the two say of each other, as far as the viewer may read it; at most one of each side.',
    select: { id: true },
    resolve: (query, { id }, _args, { member }) =>
      prisma.review.findMany({
        ...query,
        where: { ...reviewsSeenBy(member), tradeId: id },
        orderBy: { side: 'asc' },
        take: 2,
      }),
  }),
);

builder.queryField('memberReviews', (t) =>
  t.withAuth({ member: true }).prismaConnection({
    type: ReviewType,
    cursor: 'communityId_id',
    description: 'What was said of a member after trades, newest first; nothing sealed or undone.',
    args: {
      memberId: t.arg.id({ required: true, description: 'The member who was reviewed.' }),
      side: t.arg({ type: TradeSideType, description: 'Only reviews written by this side.' }),
    },
    totalCount: (_root, { memberId, side }, { member }) =>
      prisma.review.count({ where: reviewsOf(member.communityId, memberId, side) }),
    resolve: (query, _root, { memberId, side }, { member }) =>
      prisma.review.findMany({
        ...query,
        where: reviewsOf(member.communityId, memberId, side),
        orderBy: [{ unsealedAt: 'desc' }, { id: 'desc' }],
      }),
  }),
);
const reviewsOf = (communityId: string, memberId: string, side: 'BUYER' | 'PROVIDER' | null | undefined) => ({
  ...{ communityId, subjectId: localId('Member', memberId), unsealedAt: { not: null }, voidedAt: null },
  ...(side && { side }),
});

const star = z.number().int().min(1, 'Give 1 to 5 stars.').max(5, 'Give 1 to 5 stars.');
export const ReviewContentInput = builder.inputType('ReviewContentInput', {
  description: 'What a side says of the other.',
  fields: (t) => ({
    rating: t.int({
      ...{ required: true, description: '+1, 0 or −1.' },
      validate: z.number().int().min(-1, 'Give +1, 0 or −1.').max(1, 'Give +1, 0 or −1.'),
    }),
    quality: t.int({ required: true, description: stars('quality'), validate: star }),
    communication: t.int({ required: true, description: stars('communication'), validate: star }),
    punctuality: t.int({ required: true, description: stars('punctuality'), validate: star }),
    comment: t.string({ description: 'In words; at most 2,000 characters.', validate: paragraphs(2000).nullish() }),
  }),
});

const reviewById = (query: object, communityId: string, id: string) =>
  prisma.review.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

const ReviewInput = builder.inputType('ReviewTradeInput', {
  description: 'A review of a trade that is over.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    review: t.field({ type: ReviewContentInput, required: true, description: 'What to say of the other side.' }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('reviewTrade', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: ReviewType,
    description:
      'A side reviews the other, once, within the days of the policy reviewDays. It is not changed afterwards.',
    errors: { types: [WrongTradeState, AlreadyReviewed, ReviewsClosed, ActingNotAllowed] },
    args: { input: t.arg({ type: ReviewInput, required: true, description: 'Which trade, and how it was.' }) },
    resolve: async (query, _root, { input: { tradeId, review, memberId } }, { member }) => {
      const id = await reviewTrade(member, {
        tradeId: localId('Trade', tradeId),
        review: { ...review, comment: review.comment ?? '' },
        memberId: idIn('Member', memberId),
      });
      return reviewById(query, member.communityId, id);
    },
  }),
);

const ReplyInput = builder.inputType('ReplyToReviewInput', {
  description: 'An answer to a review.',
  fields: (t) => ({
    reviewId: t.id({ required: true, description: 'The review of the viewer.' }),
    reply: t.string({ required: true, description: 'At most 1,000 characters.', validate: paragraphs(1000, 1) }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('replyToReview', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: ReviewType,
    description: 'The member who was reviewed answers, once.',
    errors: { types: [AlreadyReplied, ActingNotAllowed] },
    args: { input: t.arg({ type: ReplyInput, required: true, description: 'Which review, and what to answer.' }) },
    resolve: async (query, _root, { input: { reviewId, reply, memberId } }, { member }) => {
      const id = localId('Review', reviewId);
      await replyToReview(member, { reviewId: id, reply, memberId: idIn('Member', memberId) });
      return reviewById(query, member.communityId, id);
    },
  }),
);

const HideInput = builder.inputType('HideReviewTextInput', {
  description: 'A review whose words break the rules.',
  fields: (t) => ({
    reviewId: t.id({ required: true, description: 'The review.' }),
    reason: t.string({
      required: true,
      description: 'Told to the author and kept in the audit log.',
      validate: reason,
    }),
  }),
});
builder.mutationField('hideReviewText', (t) =>
  t.withAuth({ capability: 'reviewsModerate' }).prismaField({
    type: ReviewType,
    description: 'Hides the words of a review and of its reply, never the rating.',
    errors: { types: [NotImpartial] },
    args: { input: t.arg({ type: HideInput, required: true, description: 'Which review, and why.' }) },
    resolve: async (query, _root, { input: { reviewId, reason } }, { member }) => {
      const id = localId('Review', reviewId);
      await hideReviewText(member, { reviewId: id, reason });
      return reviewById(query, member.communityId, id);
    },
  }),
);
