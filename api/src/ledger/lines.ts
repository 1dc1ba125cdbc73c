import { prisma } from '../db.ts';

const select = { id: true, kind: true, memberId: true, currencyCode: true, scale: true } as const;

/** The postings of an entry with their accounts, at most `most`: those of one member first, then in their order. */
export async function linesOf(
  communityId: string,
  entryId: string,
  { first, most }: { first: string | null; most: number },
) {
  const include = { account: { select } };
  const where = { communityId, entryId };
  const lines = await prisma.posting.findMany({ where, include, orderBy: { seq: 'asc' }, take: most });
  if (lines.length < most || !first) return lines;
  // A long entry, such as a run of demurrage: the viewer's own line may stand far behind.
  const own = await prisma.posting.findMany({ where: { ...where, account: { memberId: first } }, include, take: most });
  const others = lines.filter((line) => !own.some(({ seq }) => seq === line.seq));
  return [...own, ...others].slice(0, most);
}
