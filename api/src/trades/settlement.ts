import type { Tx } from '../db.ts';
import { holdCoinage } from '../coinage/facts.ts';
import { voidMintOf } from '../coinage/voiding.ts';
import { newId } from '../ids.ts';
import { accountsOf, issuanceOf } from '../ledger/accounts.ts';
import { credit, debit, post, reverse, type Line } from '../ledger/entries.ts';
import { release } from '../ledger/reservations.ts';
import type { Trade } from './trade.ts';

interface Settlement {
  /** What the provider gets, in minor units. */
  amount: bigint;
  /** What of it is minted; the buyer pays the rest. */
  mint?: bigint;
  memo?: string;
  actorId: string | null;
  onBehalfOfId?: string | null;
}

/**
 * Pays a trade in one entry: buyer −(amount − mint), issuance −mint, provider +amount. What is held for the trade is spent first,
 * the rest comes from what the buyer has available; what is still held goes back. Answers the entry's id, null where nothing moved.
 */
export async function settle(tx: Tx, trade: Trade, settlement: Settlement): Promise<string | null> {
  const { amount, mint = 0n, memo = trade.title, actorId, onBehalfOfId } = settlement;
  const { communityId, id, buyerId, providerId, reservationId } = trade;
  const entryId = amount > 0n ? newId() : null;
  if (entryId) {
    const accounts = await accountsOf(tx, [buyerId, providerId]);
    const [buyer, provider] = [accounts.get(buyerId)!, accounts.get(providerId)!];
    const due = amount - mint;
    // Only this transaction spends it: the trade is held.
    const held = reservationId ? await heldBy(tx, communityId, reservationId) : 0n;
    const fromHeld = due < held ? due : held;
    const postings: Line[] = [credit(provider, amount)];
    if (fromHeld > 0n) postings.push(debit(buyer, fromHeld, reservationId!));
    if (due > fromHeld) postings.push(debit(buyer, due - fromHeld));
    if (mint > 0n) postings.push(debit(await issuanceOf(tx), mint));
    await post(tx, {
      ...{ id: entryId, kind: 'TRADE', memo: memo.slice(0, 200), actorId, onBehalfOfId, postings },
      subject: { type: 'Trade', id },
    });
  }
  if (reservationId) await release(tx, { id: reservationId });
  return entryId;
}

export async function heldBy(tx: Tx, communityId: string, id: string): Promise<bigint> {
  const { amount } = await tx.reservation.findUniqueOrThrow({ where: { communityId_id: { communityId, id } } });
  return amount;
}

/**
 * What the provider has when they have everything, in minor units: what was agreed, and under AFTER what the buyer had set, whatever
 * was decided since; null while nobody has said it.
 */
export async function wholeOf(tx: Tx, { communityId, id, proposal, completedAt }: Trade): Promise<bigint | null> {
  if (proposal.terms !== 'AFTER') return proposal.price!;
  if (!completedAt) return null;
  // The first entry of the trade is that of its completion; there is none where the buyer set nothing.
  const first = await tx.journalEntry.findFirst({
    where: { communityId, subjectType: 'Trade', subjectId: id, kind: 'TRADE' },
    orderBy: [{ postedAt: 'asc' }, { id: 'asc' }],
    select: { postings: { where: { amount: { gt: 0n } }, select: { amount: true } } },
  });
  return (first?.postings ?? []).reduce((sum, { amount }) => sum + amount, 0n);
}

/** Whether an entry was undone, by whomever. */
export const isReversed = async (tx: Tx, communityId: string, entryId: string): Promise<boolean> =>
  (await tx.entryReversal.count({ where: { communityId, entryId } })) > 0;

/**
 * Undoes the entry that paid a trade with all that hangs on it, also where the money was spent meanwhile; what was minted goes back
 * to issuance and to the grant. Answers the reversal's id, null where there was nothing to undo.
 */
export async function unsettle(
  tx: Tx,
  { communityId, id: tradeId, entryId, buyerId, providerId }: Trade,
  why: { reason: string; actorId: string },
): Promise<string | null> {
  // Coinage before accounts, as when it was minted.
  await holdCoinage(tx, { communityId, buyerId, providerId });
  // A treasurer may have undone the entry by itself.
  if (entryId === null || (await isReversed(tx, communityId, entryId))) return null;
  const reversalId = newId();
  await reverse(tx, { id: reversalId, entryId, ...why, overdraw: true });
  await voidMintOf(tx, { communityId, tradeId, ...why });
  return reversalId;
}
