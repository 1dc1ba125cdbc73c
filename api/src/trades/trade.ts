import type { TradeSide } from '@kith/db';
import { recordActing, requireActingAllowed } from '../communities/brokers.ts';
import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { badInput, forbidden, notFound } from '../errors.ts';
import { CounterpartUnavailable, WrongTradeState } from './refusals.ts';
import { isFor, stateAfter, type TradeAction } from './transitions.ts';

type Row = NonNullable<Awaited<ReturnType<Tx['trade']['findUnique']>>>;
type ProposalRow = NonNullable<Awaited<ReturnType<Tx['tradeProposal']['findUnique']>>>;
/** A trade with the proposal on the table, held until the transaction ends. */
export type Trade = Row & { proposal: ProposalRow };

/** The trade, locked: whatever happens to one trade happens one after another. Everything else of a trade is locked after it. */
export async function holdTrade(tx: Tx, communityId: string, id: string): Promise<Trade> {
  // Writing the id over itself locks the row without a statement of raw SQL.
  const [trade] = await tx.trade.updateManyAndReturn({ where: { communityId, id }, data: { id } });
  if (!trade) throw notFound('trade');
  const { version } = trade;
  const key = { communityId_tradeId_version: { communityId, tradeId: id, version } };
  return { ...trade, proposal: await tx.tradeProposal.findUniqueOrThrow({ where: key }) };
}

export const memberOf = (trade: Pick<Row, 'buyerId' | 'providerId'>, side: TradeSide): string =>
  side === 'BUYER' ? trade.buyerId : trade.providerId;
export const sideOf = (trade: Pick<Row, 'buyerId' | 'providerId'>, memberId: string): TradeSide | undefined =>
  memberId === trade.buyerId ? 'BUYER' : memberId === trade.providerId ? 'PROVIDER' : undefined;

/** On which side somebody acts, and for whom. */
export interface Acting {
  side: TradeSide;
  memberId: string;
  /** The broker who acts for the member; null when they act themselves. */
  actorId: string | null;
}

/** The side the viewer acts on: their own, or that of the member a broker names, who lets them. For others the trade is not there. */
export async function actingIn(tx: Tx, viewer: Member, trade: Trade, forMemberId: string | undefined): Promise<Acting> {
  const own = sideOf(trade, viewer.memberId);
  if (forMemberId === undefined || forMemberId === viewer.memberId) {
    if (own) return { side: own, memberId: viewer.memberId, actorId: null };
    if (can(viewer.roles, 'tradesActFor')) throw forbidden('acting in the trade of others without naming for whom');
    throw notFound('trade');
  }
  if (!can(viewer.roles, 'tradesActFor')) throw own ? forbidden('acting for another member') : notFound('trade');
  if (own) throw forbidden('acting for the other side of your own trade');
  const side = sideOf(trade, forMemberId);
  if (!side) throw badInput('Name the member of this trade you act for.', 'memberId');
  await requireActingAllowed(tx, { communityId: trade.communityId, memberId: forMemberId });
  return { side, memberId: forMemberId, actorId: viewer.memberId };
}

/** Refuses an action the side or the state does not have. */
export function requireAction(trade: Trade, action: TradeAction, side?: TradeSide) {
  const isTheirs = side === undefined || isFor(action, side, trade.proposal.side);
  if (!isTheirs || stateAfter(action, trade.state) === undefined) throw new WrongTradeState(trade.state);
}

/** Refuses to answer a proposal whose time is over, also before the job has said so. */
export function requireInTime(trade: Trade) {
  if (trade.state === 'PROPOSED' && trade.expiresAt <= clock.now()) throw new WrongTradeState('EXPIRED');
}

type Data = Parameters<Tx['trade']['update']>[0]['data'];
/** Writes what an action leads to. The trade is held and the action allowed. */
export async function move(tx: Tx, trade: Trade, action: TradeAction, data: Data = {}): Promise<Trade> {
  const state = stateAfter(action, trade.state);
  if (!state) throw new Error(`${action} was not asked for before it was done.`);
  const { communityId, id, proposal } = trade;
  const where = { communityId_id: { communityId, id } };
  return { ...(await tx.trade.update({ where, data: { ...data, state, updatedAt: clock.now() } })), proposal };
}

/** Both have to be active members where a trade is proposed or agreed. */
export async function requireActive(
  tx: Tx,
  { communityId, buyerId, providerId }: Pick<Row, 'communityId' | 'buyerId' | 'providerId'>,
) {
  const active = await tx.member.count({
    where: { communityId, id: { in: [buyerId, providerId] }, state: 'ACTIVE' },
  });
  if (active !== 2) throw new CounterpartUnavailable();
}

/** Puts on the record that a broker acted for a member. */
export async function recordActingFor(
  tx: Tx,
  viewer: Member,
  { action, tradeId, acting }: { action: string; tradeId: string; acting: Acting },
) {
  if (acting.actorId === null) return;
  const subject = { type: 'Trade', id: tradeId };
  await recordActing(tx, viewer, { action: `trade.${action}`, memberId: acting.memberId, subject });
}
