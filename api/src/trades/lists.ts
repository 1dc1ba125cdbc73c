import type { DisputeState, Sql, TradeState } from '@kith/db';
import { nameContains } from '../communities/members.ts';
import { prisma } from '../db.ts';

interface Page<F> {
  skip: number;
  take: number;
  filter: F;
}
export interface TradeFilter {
  states?: TradeState[] | null | undefined;
  memberId?: string | undefined;
  memberName?: string | null | undefined;
  title?: string | null | undefined;
}
export type TradeSort = 'CREATED_DESC' | 'CREATED_ASC' | 'UPDATED_DESC' | 'PAID_DESC';
const orders: Record<TradeSort, Sql.TradeOrderByWithRelationInput> = {
  CREATED_DESC: { createdAt: 'desc' },
  CREATED_ASC: { createdAt: 'asc' },
  UPDATED_DESC: { updatedAt: 'desc' },
  PAID_DESC: { paid: { sort: 'desc', nulls: 'last' } },
};
const NAMED_MOST = 1000;

/** The ids of members with this in their name. */
async function named(communityId: string, text: string): Promise<string[]> {
  const where = { communityId, ...nameContains(text) };
  return (await prisma.member.findMany({ where, select: { id: true }, take: NAMED_MOST })).map(({ id }) => id);
}
const ofMembers = (ids: string[]): Sql.TradeWhereInput => ({
  OR: [{ buyerId: { in: ids } }, { providerId: { in: ids } }],
});
const like = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** A page of all trades for the console, and how many there are. */
export async function tradePage(
  communityId: string,
  { skip, take, sort, filter: { states, memberId, memberName, title } }: Page<TradeFilter> & { sort: TradeSort },
) {
  const where: Sql.TradeWhereInput = {
    communityId,
    ...(states?.length && { state: { in: states } }),
    ...(title && { title: { contains: like(title), mode: 'insensitive' } }),
    AND: [
      ...(memberId ? [ofMembers([memberId])] : []),
      ...(memberName ? [ofMembers(await named(communityId, memberName))] : []),
    ],
  };
  const [items, total] = await Promise.all([
    prisma.trade.findMany({ where, skip, take, orderBy: [orders[sort], { id: 'asc' }] }),
    prisma.trade.count({ where }),
  ]);
  return { items, total };
}

export interface DisputeFilter {
  states?: DisputeState[] | null | undefined;
  memberName?: string | null | undefined;
}
/** A page of disputes for the console, those that wait the longest first, and how many there are. */
export async function disputePage(
  communityId: string,
  { skip, take, filter: { states, memberName } }: Page<DisputeFilter>,
) {
  const where: Sql.DisputeWhereInput = {
    communityId,
    ...(states?.length && { state: { in: states } }),
    ...(memberName && { trade: { is: ofMembers(await named(communityId, memberName)) } }),
  };
  const [items, total] = await Promise.all([
    prisma.dispute.findMany({ where, skip, take, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    prisma.dispute.count({ where }),
  ]);
  return { items, total };
}
