import type { JournalKind } from '@kith/db';
import { prisma } from '../db.ts';

const select = { id: true, kind: true, memberId: true, currencyCode: true, scale: true } as const;

/** What a run of demurrage took of others is nobody's business, nor what came back when it was undone. */
const amongOthers = (communityId: string, id: string): Promise<number> =>
  prisma.journalEntry.count({
    where: {
      ...{ communityId, id },
      OR: [{ kind: 'DEMURRAGE' }, { kind: 'REVERSAL', reversed: { some: { entry: { kind: 'DEMURRAGE' } } } }],
    },
  });

/**
 * The postings of an entry with their accounts, at most `most`: those of one member first, then in their order. Where an entry charges
 * everybody, a member who does not keep the ledger sees their own and the community's.
 */
export async function linesOf(
  { communityId, id: entryId, kind }: { communityId: string; id: string; kind: JournalKind },
  { first, keeps, most }: { first: string | null; keeps: boolean; most: number },
) {
  const include = { account: { select } };
  const isMass =
    !keeps && (kind === 'DEMURRAGE' || kind === 'REVERSAL') && (await amongOthers(communityId, entryId)) > 0;
  const seen = isMass && { account: { OR: [{ memberId: null }, ...(first ? [{ memberId: first }] : [])] } };
  const where = { communityId, entryId, ...seen };
  const lines = await prisma.posting.findMany({ where, include, orderBy: { seq: 'asc' }, take: most });
  if (lines.length < most || !first) return lines;
  // A long entry, such as a run of demurrage: the viewer's own line may stand far behind.
  const own = await prisma.posting.findMany({
    where: { communityId, entryId, account: { memberId: first } },
    include,
    take: most,
  });
  const others = lines.filter((line) => !own.some(({ seq }) => seq === line.seq));
  return [...own, ...others].slice(0, most);
}
