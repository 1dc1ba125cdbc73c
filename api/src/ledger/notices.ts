import type { Tx } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { fromMinor } from '../money.ts';
import { phrase } from '../texts/text.ts';

const TOLD_MOST = 100;

/**
 * Tells members how much a reversal brought to their accounts or took, and why. What was charged to everybody at once is told by
 * nobody's inbox, and neither is its reversal: the statement has it.
 */
export async function tellReversed(
  tx: Tx,
  communityId: string,
  { id, entryId, reason }: { id: string; entryId: string; reason: string },
): Promise<void> {
  const undone = await tx.journalEntry.findUniqueOrThrow({ where: { communityId_id: { communityId, id: entryId } } });
  if (undone.kind === 'DEMURRAGE') return;
  const lines = await tx.posting.findMany({
    where: { communityId, entryId: id, account: { kind: 'MEMBER' } },
    select: { seq: true, amount: true, account: { select: { memberId: true, currencyCode: true, scale: true } } },
    orderBy: { seq: 'asc' },
    take: TOLD_MOST,
  });
  const notices = lines.map(({ seq, amount, account: { memberId, currencyCode, scale } }) => ({
    ...{ memberId: memberId!, kind: 'entry.reversed', key: `entry.reversed:${id}:${seq}` },
    title: phrase('entry.reversed', { amount: `${fromMinor(amount, scale)} ${currencyCode}` }),
    ...{ body: reason, subject: { type: 'JournalEntry', id } },
  }));
  if (notices.length) await enqueue(tx, 'notify', { communityId, notices });
}
