import { clock } from '../clock.ts';
import { policiesOf, type Policies } from '../communities/policies.ts';
import type { Tx } from '../db.ts';
import { newId } from '../ids.ts';
import type { KarmaCause } from '@kith/db';
import { weekOf } from './score.ts';

/** Somebody who was invited is active when they have completed trades with so many members, the inviter not counted. */
const ACTIVE_COUNTERPARTIES = 2;
const TRADES_MOST = 1000;
const WEEK_MS = 7 * 86_400_000;

interface Award {
  communityId: string;
  memberId: string;
  cause: KarmaCause;
  key: string;
  points: number;
}
/** Gives points once for each cause and key. */
const award = (tx: Tx, row: Award) =>
  tx.karmaAward.createMany({ data: [{ ...row, id: newId(), awardedAt: clock.now() }], skipDuplicates: true });

async function karmaPolicies(tx: Tx, communityId: string): Promise<Policies | undefined> {
  const { policies } = await tx.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { policies: true },
  });
  const rules = policiesOf({ policies });
  return rules.karma ? rules : undefined;
}

/**
 * Brings points for the reviews of a trade to what holds now. A review was written before its author could read the other one, which
 * is what makes it honest. It earns once for each member reviewed and week, not where a broker wrote it, and no more when it is voided.
 */
export async function settleReviewKarma(
  tx: Tx,
  { communityId, tradeId }: { communityId: string; tradeId: string },
): Promise<void> {
  const rules = await karmaPolicies(tx, communityId);
  if (!rules) return;
  const reviews = await tx.review.findMany({ where: { communityId, tradeId }, orderBy: { authorId: 'asc' }, take: 2 });
  for (const { authorId, subjectId, createdAt } of reviews) {
    const week = weekOf(createdAt);
    const begin = week * WEEK_MS - 3 * 86_400_000;
    const counted = await tx.review.count({
      where: {
        ...{ communityId, authorId, subjectId, actorId: null, voidedAt: null, unsealedAt: { not: null } },
        createdAt: { gte: new Date(begin), lt: new Date(begin + WEEK_MS) },
      },
    });
    const earned = { communityId, memberId: authorId, cause: 'HONEST_REVIEW' as const, key: `${subjectId}:${week}` };
    if (!counted) await tx.karmaAward.deleteMany({ where: earned });
    else if (rules.karmaForReview) await award(tx, { ...earned, points: rules.karmaForReview });
  }
}

/** Gives points to who invited the members of a trade, once these have become active: once for each of them. */
export async function awardInvitations(
  tx: Tx,
  { communityId, memberIds }: { communityId: string; memberIds: string[] },
): Promise<void> {
  const rules = await karmaPolicies(tx, communityId);
  if (!rules?.karmaForInvitation) return;
  const members = await tx.member.findMany({
    where: { communityId, id: { in: memberIds }, invitedBy: { not: null }, inviter: { state: 'ACTIVE' } },
    select: { id: true, invitedBy: true },
    take: memberIds.length,
  });
  for (const { id, invitedBy } of members) {
    const trades = await tx.trade.findMany({
      where: {
        ...{ communityId, completedAt: { not: null }, undoneAt: null },
        OR: [{ buyerId: id }, { providerId: id }],
      },
      select: { buyerId: true, providerId: true },
      take: TRADES_MOST,
    });
    const others = new Set(trades.map(({ buyerId, providerId }) => (buyerId === id ? providerId : buyerId)));
    others.delete(invitedBy!);
    const points = rules.karmaForInvitation;
    if (others.size >= ACTIVE_COUNTERPARTIES)
      await award(tx, { communityId, memberId: invitedBy!, cause: 'ACTIVE_INVITATION', key: id, points });
  }
}
