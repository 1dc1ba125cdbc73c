import type { DisputeOutcome } from '@kith/db';
import { audit } from '../communities/audit.ts';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { badInput } from '../errors.ts';
import { enqueue } from '../jobs.ts';
import { release } from '../ledger/reservations.ts';
import { toMinor } from '../money.ts';
import { holdDispute } from './disputes.ts';
import { requireAllowed, surroundingsOf, type Surroundings } from './limits.ts';
import { tell } from './notices.ts';
import { DisputeClosed, NotImpartial } from './refusals.ts';
import { isReversed, settle, unsettle, wholeOf } from './settlement.ts';
import { giveBack } from './stock.ts';
import { move, requireAction, sideOf, type Trade } from './trade.ts';

const DAY_MS = 86_400_000;

export interface DecisionInput {
  disputeId: string;
  outcome: DisputeOutcome;
  /** For SPLIT: what the provider gets, in units of the local currency; the buyer has the rest. */
  amount?: string | undefined;
  reason: string;
}

/**
 * A moderator decides: REFUND (the buyer has everything), RELEASE (the provider does) or SPLIT. It is carried out at once: what was
 * paid otherwise before is undone, and what is decided is paid anew, first from what is held; nothing is minted for it. The second
 * decision, on appeal, is another moderator's and final. Sent again it answers the same.
 */
export async function resolveDispute(moderator: Member, input: DecisionInput): Promise<void> {
  const { communityId, memberId } = moderator;
  const { disputeId, outcome, reason } = input;
  await inCommunity(moderator, async (tx) => {
    const { trade, dispute } = await holdDispute(tx, communityId, disputeId);
    if (sideOf(trade, memberId)) throw new NotImpartial();
    const decisions = await tx.disputeDecision.findMany({
      where: { communityId, disputeId },
      orderBy: { round: 'asc' },
    });
    const last = decisions.at(-1);
    const surroundings = await surroundingsOf(tx, communityId);
    const whole = await wholeOf(tx, trade);
    const amount = amountOf(whole, input, surroundings);
    const isOpen = dispute.state === 'OPEN' || dispute.state === 'APPEALED';
    if (!isOpen) {
      const isRepeated = last?.decidedById === memberId && last.outcome === outcome && last.amount === amount;
      if (isRepeated && last.reason === reason) return;
      throw new DisputeClosed();
    }
    if (last?.decidedById === memberId) throw new NotImpartial();
    requireAction(trade, 'RESOLVE');
    // What was agreed is not judged again; under AFTER nobody has agreed on an amount yet.
    if (whole === null) requireAllowed(amount, surroundings);
    if (dispute.reservationId) await release(tx, { id: dispute.reservationId });
    const entryId = await carryOut(tx, trade, { moderator, amount, reason });
    if (outcome === 'REFUND' && dispute.openedFrom === 'AGREED' && !last) await giveBack(tx, trade);
    const now = clock.now();
    const round = last ? 2 : 1;
    await tx.disputeDecision.create({
      data: { communityId, disputeId, round, decidedById: memberId, outcome, amount, reason, entryId, createdAt: now },
    });
    await tx.dispute.update({
      where: { communityId_id: { communityId, id: disputeId } },
      data: last
        ? { state: 'CLOSED', reservationId: null }
        : {
            ...{ state: 'RESOLVED', reservationId: null },
            appealUntil: new Date(now.getTime() + surroundings.policies.disputeDays * DAY_MS),
          },
    });
    const moved = await move(tx, trade, 'RESOLVE', {
      ...{ paid: amount, endedAt: now },
      ...(entryId !== undefined && { entryId, minted: 0n }),
      ...(outcome === 'REFUND' && dispute.openedFrom === 'AGREED' && { offerTaken: 0, wantTaken: 0 }),
    });
    await audit(tx, moderator, {
      ...{ action: 'dispute.resolve', subjectType: 'Trade', subjectId: trade.id, reason },
      detail: { disputeId, round, outcome, amount: String(amount), entryId: entryId ?? null },
    });
    await tell(tx, moved, 'resolved', { key: String(round), body: reason });
    const memberIds = [trade.buyerId, trade.providerId];
    await enqueue(tx, 'trade.completed', { communityId, tradeId: trade.id, memberIds });
  });
}

/** What the provider gets by the decision, in minor units; the whole is null where nobody has said what it is. */
function amountOf(whole: bigint | null, input: DecisionInput, { currencyScale }: Surroundings): bigint {
  const { outcome, amount } = input;
  if (outcome !== 'SPLIT' && amount !== undefined) throw badInput('Only SPLIT takes an amount.', 'amount');
  if (outcome === 'REFUND') return 0n;
  if (outcome === 'RELEASE') {
    if (whole === null)
      throw badInput('Nothing was agreed to be paid yet: decide SPLIT and say the amount.', 'outcome');
    return whole;
  }
  if (amount === undefined) throw badInput('Say what the provider gets.', 'amount');
  if (amount.split('.')[0]!.length > 12) throw badInput('amount has at most 12 digits before the point.', 'amount');
  const part = toMinor(amount, currencyScale);
  if (part <= 0n || (whole !== null && part >= whole))
    throw badInput('A part is more than nothing and less than the whole.', 'amount');
  return part;
}

/**
 * Makes the provider have got exactly this amount. Answers the entry that paid it, null when none is needed, and undefined when
 * everything stays as it was.
 */
async function carryOut(
  tx: Tx,
  trade: Trade,
  { moderator, amount, reason }: { moderator: Member; amount: bigint; reason: string },
): Promise<string | null | undefined> {
  const isUndone = trade.entryId !== null && (await isReversed(tx, trade.communityId, trade.entryId));
  if (trade.paid !== null && trade.paid === amount && !isUndone) {
    if (trade.reservationId) await release(tx, { id: trade.reservationId });
    return undefined;
  }
  // The decision holds also where the provider has spent the money: they are in arrears then.
  await unsettle(tx, trade, { reason, actorId: moderator.memberId });
  return settle(tx, trade, { amount, actorId: moderator.memberId });
}
