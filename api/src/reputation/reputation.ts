import { clock } from '../clock.ts';
import { inCommunity, outsideCommunities, prisma, type Tx } from '../db.ts';
import { publish } from '../events.ts';
import { enqueue } from '../jobs.ts';
import { HISTORY_DAYS, pointsOf, scoreOf, type GivenReview, type Point, type Score } from './score.ts';

export interface StoredReputation extends Score {
  tradesCompleted: number;
  computedAt: Date;
}
interface Of {
  communityId: string;
  memberId: string;
}
const DAY_MS = 86_400_000;
const REVIEWS_MOST = 20_000;

/** Computes a member's reputation from history, stores it, and says so where the level is another. Said twice at once, the later one sees what the earlier one saw, and more. */
export async function computeReputation(tx: Tx, { communityId, memberId }: Of): Promise<void> {
  const at = clock.now();
  await tx.reputation.createMany({ data: [{ communityId, memberId, computedAt: at }], skipDuplicates: true });
  // Held before history is read, so that of two the last to write is the last to read.
  const where = { communityId_memberId: { communityId, memberId } };
  const before = await tx.reputation.update({ where, data: { level: { increment: 0 } } });
  const after = await reputationAt(tx, { communityId, memberId }, at);
  await tx.reputation.update({ where, data: after });
  // Age alone moves a score a little every day, which nobody is told.
  const facts = ['level', 'reviews', 'tradesCompleted'] as const;
  if (facts.some((fact) => after[fact] !== before[fact])) await publish(tx, 'reputation.changed', {}, { memberId });
  // Searches ask for the level: whoever keeps an index follows.
  if (after.level !== before.level)
    await enqueue(
      tx,
      'reputation.levelChanged',
      { communityId, memberId },
      { key: `reputation.levelChanged:${communityId}:${memberId}` },
    );
}

/** What history says of a member at a moment: the same whenever it is asked, while no review or trade is added or undone. */
export async function reputationAt(tx: Tx, { communityId, memberId }: Of, at: Date): Promise<StoredReputation> {
  const reviews = await openReviews(tx, { communityId, memberId }, at);
  const tradesCompleted = await tx.trade.count({
    where: {
      ...{ communityId, completedAt: { lte: at }, undoneAt: null },
      OR: [{ buyerId: memberId }, { providerId: memberId }],
    },
  });
  return { ...scoreOf(pointsOf(reviews, at), reviews.length), tradesCompleted, computedAt: at };
}

const openReviews = (tx: Tx, { communityId, memberId }: Of, at: Date): Promise<GivenReview[]> =>
  tx.review.findMany({
    where: {
      ...{ communityId, subjectId: memberId, voidedAt: null, unsealedAt: { lte: at } },
      createdAt: { gte: new Date(at.getTime() - HISTORY_DAYS * DAY_MS) },
    },
    select: { authorId: true, rating: true, quality: true, communication: true, punctuality: true, createdAt: true },
    orderBy: { createdAt: 'desc' },
    take: REVIEWS_MOST,
  });

/** The points a member's score is made of, those that count most first. */
export async function pointsOfMember({ communityId, memberId }: Of, take: number): Promise<Point[]> {
  const points = await inCommunity(communityId, async (tx) => {
    const stored = await tx.reputation.findUnique({ where: { communityId_memberId: { communityId, memberId } } });
    return stored
      ? pointsOf(await openReviews(tx, { communityId, memberId }, stored.computedAt), stored.computedAt)
      : [];
  });
  return points.sort((one, other) => other.weightMilli - one.weightMilli).slice(0, take);
}

const AGED_AT_ONCE = 500;
const ROUNDS_MOST = 40;
/** Computes anew what was computed more than a day ago, because points age. Answers how many. */
export async function ageReputations(): Promise<number> {
  const before = new Date(clock.now().getTime() - DAY_MS);
  for (let round = 1, total = 0; ; round++) {
    const stale = await outsideCommunities(
      (tx) => tx.$queryRaw<Of[]>`
        select community_id as "communityId", member_id as "memberId" from kith.reputations_stale(${before}::timestamptz, ${AGED_AT_ONCE}::integer)`,
    );
    for (const of of stale) await inCommunity(of.communityId, (tx) => computeReputation(tx, of));
    total += stale.length;
    if (stale.length < AGED_AT_ONCE || round === ROUNDS_MOST) return total;
  }
}

/** The stored reputations of several members; those of whom nothing is known are missing. */
export const reputationsOf = (communityId: string, memberIds: readonly string[]) =>
  prisma.reputation.findMany({ where: { communityId, memberId: { in: [...memberIds] } }, take: memberIds.length });

/** Of whom nothing is known yet. */
export const unknown: Omit<StoredReputation, 'computedAt'> = {
  ...{ scoreMilli: 0, weightMilli: 0, level: 0, starsMilli: null, reviews: 0, tradesCompleted: 0 },
  ...{ positiveRecent: 0, neutralRecent: 0, negativeRecent: 0 },
};
