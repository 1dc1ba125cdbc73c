import type { TradeSide } from '@kith/db';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { accountOf } from '../ledger/accounts.ts';
import { InsufficientFunds } from '../ledger/refusals.ts';
import { reserve } from '../ledger/reservations.ts';
import { surroundingsOf } from './limits.ts';
import { tell, tellModerators } from './notices.ts';
import { AlreadyDisputed, DisputeClosed, DisputeTimeOver, TooMuchEvidence, TradeIdReused } from './refusals.ts';
import { wholeOf } from './settlement.ts';
import { actingIn, holdTrade, move, recordActingFor, requireAction, type Trade } from './trade.ts';

const DAY_MS = 86_400_000;
const EVIDENCE_MOST = 20;
const ATTEMPTS = 4;

/** The dispute, and its trade held. */
export async function holdDispute(tx: Tx, communityId: string, id: string) {
  const known = await tx.dispute.findUnique({ where: { communityId_id: { communityId, id } } });
  if (!known) throw notFound('dispute');
  const trade = await holdTrade(tx, communityId, known.tradeId);
  // Read again: what holds the trade holds its dispute.
  return { trade, dispute: await tx.dispute.findUniqueOrThrow({ where: { communityId_id: { communityId, id } } }) };
}

/**
 * Money is held as far as it is there. Somebody may spend it between the look and the lock: then everything is tried again, and in
 * the end done without.
 */
