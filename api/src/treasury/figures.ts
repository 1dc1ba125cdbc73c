import { inCommunity, prisma } from '../db.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import type { Span } from './report.ts';

const YEAR_MS = 365.25 * 86_400_000;

interface Row {
  supplyBefore: bigint;
  supply: bigint;
  minted: bigint;
  burned: bigint;
  volume: bigint;
  payments: number;
  traders: number;
  members: number;
  inactive: number;
  demurrage: bigint;
  treasury: bigint;
  held: bigint;
  gini: string | null;
  topTenth: string | null;
}
export interface Figures extends Row, Span {
  currencyCode: string;
  scale: number;
  /** Turns of the mean supply a year; null where there was no money. */
  velocity: string | null;
}

/** The economy of a community in a span. The formulas stand at the fields of the API. */
export async function figuresOf(communityId: string, span: Span): Promise<Figures> {
  const currency = await localCurrencyOf(communityId);
  const row = await inCommunity(communityId, async (tx) => {
    const rows = await tx.$queryRaw<Row[]>`
      select supply_before as "supplyBefore", supply, minted, burned, volume, payments::integer, traders::integer, members::integer,
             inactive::integer, demurrage, treasury, held, gini::text, top_tenth::text as "topTenth"
      from treasury.figures(${span.from}::timestamptz, ${span.to}::timestamptz)`;
    return rows[0]!;
  });
  return { ...row, ...span, ...currency, velocity: velocityOf(row, span) };
}

const DIGITS = 10_000n;
/** volume ÷ ((supply before + supply after) ÷ 2) × (year ÷ span), four decimals, the rest cut off. */
export function velocityOf(
  { volume, supplyBefore, supply }: Pick<Row, 'volume' | 'supplyBefore' | 'supply'>,
  { from, to }: Span,
): string | null {
  const both = supplyBefore + supply;
  if (both <= 0n) return null;
  const turns = (2n * volume * BigInt(Math.round(YEAR_MS)) * DIGITS) / (both * BigInt(to.getTime() - from.getTime()));
  const fraction = String(turns % DIGITS).padStart(4, '0');
  return `${turns / DIGITS}.${fraction}`;
}

/** Active members without a payment or trade, in or out, since a moment: who never had one first, then the longest silent. */
export async function inactiveMembers(
  communityId: string,
  { since, skip, take }: { since: Date; skip: number; take: number },
) {
  const rows = await inCommunity(
    communityId,
    (tx) => tx.$queryRaw<{ memberId: string | null; lastAt: Date | null; total: number }[]>`
      with silent as materialized (
        select m.id, l.at from members m left join lateral (
          select max(e.posted_at) as at from accounts a
          join postings p on p.community_id = a.community_id and p.account_id = a.id
          join journal_entries e on e.community_id = p.community_id and e.id = p.entry_id and e.kind in ('PAYMENT', 'TRADE')
          where a.community_id = m.community_id and a.member_id = m.id and a.is_local) l on true
        where m.community_id = ${communityId}::uuid and m.state = 'ACTIVE' and coalesce(l.at, '-infinity') < ${since}::timestamptz
      ), page as (select * from silent order by at nulls first, id offset ${skip} limit ${take})
      select p.id as "memberId", p.at as "lastAt", t.total
      from (select count(*)::integer as total from silent) t left join page p on true order by p.at nulls first, p.id`,
  );
  const found = rows.flatMap(({ memberId, lastAt }) => (memberId ? [{ memberId, lastAt }] : []));
  const members = await prisma.member.findMany({
    where: { communityId, id: { in: found.map(({ memberId }) => memberId) } },
    take,
  });
  const byId = new Map(members.map((member) => [member.id, member]));
  return {
    items: found.map(({ memberId, lastAt }) => ({ member: byId.get(memberId)!, lastAt })),
    total: rows[0]!.total,
  };
}
