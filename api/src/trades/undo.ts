import { audit } from '../communities/audit.ts';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { defineUndoing } from '../ledger/operators.ts';
import { tell } from './notices.ts';
import { AlreadyUndone, NotImpartial } from './refusals.ts';
import { unsettle } from './settlement.ts';
import { holdTrade, move, requireAction, sideOf } from './trade.ts';

defineUndoing('Trade', {
  mutation: 'undoTrade',
  sentence:
    'This entry paid a trade: undo the trade (undoTrade), which takes back its money, its coinage and its reviews. While it is disputed, decide the dispute (resolveDispute).',
});

/**
 * An operator undoes what a trade has moved: the payment with its fees and coinage in one entry, also where the money was spent
 * meanwhile, and its reviews do not count any more. Nothing is opened again. Said twice it changes nothing.
 */
export async function undoTrade(
  operator: Member,
  { tradeId, reason }: { tradeId: string; reason: string },
): Promise<void> {
  const { communityId, memberId } = operator;
  await inCommunity(operator, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    if (sideOf(trade, memberId)) throw new NotImpartial();
    if (trade.undoneAt) {
      if (trade.endReason === reason) return;
      throw new AlreadyUndone();
    }
    requireAction(trade, 'UNDO');
    const now = clock.now();
    const reversalId = await unsettle(tx, trade, { reason, actorId: memberId });
    await tx.review.updateMany({ where: { communityId, tradeId, voidedAt: null }, data: { voidedAt: now } });
    await tx.dispute.updateMany({ where: { communityId, tradeId }, data: { state: 'CLOSED' } });
    const moved = await move(tx, trade, 'UNDO', { undoneAt: now, endReason: reason });
    await audit(tx, operator, {
      ...{ action: 'trade.undo', subjectType: 'Trade', subjectId: tradeId, reason },
      detail: { reversalId },
    });
    await tell(tx, moved, 'undone', { body: reason });
    await enqueue(tx, 'trade.undone', { communityId, tradeId, memberIds: [trade.buyerId, trade.providerId] });
  });
}
