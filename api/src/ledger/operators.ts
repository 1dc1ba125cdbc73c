import type { AccountKind, JournalKind, Sql } from '@kith/db';
import { audit } from '../communities/audit.ts';
import { nameContains } from '../communities/members.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { accountOf } from './accounts.ts';
import { reverse } from './entries.ts';
import { tellReversed } from './notices.ts';
import { PartOfSomething, type Undoing } from './refusals.ts';

/** The ids of a member's accounts, the local one first, which is opened if need be. */
export async function myAccounts(member: Member): Promise<string[]> {
  const { communityId, memberId } = member;
  const where = { communityId, memberId };
  const find = () =>
    prisma.account.findMany({ where, orderBy: [{ isLocal: 'desc' }, { currencyCode: 'asc' }], take: 100 });
  const known = await find();
  if (known[0]?.isLocal) return known.map(({ id }) => id);
  await inCommunity(member, (tx) => accountOf(tx, memberId));
  return (await find()).map(({ id }) => id);
}

export type AccountSort = 'BALANCE_DESC' | 'BALANCE_ASC' | 'RESERVED_DESC' | 'OPENED_DESC';
const orders: Record<AccountSort, Sql.AccountOrderByWithRelationInput> = {
  BALANCE_DESC: { balance: 'desc' },
  BALANCE_ASC: { balance: 'asc' },
  RESERVED_DESC: { reserved: 'desc' },
  OPENED_DESC: { openedAt: 'desc' },
};
export interface AccountFilter {
  kinds?: AccountKind[] | null | undefined;
  memberId?: string | null | undefined;
  memberName?: string | null | undefined;
  currencyCode?: string | null | undefined;
  inArrears?: boolean | null | undefined;
}
const NAMED_MOST = 1000;

/** A page of accounts for the console, and how many there are. */
export async function accountPage(
  communityId: string,
  { skip, take, sort, filter }: { skip: number; take: number; sort: AccountSort; filter: AccountFilter },
) {
  const { kinds, memberId, memberName, currencyCode, inArrears } = filter;
  const named = memberName
    ? await prisma.member.findMany({
        where: { communityId, ...nameContains(memberName) },
        select: { id: true },
        take: NAMED_MOST,
      })
    : undefined;
  const arrears =
    inArrears === null || inArrears === undefined
      ? undefined
      : await prisma.$queryRaw<{ id: string }[]>`
          select id from accounts where community_id = ${communityId}::uuid and kind in ('MEMBER', 'TREASURY')
            and balance - reserved + credit_limit < 0 limit 10000`;
  const where: Sql.AccountWhereInput = {
    communityId,
    ...(kinds?.length && { kind: { in: kinds } }),
    ...(currencyCode && { currencyCode }),
    AND: [
      ...(memberId ? [{ memberId }] : []),
      ...(named ? [{ memberId: { in: named.map(({ id }) => id) } }] : []),
      ...(arrears ? [{ id: { [inArrears ? 'in' : 'notIn']: arrears.map(({ id }) => id) } }] : []),
    ],
  };
  const [items, total] = await Promise.all([
    prisma.account.findMany({ where, skip, take, orderBy: [orders[sort], { id: 'asc' }] }),
    prisma.account.count({ where }),
  ]);
  return { items, total };
}

export interface EntryFilter {
  kinds?: JournalKind[] | null | undefined;
  memberId?: string | null | undefined;
  accountId?: string | null | undefined;
  text?: string | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}
/** A page of the journal for the console, newest first, and how many entries there are. */
export async function entryPage(
  communityId: string,
  { skip, take, filter }: { skip: number; take: number; filter: EntryFilter },
) {
  const { kinds, memberId, accountId, text, from, to } = filter;
  const where: Sql.JournalEntryWhereInput = {
    communityId,
    ...(kinds?.length && { kind: { in: kinds } }),
    ...(text && { memo: { contains: text.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' } }),
    ...((from || to) && { postedAt: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
    AND: [
      ...(memberId ? [{ postings: { some: { account: { memberId } } } }] : []),
      ...(accountId ? [{ postings: { some: { accountId } } }] : []),
    ],
  };
  const [items, total] = await Promise.all([
    prisma.journalEntry.findMany({ where, skip, take, orderBy: [{ postedAt: 'desc' }, { id: 'desc' }] }),
    prisma.journalEntry.count({ where }),
  ]);
  return { items, total };
}

export interface TrialBalanceSum {
  kind: AccountKind;
  isLocal: boolean;
  currencyCode: string;
  scale: number;
  accounts: number;
  /** Minor units. */
  balance: bigint;
  reserved: bigint;
  negative: bigint;
}
export const trialBalance = (communityId: string): Promise<TrialBalanceSum[]> =>
  inCommunity(
    communityId,
    (tx) => tx.$queryRaw<TrialBalanceSum[]>`
      select kind::text, is_local as "isLocal", currency_code as "currencyCode", scale, accounts::integer, balance, reserved, negative
      from ledger.trial_balance()`,
  );

const undoings = new Map<string, Undoing>();
/** Adds what entries about something are undone by: whose domain keeps more of it than money. */
export const defineUndoing = (subjectType: string, undoing: Undoing) => void undoings.set(subjectType, undoing);

/** Refuses to take the money alone of what is more than money. What was reversed already says so itself. */
async function requireMoneyAlone(tx: Tx, communityId: string, entryId: string) {
  const entry = await tx.journalEntry.findUnique({
    where: { communityId_id: { communityId, id: entryId } },
    select: { kind: true, subjectType: true, subjectId: true, parent: true, reversal: true },
  });
  if (!entry || entry.reversal) return;
  for (const { kind, subjectType, subjectId: id } of [entry, ...(entry.parent ? [entry.parent] : [])]) {
    // A payment between members names what it is for, and is money alone.
    if (kind === 'PAYMENT') continue;
    const undoing = undoings.get(subjectType ?? '');
    if (undoing && id) throw new PartOfSomething({ ...undoing, subject: { type: subjectType!, id } });
  }
}

/** Undoes an entry and what hangs on it, also where the money was spent meanwhile; its members are told, the audit log keeps why. Throws PartOfSomething. */
export async function reverseEntry(
  operator: Member,
  { id, entryId, reason }: { id: string; entryId: string; reason: string },
): Promise<void> {
  await inCommunity(operator, async (tx) => {
    await requireMoneyAlone(tx, operator.communityId, entryId);
    const { repeated } = await reverse(tx, { id, entryId, reason, actorId: operator.memberId, overdraw: true });
    if (repeated) return;
    await audit(tx, operator, {
      action: 'ledger.reverse',
      ...{ subjectType: 'JournalEntry', subjectId: entryId, reason, detail: { reversalId: id } },
    });
    await tellReversed(tx, operator.communityId, { id, entryId, reason });
  });
}
