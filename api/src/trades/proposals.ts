import { createHash } from 'node:crypto';
import type { TradeSide } from '@kith/db';
import { requireActingAllowed } from '../communities/brokers.ts';
import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { forbidden } from '../errors.ts';
import { defineJob, enqueue } from '../jobs.ts';
import type { Payment } from '../listings/terms.ts';
import { requireAllowed, surroundingsOf, type Surroundings } from './limits.ts';
import { tell, tellOne } from './notices.ts';
import { OutOfStock, TooManyProposals, TooManyTrades, TradeChanged, TradeIdReused } from './refusals.ts';
import { subjectOf, type SubjectInput } from './subject.ts';
import { termsRow } from './terms.ts';
import {
  actingIn,
  holdTrade,
  move,
  recordActingFor,
  requireAction,
  requireActive,
  requireInTime,
  type Acting,
} from './trade.ts';
import { otherSide } from './transitions.ts';

const OPEN_MOST = 100;
const VERSIONS_MOST = 50;
const DAY_MS = 86_400_000;

/** Terms as a side puts them on the table; the price is for the whole trade. */
export interface TermsInput {
  payment: Payment;
  quantity: number;
  note: string;
}
export interface ProposalInput extends SubjectInput, TermsInput {
  /** Made by the client: the same id is the same trade. */
  id: string;
  /** For whom a broker proposes; the viewer when left out. */
  memberId?: string | undefined;
}

/** Opens a trade with a first proposal, once for each id. Nothing is held until the other side agrees. */
export async function proposeTrade(viewer: Member, input: ProposalInput): Promise<void> {
  const { communityId } = viewer;
  const { id, quantity, note, payment, memberId = viewer.memberId, ...about } = input;
  if (memberId !== viewer.memberId && !can(viewer.roles, 'tradesActFor')) throw forbidden('acting for another member');
  const actorId = memberId === viewer.memberId ? null : viewer.memberId;
  const createdFrom = fingerprint({ memberId, quantity, note, payment, about });
  await inCommunity(viewer, async (tx) => {
    const known = await tx.trade.findUnique({ where: { communityId_id: { communityId, id } } });
    if (known) return requireSame(known.createdFrom, createdFrom);
    if (actorId) await requireActingAllowed(tx, { communityId, memberId });
    const subject = await subjectOf(tx, { communityId, memberId }, about);
    // Else a broker would propose for somebody what they then agree to themselves, and be paid for it.
    if (actorId && [subject.buyerId, subject.providerId].includes(actorId))
      throw forbidden('acting for the other side of your own trade');
    await requireActive(tx, { communityId, ...subject });
    await requireFew(tx, communityId, memberId);
    const surroundings = await surroundingsOf(tx, communityId);
    const terms = allowed(payment, surroundings);
    await requireStock(tx, { communityId, ...subject }, quantity);
    const { side, ...shown } = subject;
    const now = clock.now();
    const expiresAt = endOf(now, surroundings);
    const row = { communityId, id, ...shown, createdFrom, expiresAt, createdAt: now, updatedAt: now };
    const { count } = await tx.trade.createMany({ data: [row], skipDuplicates: true });
    if (!count) {
      const other = await tx.trade.findUniqueOrThrow({ where: { communityId_id: { communityId, id } } });
      return requireSame(other.createdFrom, createdFrom);
    }
    const proposal = { communityId, tradeId: id, version: 1, side, actorId, ...terms, quantity, note, createdAt: now };
    await tx.tradeProposal.create({ data: proposal });
    await enqueue(tx, 'trade.expire', { communityId, tradeId: id }, { runAt: expiresAt });
    const acting: Acting = { side, memberId, actorId };
    await recordActingFor(tx, viewer, { action: 'propose', tradeId: id, acting });
    const told = { ...row, version: 1 };
    await tell(tx, told, 'proposed', { by: memberId, body: note });
    if (actorId) await tellOne(tx, told, { memberId, text: 'trade.proposedFor' });
  });
}

function requireSame(known: Uint8Array, given: Uint8Array) {
  if (Buffer.compare(known, given)) throw new TradeIdReused();
}
const fingerprint = (content: object): Buffer<ArrayBuffer> =>
  createHash('sha256').update(JSON.stringify(content)).digest() as Buffer<ArrayBuffer>;

