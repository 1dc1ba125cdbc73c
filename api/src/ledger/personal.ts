import { defineErasing } from '../communities/erasure.ts';
import { defineExported } from '../communities/export.ts';
import { prisma, type Tx } from '../db.ts';
import { fromMinor } from '../money.ts';
import { statementPage } from './statement.ts';

const ROWS_MOST = 10_000;
const AT_ONCE = 1000;

/** Empties the memos of payments, refunds and trades by the ids of their entries; amounts and everything else stay as posted. */
export const eraseMemos = async (tx: Tx, entryIds: readonly string[]): Promise<void> =>
  void (await tx.$executeRaw`select ledger.erase_memos(${entryIds}::uuid[])`);

// Who acts, or has somebody act for them, writes the memo. What names the person in the inboxes of others goes too.
defineErasing(async (tx, { communityId, memberId }) => {
  const written = [
    { postings: { some: { account: { memberId } } }, OR: [{ actorId: memberId }, { onBehalfOfId: memberId }] },
    { actorId: memberId, onBehalfOfId: { not: null } },
  ];
  for (const by of written)
    for (let found = AT_ONCE; found === AT_ONCE;) {
      const entries = await tx.journalEntry.findMany({
        where: { communityId, kind: { in: ['PAYMENT', 'REFUND'] }, memo: { not: '' }, ...by },
        select: { id: true },
        take: AT_ONCE,
      });
      await eraseMemos(
        tx,
        entries.map(({ id }) => id),
      );
      found = entries.length;
    }
  await tx.$executeRaw`
    delete from notifications n using journal_entries e
    where n.community_id = ${communityId}::uuid and n.subject_type = 'JournalEntry'
      and e.community_id = n.community_id and e.id = n.subject_id
      and (e.actor_id = ${memberId}::uuid or exists (
        select from postings p join accounts a on a.community_id = p.community_id and a.id = p.account_id
        where p.community_id = n.community_id and p.entry_id = e.id and a.member_id = ${memberId}::uuid))`;
});

defineExported(async ({ communityId, memberId }) => {
  const accounts = await prisma.account.findMany({
    where: { communityId, memberId },
    orderBy: [{ isLocal: 'desc' }, { currencyCode: 'asc' }],
    take: 100,
  });
  const statements = [];
  for (const { id, currencyCode, scale, balance, reserved, creditLimit, ceiling, openedAt } of accounts) {
    const money = (minor: bigint) => fromMinor(minor, scale);
    const lines = await statementPage({ communityId, id }, { most: ROWS_MOST });
    statements.push({
      ...{ id, currencyCode, balance: money(balance), reserved: money(reserved), creditLimit: money(creditLimit) },
      ...{ ceiling: ceiling === null ? null : money(ceiling), openedAt },
      statement: lines.map(({ postedAt, kind, memo, amount, balanceAfter, counterpartyId, entryId }) => ({
        ...{ postedAt, kind, memo, amount: money(amount), balanceAfter: money(balanceAfter) },
        ...{ counterpartyId, entryId },
      })),
    });
  }
  return { accounts: statements };
});
