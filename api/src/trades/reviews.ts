import type { TradeSide } from '@kith/db';
import { audit } from '../communities/audit.ts';
import { recordActing, requireActingAllowed } from '../communities/brokers.ts';
import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { forbidden, notFound } from '../errors.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { surroundingsOf, type Surroundings } from './limits.ts';
import { tellOne } from './notices.ts';
import { AlreadyReplied, AlreadyReviewed, NotImpartial, ReviewsClosed } from './refusals.ts';
import { actingIn, holdTrade, memberOf, recordActingFor, requireAction, type Acting, type Trade } from './trade.ts';
import { otherSide } from './transitions.ts';

const DAY_MS = 86_400_000;

/** What a side says of the other: −1, 0 or +1, and 1 to 5 stars. */
export interface ReviewContent {
  rating: number;
  quality: number;
  communication: number;
  punctuality: number;
  comment: string;
}
interface Writing {
  acting: Acting;
  review: ReviewContent;
  surroundings: Surroundings;
}

/** Whether the side has written exactly this. */
export async function sameReview(tx: Tx, { communityId, id: tradeId }: Trade, side: TradeSide, review: ReviewContent) {
  const known = await tx.review.findUnique({ where: { communityId_tradeId_side: { communityId, tradeId, side } } });
  return known !== null && isSame(known, review);
}
const isSame = (known: ReviewContent, review: ReviewContent) =>
  Object.entries(review).every(([field, value]) => known[field as keyof ReviewContent] === value);

/** Writes the review of one side, sealed until the other has written too or its time is over. The trade is held. */
export async function writeReview(tx: Tx, trade: Trade, { acting, review, surroundings }: Writing): Promise<void> {
  const { communityId, id: tradeId, endedAt, undoneAt } = trade;
  const { side, memberId: authorId, actorId } = acting;
  const reviews = await tx.review.findMany({ where: { communityId, tradeId }, take: 2 });
  const own = reviews.find((known) => known.side === side);
  if (own) {
    if (isSame(own, review)) return;
    throw new AlreadyReviewed();
  }
  const now = clock.now();
  const until = new Date(endedAt!.getTime() + surroundings.policies.reviewDays * DAY_MS);
  // Whoever could read the other's review first would answer it, and not the trade.
  if (undoneAt || now >= until || reviews.some(({ unsealedAt }) => unsealedAt)) throw new ReviewsClosed();
  const subjectId = memberOf(trade, otherSide(side));
  await tx.review.create({
    data: { communityId, id: newId(), tradeId, side, authorId, subjectId, actorId, ...review, createdAt: now },
  });
  if (reviews.length) await unseal(tx, trade);
  else await enqueue(tx, 'review.unseal', { communityId, tradeId }, { runAt: until });
}

/** Opens what was written of a trade, once, and says so. */
async function unseal(tx: Tx, trade: Pick<Trade, 'communityId' | 'id' | 'title' | 'buyerId' | 'providerId'>) {
  const { communityId, id: tradeId, buyerId, providerId } = trade;
  const opened = await tx.review.updateManyAndReturn({
    where: { communityId, tradeId, unsealedAt: null, voidedAt: null },
    data: { unsealedAt: clock.now() },
    select: { id: true, subjectId: true },
  });
  if (!opened.length) return;
  for (const memberId of [buyerId, providerId]) await publish(tx, 'review.unsealed', { tradeId }, { memberId });
  for (const { id, subjectId } of opened)
    await tellOne(tx, trade, { memberId: subjectId, text: 'review.unsealed', key: id });
  await enqueue(tx, 'review.unsealed', { communityId, tradeId, memberIds: opened.map(({ subjectId }) => subjectId) });
}

