import type { Sql } from '@kith/db';
import { clock } from '../clock.ts';
import { nameContains } from '../communities/members.ts';
import { policiesOf } from '../communities/policies.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { coinageFacts, periodEnd, periodStart } from './facts.ts';
import { limitLeft, mostOf, obstaclesOf, type CoinageObstacle } from './qualify.ts';

/** What coinage came to, in minor units. */
export interface CoinageSum {
  granted: bigint;
  minted: bigint;
  voided: bigint;
  expired: bigint;
  remaining: bigint;
  pending: bigint;
}
export interface MemberCoinage extends CoinageSum {
  communityId: string;
  memberId: string;
  expiresAt: Date | null;
}
const nothing: CoinageSum = { granted: 0n, minted: 0n, voided: 0n, expired: 0n, remaining: 0n, pending: 0n };

const shareOf = async (tx: Tx, communityId: string) =>
  policiesOf(await tx.community.findUniqueOrThrow({ where: { id: communityId } })).coinageShare;

/** What coinage came to in the whole community. */
export const coinageTotal = (communityId: string): Promise<CoinageSum> =>
  inCommunity(communityId, async (tx) => {
    const rows = await tx.$queryRaw<CoinageSum[]>`
      select coalesce(sum(granted), 0)::bigint as granted, coalesce(sum(minted), 0)::bigint as minted, coalesce(sum(voided), 0)::bigint as voided,
        coalesce(sum(expired), 0)::bigint as expired, coalesce(sum(remaining), 0)::bigint as remaining, coalesce(sum(pending), 0)::bigint as pending
      from coinage.report(${await shareOf(tx, communityId)}::integer, ${clock.now()}::timestamptz)`;
    return rows[0]!;
  });

export interface CoinageFilter {
  memberId?: string | null | undefined;
  memberName?: string | null | undefined;
  hasMinted?: boolean | null | undefined;
}
const NAMED_MOST = 1000;
/** A page of members with grants, those who minted most first, and how many there are. */
export async function coinagePage(
  communityId: string,
  { skip, take, filter }: { skip: number; take: number; filter: CoinageFilter },
): Promise<{ items: MemberCoinage[]; total: number }> {
  const { memberId, memberName, hasMinted } = filter;
  const named = memberName
    ? await prisma.member.findMany({
        where: { communityId, ...nameContains(memberName) },
        select: { id: true },
        take: NAMED_MOST,
      })
    : undefined;
  const where: Sql.CoinageStandingWhereInput = {
    communityId,
    AND: [
      ...(memberId ? [{ memberId }] : []),
      ...(named ? [{ memberId: { in: named.map(({ id }) => id) } }] : []),
      ...(hasMinted === null || hasMinted === undefined ? [] : [{ minted: hasMinted ? { gt: 0n } : 0n }]),
    ],
  };
  return inCommunity(communityId, async (tx) => {
    const orderBy: Sql.CoinageStandingOrderByWithRelationInput[] = [{ minted: 'desc' }, { memberId: 'asc' }];
    const rows = await tx.coinageStanding.findMany({ where, skip, take, orderBy, select: { memberId: true } });
    const ids = rows.map((row) => row.memberId);
    const sums = await tx.$queryRaw<Omit<MemberCoinage, 'communityId'>[]>`
      select member_id as "memberId", granted, minted, voided, expired, remaining, pending, expires_at as "expiresAt"
      from coinage.report(${await shareOf(tx, communityId)}::integer, ${clock.now()}::timestamptz) where member_id = any (${ids}::uuid[])`;
    const items = ids.map((id) => ({ communityId, ...sums.find((sum) => sum.memberId === id)! }));
    return { items, total: await tx.coinageStanding.count({ where }) };
  });
}

export interface OwnCoinage extends MemberCoinage {
  limit: bigint;
  limitLeft: bigint;
  limitResetsAt: Date;
  isFounder: boolean;
}
/** What a member has as a provider, and may use as a buyer. */
export const coinageOf = ({ communityId, memberId }: Member): Promise<OwnCoinage> =>
  inCommunity(communityId, async (tx) => {
    const community = await tx.community.findUniqueOrThrow({ where: { id: communityId } });
    const { coinageShare, coinagePeriod: unit, coinageBuyerLimit } = policiesOf(community);
    const [sum] = await tx.$queryRaw<(CoinageSum & { expiresAt: Date | null })[]>`
      select granted, minted, voided, expired, remaining, pending, expires_at as "expiresAt"
      from coinage.report(${coinageShare}::integer, ${clock.now()}::timestamptz, ${memberId}::uuid)`;
    const from = await periodStart(tx, { communityId, unit, at: clock.now() });
    const used = await tx.coinageMint.aggregate({
      where: { communityId, buyerId: memberId, mintedAt: { gte: from } },
      _sum: { amount: true },
    });
    const limit = BigInt(coinageBuyerLimit) * 10n ** BigInt(community.currencyScale);
    const founder = await tx.coinageFounder.count({ where: { communityId, memberId } });
    return {
      ...{ communityId, memberId, expiresAt: null, ...nothing, ...sum, limit },
      limitLeft: limitLeft({ buyerLimit: limit, buyerUsed: used._sum.amount ?? 0n }),
      limitResetsAt: await periodEnd(tx, { communityId, unit, at: clock.now() }),
      isFounder: founder > 0,
    };
  });

export interface Outlook {
  obstacles: CoinageObstacle[];
  /** The most that would be minted now, in minor units. */
  most: bigint;
  sharePercent: number;
}
/** Whether one member can buy from another with coinage now, and what stands in the way. */
export const outlook = (parties: { communityId: string; buyerId: string; providerId: string }): Promise<Outlook> =>
  inCommunity(parties.communityId, async (tx) => {
    const facts = await coinageFacts(tx, parties);
    return { obstacles: obstaclesOf(facts), most: mostOf(facts), sharePercent: facts.sharePercent };
  });

export interface MintFilter {
  memberId?: string | null | undefined;
  isVoided?: boolean | null | undefined;
}
/** A page of mints, newest first, and how many there are. */
export async function mintPage(
  communityId: string,
  { skip, take, filter }: { skip: number; take: number; filter: MintFilter },
) {
  const { memberId, isVoided } = filter;
  const where: Sql.CoinageMintWhereInput = {
    communityId,
    ...(isVoided !== null && isVoided !== undefined && { voidedAt: isVoided ? { not: null } : null }),
    ...(memberId && { OR: [{ buyerId: memberId }, { providerId: memberId }] }),
  };
  const [items, total] = await Promise.all([
    prisma.coinageMint.findMany({ where, skip, take, orderBy: [{ mintedAt: 'desc' }, { id: 'asc' }] }),
    prisma.coinageMint.count({ where }),
  ]);
  return { items, total };
}
