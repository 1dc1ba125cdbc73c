import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { mintFor, recordMint } from '../coinage/coinage.ts';
import { inCommunity, type Tx } from '../db.ts';
import { badInput, DomainError } from '../errors.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { accountOf } from '../ledger/accounts.ts';
import { globalScale } from '../listings/globalCurrency.ts';
import { fromMinor, toMinor } from '../money.ts';
import { phrase } from '../texts/text.ts';
import { requireAllowed, requireWithinDay, surroundingsOf, type Surroundings } from './limits.ts';
import { tell, tellOne } from './notices.ts';
import { GlobalPartUnconfirmed } from './refusals.ts';
import { sameReview, writeReview, type ReviewContent } from './reviews.ts';
import { settle } from './settlement.ts';
import { hasGlobalPart } from './terms.ts';
import { actingIn, holdTrade, move, recordActingFor, requireAction, type Trade } from './trade.ts';

const DAY_MS = 86_400_000;

/**
 * The provider says it is done. Under COST_PLUS they may state what the materials cost in the end, at most what was agreed.
 * A reserved trade completes by itself when the buyer says nothing for the days of the policy completionDays.
 */
export async function markDelivered(
  viewer: Member,
  {
    tradeId,
    globalCost,
    memberId,
  }: { tradeId: string; globalCost?: string | undefined; memberId?: string | undefined },
): Promise<void> {
  const { communityId } = viewer;
  await inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    const cost = costOf(trade, globalCost);
    if (trade.state === 'DELIVERED' && acting.side === 'PROVIDER' && trade.globalCost === cost) return;
    requireAction(trade, 'DELIVER', acting.side);
    const { policies, timeZone } = await surroundingsOf(tx, communityId);
    const now = clock.now();
    const completesAt = new Date(now.getTime() + policies.completionDays * DAY_MS);
    const moved = await move(tx, trade, 'DELIVER', { deliveredAt: now, completesAt, globalCost: cost });
    await enqueue(tx, 'trade.lapse', { communityId, tradeId }, { runAt: completesAt });
    await recordActingFor(tx, viewer, { action: 'deliver', tradeId, acting });
    const body = trade.reservationId
      ? phrase('trade.delivered.body', { date: { date: completesAt.toISOString(), timeZone } })
      : phrase('trade.delivered.after');
    await tell(tx, moved, 'delivered', { by: acting.actorId ? null : acting.memberId, body });
  });
}

function costOf({ proposal }: Trade, stated: string | undefined): bigint | null {
  const { terms, globalPrice, globalCurrency } = proposal;
  if (stated === undefined) return null;
  if (terms !== 'COST_PLUS') throw badInput('Only COST_PLUS has a cost that is stated at delivery.', 'globalCost');
  const cost = toMinor(stated, globalScale(globalCurrency!));
  if (cost < 0n || cost > globalPrice!) throw badInput('The cost is at most what was agreed.', 'globalCost');
  return cost;
}

/** One side says that the part in global currency was paid, outside; it counts when both have said so. */
export async function confirmGlobalPart(
  viewer: Member,
  { tradeId, memberId }: { tradeId: string; memberId?: string | undefined },
): Promise<void> {
  const { communityId } = viewer;
  await inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    if (!hasGlobalPart(trade.proposal)) throw badInput('This trade has no part in global currency.', 'tradeId');
    const field = acting.side === 'BUYER' ? 'buyerConfirmedAt' : 'providerConfirmedAt';
    if (trade[field]) return;
    requireAction(trade, 'CONFIRM_GLOBAL', acting.side);
    const moved = await move(tx, trade, 'CONFIRM_GLOBAL', { [field]: clock.now() });
    await recordActingFor(tx, viewer, { action: 'confirmGlobal', tradeId, acting });
    // The time for a word of the buyer may have run out while the provider had not confirmed.
    if (field === 'providerConfirmedAt' && trade.completesAt)
      await enqueue(tx, 'trade.lapse', { communityId, tradeId }, { runAt: trade.completesAt });
    const by = acting.actorId ? null : acting.memberId;
    await tell(tx, moved, 'globalConfirmed', { by, key: acting.side });
  });
}

export interface CompleteInput {
  tradeId: string;
  /** For AFTER alone: what the buyer finds right, in units of the local currency; 0 or more. */
  amount?: string | undefined;
  review: ReviewContent;
  memberId?: string | undefined;
}

/**
 * The buyer is satisfied: the provider is paid in one entry, and the review is written with it. Throws InsufficientFunds and the
 * limits of the policy for AFTER, CeilingExceeded, GlobalPartUnconfirmed. Sent again it answers the same.
 */
