import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { newId } from '../ids.ts';
import { accountOf } from '../ledger/accounts.ts';
import { release, reserve } from '../ledger/reservations.ts';
import { requireAllowed, requireWithinDay, surroundingsOf } from './limits.ts';
import { tell } from './notices.ts';
import { TradeChanged } from './refusals.ts';
import type { EndInput } from './proposals.ts';
import { giveBack, takeStock } from './stock.ts';
import { heldFor } from './terms.ts';
import {
  actingIn,
  holdTrade,
  move,
  recordActingFor,
  requireAction,
  requireActive,
  requireInTime,
  type Acting,
  type Trade,
} from './trade.ts';
import { otherSide } from './transitions.ts';

export interface AgreeInput {
  tradeId: string;
  /** The terms that are agreed to; others on the table meanwhile are refused. */
  version: number;
  memberId?: string | undefined;
}

/**
 * The side that was asked says yes to the terms of a version: stock is taken and the buyer's local money held. Throws
 * TradeChanged, InsufficientFunds, OutOfStock, ListingUnavailable and the limits of the policy. Sent again it answers the same.
 */
export async function agreeTrade(viewer: Member, { tradeId, version, memberId }: AgreeInput): Promise<void> {
  const { communityId } = viewer;
  await inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    if (trade.agreedAt && trade.version === version && acting.side === otherSide(trade.proposal.side)) return;
    if (trade.state === 'PROPOSED' && trade.version !== version) throw new TradeChanged(trade.version);
    requireAction(trade, 'AGREE', acting.side);
    requireInTime(trade);
    await requireActive(tx, trade);
    const taken = await takeStock(tx, trade);
    const reservationId = await holdMoney(tx, trade);
    const moved = await move(tx, trade, 'AGREE', { ...taken, reservationId, agreedAt: clock.now() });
    await recordActingFor(tx, viewer, { action: 'agree', tradeId, acting });
    await tell(tx, moved, 'agreed', { by: acting.actorId ? null : acting.memberId });
  });
}

/** Holds the buyer's local part, within the limits of the policy; AFTER holds nothing. */
async function holdMoney(tx: Tx, { communityId, id, buyerId, proposal }: Trade): Promise<string | null> {
  const amount = heldFor(proposal);
  if (amount === 0n) return null;
  const surroundings = await surroundingsOf(tx, communityId);
  requireAllowed(amount, surroundings);
  const { id: accountId } = await accountOf(tx, buyerId);
  const reservationId = newId();
  await reserve(tx, { id: reservationId, accountId, amount, subject: { type: 'Trade', id } });
  await requireWithinDay(tx, { communityId, accountId }, surroundings);
  return reservationId;
}

/**
 * Before agreement, whoever made the proposal takes it back. After it, the provider may give up alone, and the buyer asks for it;
 * money and stock go back. Sent again it answers the same.
 */
export async function cancelTrade(viewer: Member, { tradeId, reason, memberId }: EndInput): Promise<void> {
  await inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, viewer.communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    if (trade.state === 'CANCELLED') return;
    if (trade.state === 'PROPOSED') await withdraw(tx, trade, { acting, reason });
    else if (acting.side === 'BUYER') await ask(tx, trade, { acting, reason });
    else await cancel(tx, trade, { acting, reason });
    await recordActingFor(tx, viewer, { action: 'cancel', tradeId, acting });
  });
}
interface Ending {
  acting: Acting;
  reason: string;
}
const teller = ({ actorId, memberId }: Acting) => (actorId ? null : memberId);

async function withdraw(tx: Tx, trade: Trade, { acting, reason }: Ending) {
  requireAction(trade, 'WITHDRAW', acting.side);
  const moved = await move(tx, trade, 'WITHDRAW', { endReason: reason, endedAt: clock.now() });
  await tell(tx, moved, 'cancelled', { by: teller(acting), body: reason });
}

async function ask(tx: Tx, trade: Trade, { acting, reason }: Ending) {
  requireAction(trade, 'ASK_TO_CANCEL', acting.side);
  if (trade.cancelAskedAt) return;
  const moved = await move(tx, trade, 'ASK_TO_CANCEL', { cancelAskedAt: clock.now() });
  await tell(tx, moved, 'cancelAsked', { by: teller(acting), body: reason });
}

async function cancel(tx: Tx, trade: Trade, { acting, reason }: Ending) {
  requireAction(trade, 'CANCEL', acting.side);
  await giveBack(tx, trade);
  if (trade.reservationId) await release(tx, { id: trade.reservationId });
  const moved = await move(tx, trade, 'CANCEL', { endReason: reason, endedAt: clock.now() });
  await tell(tx, moved, 'cancelled', { by: teller(acting), body: reason });
}
