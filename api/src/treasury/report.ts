import type { JournalKind } from '@kith/db';
import { clock } from '../clock.ts';
import { inCommunity, prisma } from '../db.ts';
import { treasuryOf } from '../ledger/accounts.ts';
import { badInput } from '../errors.ts';

/** From a moment to before another; the last 30 days when nothing is said. */
export interface Span {
  from: Date;
  to: Date;
}
const DAY_MS = 86_400_000;
const STANDARD_DAYS = 30;
export function spanOf(from: Date | null | undefined, to: Date | null | undefined): Span {
  // What is posted now belongs to it.
  const end = to ?? new Date(clock.now().getTime() + 1);
  const begin = from ?? new Date(end.getTime() - STANDARD_DAYS * DAY_MS);
  if (begin >= end) throw badInput('from is before to.', 'from');
  return { from: begin, to: end };
}

/** Entries of one kind that touched the treasury. Amounts in minor units. */
export interface KindSum {
  kind: JournalKind;
  entries: number;
  income: bigint;
  spending: bigint;
}
export interface TreasuryReport extends Span {
  communityId: string;
  currencyCode: string;
  scale: number;
  balance: bigint;
  kinds: KindSum[];
}

/** What the treasury holds now, and what came and went in a span. */
export const treasuryReport = (communityId: string, span: Span): Promise<TreasuryReport> =>
  inCommunity(communityId, async (tx) => {
    const { id, currencyCode, scale } = await treasuryOf(tx);
    const [account, kinds] = await Promise.all([
      tx.account.findFirstOrThrow({ where: { communityId, id }, select: { balance: true } }),
      tx.$queryRaw<KindSum[]>`
        select kind::text, entries::integer, income, spending from treasury.report(${span.from}::timestamptz, ${span.to}::timestamptz)`,
    ]);
    return { ...span, communityId, currencyCode, scale, balance: account.balance, kinds };
  });

/** Kinds whose memo is the community's own word; what members wrote to their trades is theirs. */
const OWN: JournalKind[] = ['DEMURRAGE', 'GRANT', 'TREASURY', 'BURN'];
/** Of what one reversal undid, so much is looked at. */
const OWN_PARTS = 100;
/** Kinds in which the treasury pays a member, or a member gives to it. */
const TO_MEMBER: JournalKind[] = ['GRANT', 'TREASURY'];

/** One movement of the treasury, as every member may see it. */
export interface TreasuryLine {
  communityId: string;
  postedAt: Date;
  kind: JournalKind;
  /** Minor units: above zero it came, below it went. */
  amount: bigint;
  balanceAfter: bigint;
  reason: string | null;
  memberId: string | null;
  actorId: string | null;
  currencyCode: string;
  scale: number;
}

/** A page of what moved the treasury, newest first. */
export async function treasuryLines(
  communityId: string,
  { skip, take, kinds }: { skip: number; take: number; kinds?: JournalKind[] | undefined },
) {
  const account = await inCommunity(communityId, treasuryOf);
  const { currencyCode, scale } = account;
  const where = { communityId, accountId: account.id, ...(kinds?.length && { entry: { kind: { in: kinds } } }) };
  const [lines, total] = await Promise.all([
    prisma.posting.findMany({
      where,
      ...{ skip, take, orderBy: [{ postedAt: 'desc' }, { seq: 'desc' }] },
      include: {
        entry: {
          select: {
            ...{ id: true, kind: true, memo: true, actorId: true },
            reversed: { select: { entry: { select: { kind: true } } }, take: OWN_PARTS },
          },
        },
      },
    }),
    prisma.posting.count({ where }),
  ]);
  const paid = lines.filter(({ entry }) => TO_MEMBER.includes(entry.kind)).map(({ entry }) => entry.id);
  const receivers = await prisma.posting.findMany({
    where: { communityId, entryId: { in: paid }, account: { kind: 'MEMBER' } },
    select: { entryId: true, account: { select: { memberId: true } } },
    take: take * 2,
  });
  const receiver = new Map(receivers.map(({ entryId, account }) => [entryId, account.memberId]));
  const items = lines.map(({ postedAt, amount, balanceAfter, entry }): TreasuryLine => {
    // What undoes the community's own acts alone is its own word too.
    const undone = entry.reversed.map((reversal) => reversal.entry.kind);
    const kinds = entry.kind === 'REVERSAL' && undone.length ? undone : [entry.kind];
    const isOwn = kinds.every((kind) => OWN.includes(kind));
    return {
      ...{ communityId, postedAt, amount, balanceAfter, currencyCode, scale, kind: entry.kind },
      ...{ reason: (isOwn && entry.memo) || null, actorId: isOwn ? entry.actorId : null },
      memberId: receiver.get(entry.id) ?? null,
    };
  });
  return { items, total };
}