export async function completeTrade(viewer: Member, input: CompleteInput): Promise<void> {
  const { communityId } = viewer;
  const { tradeId, review } = input;
  await inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, input.memberId);
    const surroundings = await surroundingsOf(tx, communityId);
    const amount = amountOf(trade, input.amount, surroundings);
    const isRepeated = trade.completedAt && !trade.completedByItself && trade.paid === amount;
    if (isRepeated && acting.side === 'BUYER' && (await sameReview(tx, trade, acting.side, review))) return;
    requireAction(trade, 'COMPLETE', acting.side);
    if (hasGlobalPart(trade.proposal) && !(trade.buyerConfirmedAt && trade.providerConfirmedAt))
      throw new GlobalPartUnconfirmed();
    if (!trade.reservationId) requireAllowed(amount, surroundings);
    // Coinage comes with the buyer's review, so never when a trade completes by itself.
    const sale = { communityId, tradeId, buyerId: trade.buyerId, providerId: trade.providerId };
    const hands = { buyerActorId: acting.actorId, providerActorId: await providerActor(tx, trade) };
    const mint = amount > 0n ? await mintFor(tx, { ...sale, ...hands, price: amount }) : 0n;
    const onBehalfOfId = acting.actorId ? acting.memberId : null;
    const entryId = await settle(tx, trade, { amount, mint, actorId: viewer.memberId, onBehalfOfId });
    if (mint > 0n) await recordMint(tx, { ...sale, entryId: entryId!, amount: mint });
    if (entryId && !trade.reservationId) {
      const { id: accountId } = await accountOf(tx, trade.buyerId);
      await requireWithinDay(tx, { communityId, accountId }, surroundings);
    }
    const now = clock.now();
    const paid = { paid: amount, minted: mint, entryId, completedAt: now, endedAt: now };
    const moved = await move(tx, trade, 'COMPLETE', paid);
    await writeReview(tx, moved, { acting, review, surroundings });
    await recordActingFor(tx, viewer, { action: 'complete', tradeId, acting });
    await told(tx, moved, { surroundings, by: acting.actorId ? null : acting.memberId });
  });
}

/** The broker who wrote the provider's last proposal, where one did. */
async function providerActor(tx: Tx, { communityId, id: tradeId }: Trade): Promise<string | null> {
  const where = { communityId, tradeId, side: 'PROVIDER' as const };
  return (await tx.tradeProposal.findFirst({ where, orderBy: { version: 'desc' } }))?.actorId ?? null;
}

function amountOf({ proposal }: Trade, amount: string | undefined, { currencyScale }: Surroundings): bigint {
  if (proposal.terms !== 'AFTER') {
    if (amount !== undefined) throw badInput('Only AFTER has an amount set at completion: leave it out.', 'amount');
    return proposal.price!;
  }
  if (amount === undefined) throw badInput('Say the amount you find right: 0 or more.', 'amount');
  if (amount.split('.')[0]!.length > 12) throw badInput('amount has at most 12 digits before the point.', 'amount');
  const minor = toMinor(amount, currencyScale);
  if (minor < 0n) throw badInput('amount is 0 or more.', 'amount');
  return minor;
}

/** Says to both, and to whoever computes from trades, that one is completed. */
async function told(tx: Tx, trade: Trade, { surroundings, by }: { surroundings: Surroundings; by: string | null }) {
  const { communityId, id: tradeId, buyerId, providerId } = trade;
  const amount = `${fromMinor(trade.paid!, surroundings.currencyScale)} ${surroundings.currencyCode}`;
  const text = trade.completedByItself ? 'trade.lapsed' : 'trade.completed';
  await tell(tx, trade, 'completed', { by, text, values: { amount } });
  await enqueue(tx, 'trade.completed', { communityId, tradeId, memberIds: [buyerId, providerId] });
}

const AGAIN_MS = DAY_MS;
// No word for the days of the policy: what is reserved is paid, without a review and so without coinage. Where nothing is reserved
// the buyer is reminded, because only they can say how much.
defineJob<Unanswered>('trade.lapse', async (unanswered) => {
  try {
    await completeUnanswered(unanswered);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // The provider's account cannot take it now, such as at its ceiling: tomorrow again.
    const runAt = new Date(clock.now().getTime() + AGAIN_MS);
    await inCommunity(unanswered, (tx) => enqueue(tx, 'trade.lapse', { ...unanswered }, { runAt }));
  }
});
interface Unanswered {
  communityId: string;
  tradeId: string;
  [field: string]: unknown;
}

/** Completes a delivered trade whose time is over, or reminds the buyer. May run twice, also at once. Throws CeilingExceeded. */
export const completeUnanswered = ({ communityId, tradeId }: Unanswered): Promise<void> =>
  inCommunity(communityId, (tx) => lapse(tx, communityId, tradeId));

async function lapse(tx: Tx, communityId: string, tradeId: string) {
  const trade = await holdTrade(tx, communityId, tradeId);
  const now = clock.now();
  if (trade.state !== 'DELIVERED' || trade.completesAt! > now) return;
  const isWaiting = !trade.reservationId || (hasGlobalPart(trade.proposal) && !trade.providerConfirmedAt);
  if (isWaiting) return tellOne(tx, trade, { memberId: trade.buyerId, text: 'trade.reminded' });
  const amount = trade.proposal.price!;
  const entryId = await settle(tx, trade, { amount, actorId: null });
  const paid = { paid: amount, entryId, completedAt: now, endedAt: now, completedByItself: true };
  const moved = await move(tx, trade, 'LAPSE', paid);
  await told(tx, moved, { surroundings: await surroundingsOf(tx, communityId), by: null });
}
