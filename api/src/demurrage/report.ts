import { prisma } from '../db.ts';

/** One member in a run. Amounts in minor units. */
export interface ChargedLine {
  memberId: string;
  /** What was taken, and what the account held afterwards. */
  paid: bigint;
  balanceAfter: bigint;
}
export interface ShortLine {
  memberId: string;
  charge: bigint;
  paid: bigint;
}
interface Page {
  skip: number;
  take: number;
}
const of = (communityId: string, id: string) => ({ communityId, entryId: id, account: { kind: 'MEMBER' as const } });

/** Who was charged in a run, those who paid most first. */
export async function chargesOf(communityId: string, runId: string, { skip, take }: Page) {
  const where = of(communityId, runId);
  const [lines, total] = await Promise.all([
    prisma.posting.findMany({
      where,
      ...{ skip, take, orderBy: [{ amount: 'asc' }, { accountId: 'asc' }] },
      include: { account: { select: { memberId: true } } },
    }),
    prisma.posting.count({ where }),
  ]);
  const items = lines.map(({ amount, balanceAfter, account }): ChargedLine => ({
    ...{ memberId: account.memberId!, paid: -amount, balanceAfter },
  }));
  return { items, total };
}

/** Who had less available than their charge, those who miss most first. */
export async function arrearsOf(communityId: string, runId: string, { skip, take }: Page) {
  const where = { communityId, runId };
  const [lines, total] = await Promise.all([
    prisma.demurrageArrears.findMany({
      where,
      ...{ skip, take, orderBy: [{ charge: 'desc' }, { accountId: 'asc' }] },
      include: { account: { select: { memberId: true } } },
    }),
    prisma.demurrageArrears.count({ where }),
  ]);
  const items = lines.map(({ charge, paid, account }): ShortLine => ({ memberId: account.memberId!, charge, paid }));
  return { items, total };
}

/** A page of runs, newest first. */
export async function runPage(communityId: string, { skip, take }: Page) {
  const where = { communityId };
  const [items, total] = await Promise.all([
    prisma.demurrageRun.findMany({ where, skip, take, orderBy: { endsOn: 'desc' } }),
    prisma.demurrageRun.count({ where }),
  ]);
  return { items, total };
}
