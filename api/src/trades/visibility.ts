import { NO_COMMUNITY, type Sql } from '@kith/db';
import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';

const reads = (member: Member) => member.state === 'ACTIVE' && can(member.roles, 'tradesRead');
export const mayModerateReviews = (member: Member | null) =>
  member?.state === 'ACTIVE' && can(member.roles, 'reviewsModerate');

/** Trades a member may look at: those they are a side of, or all for those who look after them. */
export const tradesSeenBy = (member: Member | null): Sql.TradeWhereInput => {
  if (!member) return { communityId: NO_COMMUNITY };
  const { communityId, memberId } = member;
  return { communityId, ...(!reads(member) && { OR: [{ buyerId: memberId }, { providerId: memberId }] }) };
};

/** Disputes likewise. */
export const disputesSeenBy = (member: Member | null): Sql.DisputeWhereInput => ({
  communityId: member?.communityId ?? NO_COMMUNITY,
  trade: { is: tradesSeenBy(member) },
});

/** Reviews everybody may read: what is unsealed and counts. One's own before that too. */
export const reviewsSeenBy = (member: Member | null): Sql.ReviewWhereInput => ({
  communityId: member?.communityId ?? NO_COMMUNITY,
  OR: [{ unsealedAt: { not: null }, voidedAt: null }, ...(member ? [{ authorId: member.memberId }] : [])],
});