async function freezing<T>(viewer: Member, work: (tx: Tx, freezes: boolean) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inCommunity(viewer, (tx) => work(tx, attempt < ATTEMPTS));
    } catch (error) {
      if (!(error instanceof InsufficientFunds) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Holds up to an amount of what a member has; null when there is nothing. */
async function freeze(tx: Tx, { communityId, id }: Trade, memberId: string, most: bigint): Promise<string | null> {
  const { id: accountId } = await accountOf(tx, memberId);
  const account = await tx.account.findUniqueOrThrow({ where: { communityId_id: { communityId, id: accountId } } });
  const available = account.balance - account.reserved + account.creditLimit;
  const amount = available < most ? available : most;
  if (amount <= 0n) return null;
  const reservationId = newId();
  await reserve(tx, { id: reservationId, accountId, amount, subject: { type: 'Dispute', id } });
  return reservationId;
}

export interface DisputeInput {
  /** Made by the client: the same id is the same dispute. */
  id: string;
  tradeId: string;
  reason: string;
  memberId?: string | undefined;
}

/**
 * A side asks a moderator to decide: after agreement, or up to the days of the policy disputeDays after completion. What is held
 * stays held; where the provider was paid already, it is held on their account as far as it is there.
 */
export async function openDispute(viewer: Member, { id, tradeId, reason, memberId }: DisputeInput): Promise<void> {
  const { communityId } = viewer;
  await freezing(viewer, async (tx, freezes) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    const { side, actorId } = acting;
    const known = await tx.dispute.findFirst({ where: { communityId, OR: [{ id }, { tradeId }] } });
    if (known) {
      if (known.id !== id) throw new AlreadyDisputed();
      if (known.tradeId === tradeId && known.side === side && known.reason === reason) return;
      throw new TradeIdReused();
    }
    requireAction(trade, 'DISPUTE', side);
    const now = clock.now();
    if (trade.completedAt) {
      const { policies } = await surroundingsOf(tx, communityId);
      const until = trade.completedAt.getTime() + policies.disputeDays * DAY_MS;
      if (trade.undoneAt || now.getTime() >= until) throw new DisputeTimeOver();
    }
    const reservationId = trade.paid && freezes ? await freeze(tx, trade, trade.providerId, trade.paid) : null;
    const row = { communityId, id, tradeId, side, actorId, reason, openedFrom: trade.state, reservationId };
    const { count } = await tx.dispute.createMany({ data: [{ ...row, createdAt: now }], skipDuplicates: true });
    // Somebody used the id for another trade at this moment.
    if (!count) throw new TradeIdReused();
    const moved = await move(tx, trade, 'DISPUTE');
    await recordActingFor(tx, viewer, { action: 'dispute', tradeId, acting });
    await tell(tx, moved, 'disputed', { by: actorId ? null : acting.memberId, body: reason });
    await tellModerators(tx, moved, 'dispute.waits');
  });
}

export interface EvidenceInput {
  /** Made by the client: the same id is the same piece. */
  id: string;
  disputeId: string;
  text: string;
  links: string[];
  memberId?: string | undefined;
}
/** A side says and shows what it has, while the dispute waits for a decision. */
export async function addEvidence(viewer: Member, input: EvidenceInput): Promise<void> {
  const { communityId } = viewer;
  const { id, disputeId, text, links } = input;
  await inCommunity(viewer, async (tx) => {
    const { trade, dispute } = await holdDispute(tx, communityId, disputeId);
    const acting = await actingIn(tx, viewer, trade, input.memberId);
    const { side, actorId } = acting;
    const known = await tx.disputeEvidence.findUnique({ where: { communityId_id: { communityId, id } } });
    if (known) {
      const isSame = known.disputeId === disputeId && known.side === side && known.text === text;
      if (isSame && known.links.join('\n') === links.join('\n')) return;
      throw new TradeIdReused();
    }
    if (dispute.state !== 'OPEN' && dispute.state !== 'APPEALED') throw new DisputeClosed();
    const given = await tx.disputeEvidence.count({ where: { communityId, disputeId, side } });
    if (given >= EVIDENCE_MOST) throw new TooMuchEvidence(EVIDENCE_MOST);
    const row = { communityId, id, disputeId, side, actorId, text, links, createdAt: clock.now() };
    const { count } = await tx.disputeEvidence.createMany({ data: [row], skipDuplicates: true });
    if (!count) throw new TradeIdReused();
    await recordActingFor(tx, viewer, { action: 'addEvidence', tradeId: trade.id, acting });
    await tell(tx, trade, 'evidenceAdded', { by: actorId ? null : acting.memberId, key: id });
  });
}

export interface AppealInput {
  disputeId: string;
  reason: string;
  memberId?: string | undefined;
}
/**
 * A side does not accept the first decision, once, within the days of the policy disputeDays: another moderator decides anew. What
 * the two have of the money is held as far as it is there.
 */
export async function appealDispute(viewer: Member, { disputeId, reason, memberId }: AppealInput): Promise<void> {
  const { communityId } = viewer;
  await freezing(viewer, async (tx, freezes) => {
    const { trade, dispute } = await holdDispute(tx, communityId, disputeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    const { side, actorId } = acting;
    if (dispute.appealSide === side && dispute.appealReason === reason) return;
    if (dispute.state !== 'RESOLVED') throw new DisputeClosed();
    requireAction(trade, 'APPEAL', side);
    const now = clock.now();
    if (trade.undoneAt || dispute.appealUntil! <= now) throw new DisputeTimeOver();
    const held = freezes ? await freezeBoth(tx, trade) : { buyer: null, provider: null };
    await tx.dispute.update({
      where: { communityId_id: { communityId, id: disputeId } },
      data: {
        ...{ state: 'APPEALED', appealSide: side, appealReason: reason, appealedAt: now },
        reservationId: held.provider,
      },
    });
    const moved = await move(tx, trade, 'APPEAL', { reservationId: held.buyer });
    await recordActingFor(tx, viewer, { action: 'appeal', tradeId: trade.id, acting });
    await tell(tx, moved, 'appealed', { by: actorId ? null : acting.memberId, body: reason });
    await tellModerators(tx, moved, 'dispute.appealWaits');
  });
}

/** What the provider got is held on their account, what they did not get on the buyer's; in the order of the accounts' ids. */
async function freezeBoth(tx: Tx, trade: Trade): Promise<{ buyer: string | null; provider: string | null }> {
  const paid = trade.paid ?? 0n;
  const rest = ((await wholeOf(tx, trade)) ?? paid) - paid;
  const shares: { side: TradeSide; memberId: string; accountId: string; amount: bigint }[] = [];
  for (const [side, memberId, amount] of [
    ['BUYER', trade.buyerId, rest],
    ['PROVIDER', trade.providerId, paid],
  ] as const)
    shares.push({ side, memberId, amount, accountId: (await accountOf(tx, memberId)).id });
  shares.sort((one, other) => (one.accountId < other.accountId ? -1 : 1));
  const held: Record<TradeSide, string | null> = { BUYER: null, PROVIDER: null };
  for (const { side, memberId, amount } of shares)
    if (amount > 0n) held[side] = await freeze(tx, trade, memberId, amount);
  return { buyer: held.BUYER, provider: held.PROVIDER };
}