defineJob<{ communityId: string; tradeId: string }>('review.unseal', async ({ communityId, tradeId }) => {
  await inCommunity(communityId, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const { policies } = await surroundingsOf(tx, communityId);
    const until = trade.endedAt!.getTime() + policies.reviewDays * DAY_MS;
    if (until <= clock.now().getTime()) await unseal(tx, trade);
    // The policy gives more days now, or a dispute has ended the trade anew.
    else await enqueue(tx, 'review.unseal', { communityId, tradeId }, { runAt: new Date(until) });
  });
});

export interface ReviewInput {
  tradeId: string;
  review: ReviewContent;
  memberId?: string | undefined;
}
/** A side reviews the other after the trade. Throws AlreadyReviewed, ReviewsClosed. Sent again it answers the same. */
export async function reviewTrade(viewer: Member, { tradeId, review, memberId }: ReviewInput): Promise<string> {
  return inCommunity(viewer, async (tx) => {
    const { communityId } = viewer;
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    requireAction(trade, 'REVIEW', acting.side);
    await writeReview(tx, trade, { acting, review, surroundings: await surroundingsOf(tx, communityId) });
    await recordActingFor(tx, viewer, { action: 'review', tradeId, acting });
    const key = { communityId_tradeId_side: { communityId, tradeId, side: acting.side } };
    return (await tx.review.findUniqueOrThrow({ where: key })).id;
  });
}

/** The member who was reviewed answers, once. */
export async function replyToReview(
  viewer: Member,
  { reviewId, reply, memberId }: { reviewId: string; reply: string; memberId?: string | undefined },
): Promise<void> {
  const { communityId } = viewer;
  await inCommunity(viewer, async (tx) => {
    const open = { communityId, id: reviewId, unsealedAt: { not: null }, voidedAt: null };
    const review = await tx.review.findFirst({ where: open });
    if (!review) throw notFound('review');
    if (memberId !== undefined && memberId !== viewer.memberId && !can(viewer.roles, 'tradesActFor'))
      throw forbidden('acting for another member');
    if (review.subjectId !== (memberId ?? viewer.memberId)) throw forbidden('answering a review of somebody else');
    if (memberId !== undefined && memberId !== viewer.memberId)
      await requireActingAllowed(tx, { communityId, memberId });
    const { count } = await tx.review.updateMany({
      where: { ...open, reply: null },
      data: { reply, repliedAt: clock.now() },
    });
    if (!count) {
      const { reply: known } = await tx.review.findFirstOrThrow({ where: open });
      if (known === reply) return;
      throw new AlreadyReplied();
    }
    const trade = await tx.trade.findUniqueOrThrow({ where: { communityId_id: { communityId, id: review.tradeId } } });
    if (memberId !== undefined && memberId !== viewer.memberId)
      await recordActing(tx, viewer, { action: 'review.reply', memberId, subject: { type: 'Review', id: reviewId } });
    await tellOne(tx, trade, { memberId: review.authorId, text: 'review.replied', key: reviewId });
  });
}

/** A moderator hides the text and the reply, never the rating; the author is told why. Said twice it changes nothing. */
export async function hideReviewText(
  viewer: Member,
  { reviewId, reason }: { reviewId: string; reason: string },
): Promise<void> {
  const { communityId } = viewer;
  await inCommunity(viewer, async (tx) => {
    const review = await tx.review.findFirst({ where: { communityId, id: reviewId, unsealedAt: { not: null } } });
    if (!review) throw notFound('review');
    if ([review.authorId, review.subjectId].includes(viewer.memberId)) throw new NotImpartial();
    const { count } = await tx.review.updateMany({
      where: { communityId, id: reviewId, hiddenAt: null },
      data: { hiddenAt: clock.now(), hiddenReason: reason },
    });
    if (!count) return;
    await audit(tx, viewer, { action: 'review.hideText', subjectType: 'Review', subjectId: reviewId, reason });
    const trade = await tx.trade.findUniqueOrThrow({ where: { communityId_id: { communityId, id: review.tradeId } } });
    await tellOne(tx, trade, { memberId: review.authorId, text: 'review.hidden', key: reviewId, body: reason });
  });
}