function allowed(payment: Payment, surroundings: Surroundings) {
  const terms = termsRow(payment, surroundings.currencyScale);
  requireAllowed(terms.priceTo ?? terms.price ?? 0n, surroundings);
  return terms;
}
const endOf = (now: Date, { policies }: Surroundings) => new Date(now.getTime() + policies.proposalDays * DAY_MS);

async function requireFew(tx: Tx, communityId: string, memberId: string) {
  const by = (side: TradeSide) => ({ proposals: { some: { version: 1, side } } });
  const sides = [
    { buyerId: memberId, ...by('BUYER') },
    { providerId: memberId, ...by('PROVIDER') },
  ];
  const open = await tx.trade.count({ where: { communityId, state: 'PROPOSED', OR: sides } });
  if (open >= OPEN_MOST) throw new TooManyTrades(OPEN_MOST);
}

/** Said early; it is taken, and asked again, at agreement. */
async function requireStock(
  tx: Tx,
  { communityId, offerId, wantId }: { communityId: string; offerId: string | null; wantId: string | null },
  quantity: number,
) {
  const ids = [offerId, wantId].filter((id) => id !== null);
  const short = await tx.listing.findFirst({ where: { communityId, id: { in: ids }, quantity: { lt: quantity } } });
  if (short) throw new OutOfStock(short.quantity!);
}

export interface CounterInput extends TermsInput {
  tradeId: string;
  /** The version the side answers; the new one is the next. */
  version: number;
  memberId?: string | undefined;
}

/** Puts other terms on the table: either side may, also in place of its own. Sent again it answers the same. */
export async function counterTrade(viewer: Member, input: CounterInput): Promise<void> {
  const { communityId } = viewer;
  const { tradeId, version, quantity, note, payment } = input;
  await inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, input.memberId);
    const { side, actorId, memberId } = acting;
    const surroundings = await surroundingsOf(tx, communityId);
    const terms = allowed(payment, surroundings);
    const content = { side, actorId, ...terms, quantity, note };
    if (trade.version === version + 1 && isSame(trade.proposal, content)) return;
    requireAction(trade, 'COUNTER', side);
    requireInTime(trade);
    if (trade.version !== version) throw new TradeChanged(trade.version);
    if (version >= VERSIONS_MOST) throw new TooManyProposals(VERSIONS_MOST);
    await requireActive(tx, trade);
    await requireStock(tx, trade, quantity);
    const now = clock.now();
    const expiresAt = endOf(now, surroundings);
    await tx.tradeProposal.create({ data: { communityId, tradeId, version: version + 1, ...content, createdAt: now } });
    const moved = await move(tx, trade, 'COUNTER', { version: version + 1, expiresAt });
    await enqueue(tx, 'trade.expire', { communityId, tradeId }, { runAt: expiresAt });
    await recordActingFor(tx, viewer, { action: 'counter', tradeId, acting });
    await tell(tx, moved, 'countered', { by: actorId ? null : memberId, body: note });
  });
}
const isSame = (known: object, content: object) =>
  Object.entries(content).every(([field, value]) => known[field as keyof typeof known] === value);

export interface EndInput {
  tradeId: string;
  reason: string;
  memberId?: string | undefined;
}

/** The side that was asked says no. */
export const declineTrade = (viewer: Member, { tradeId, reason, memberId }: EndInput): Promise<void> =>
  inCommunity(viewer, async (tx) => {
    const trade = await holdTrade(tx, viewer.communityId, tradeId);
    const acting = await actingIn(tx, viewer, trade, memberId);
    if (trade.state === 'DECLINED' && acting.side === otherSide(trade.proposal.side)) return;
    requireAction(trade, 'DECLINE', acting.side);
    const moved = await move(tx, trade, 'DECLINE', { endReason: reason, endedAt: clock.now() });
    await recordActingFor(tx, viewer, { action: 'decline', tradeId, acting });
    await tell(tx, moved, 'declined', { by: acting.actorId ? null : acting.memberId, body: reason });
  });

defineJob<{ communityId: string; tradeId: string }>('trade.expire', async ({ communityId, tradeId }) => {
  await inCommunity(communityId, async (tx) => {
    const trade = await holdTrade(tx, communityId, tradeId);
    // Answered meanwhile, or given more time by other terms.
    if (trade.state !== 'PROPOSED' || trade.expiresAt > clock.now()) return;
    const moved = await move(tx, trade, 'EXPIRE', { endedAt: clock.now() });
    await tell(tx, moved, 'expired');
  });
});
