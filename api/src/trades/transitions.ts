import type { DisputeState, PaymentTerms, TradeSide, TradeState } from '@kith/db';

export const TRADE_ACTIONS = [
  'COUNTER',
  'AGREE',
  'DECLINE',
  'WITHDRAW',
  'EXPIRE',
  'ASK_TO_CANCEL',
  'CANCEL',
  'CONFIRM_GLOBAL',
  'DELIVER',
  'COMPLETE',
  'LAPSE',
  'DISPUTE',
  'RESOLVE',
  'APPEAL',
  'REVIEW',
  'UNDO',
] as const;
export type TradeAction = (typeof TRADE_ACTIONS)[number];

/** PROPOSER: whose proposal is on the table; ANSWERER: the other one. */
type Actor = TradeSide | 'PROPOSER' | 'ANSWERER' | 'MODERATOR' | 'SYSTEM';
interface Rule {
  by: readonly Actor[];
  from: readonly TradeState[];
  /** Left out: the state stays what it is. */
  to?: TradeState;
}
const BOTH = ['BUYER', 'PROVIDER'] as const;

/** Who may take a trade from where to where. What is not listed here is refused. */
const rules: Record<TradeAction, Rule> = {
  COUNTER: { by: BOTH, from: ['PROPOSED'] },
  AGREE: { by: ['ANSWERER'], from: ['PROPOSED'], to: 'AGREED' },
  DECLINE: { by: ['ANSWERER'], from: ['PROPOSED'], to: 'DECLINED' },
  WITHDRAW: { by: ['PROPOSER'], from: ['PROPOSED'], to: 'CANCELLED' },
  EXPIRE: { by: ['SYSTEM'], from: ['PROPOSED'], to: 'EXPIRED' },
  // After agreement it takes both, or the provider alone: the buyer's money is not theirs to give up, their own work is.
  ASK_TO_CANCEL: { by: ['BUYER'], from: ['AGREED', 'DELIVERED'] },
  CANCEL: { by: ['PROVIDER'], from: ['AGREED', 'DELIVERED'], to: 'CANCELLED' },
  CONFIRM_GLOBAL: { by: BOTH, from: ['AGREED', 'DELIVERED'] },
  DELIVER: { by: ['PROVIDER'], from: ['AGREED'], to: 'DELIVERED' },
  COMPLETE: { by: ['BUYER'], from: ['DELIVERED'], to: 'COMPLETED' },
  LAPSE: { by: ['SYSTEM'], from: ['DELIVERED'], to: 'COMPLETED' },
  DISPUTE: { by: BOTH, from: ['AGREED', 'DELIVERED', 'COMPLETED'], to: 'DISPUTED' },
  RESOLVE: { by: ['MODERATOR'], from: ['DISPUTED'], to: 'RESOLVED' },
  APPEAL: { by: BOTH, from: ['RESOLVED'], to: 'DISPUTED' },
  REVIEW: { by: BOTH, from: ['COMPLETED', 'RESOLVED'] },
  UNDO: { by: ['MODERATOR'], from: ['COMPLETED', 'RESOLVED'] },
};

/** A trade in these states is not over: its members cannot leave. */
export const OPEN_STATES: TradeState[] = ['PROPOSED', 'AGREED', 'DELIVERED', 'DISPUTED'];
/** The buyer's money is held while the trade stands here. */
export const HOLDING_STATES: TradeState[] = ['AGREED', 'DELIVERED', 'DISPUTED'];

/** The state after the action; undefined when it is not allowed in this state. */
export function stateAfter(action: TradeAction, state: TradeState): TradeState | undefined {
  const { from, to } = rules[action];
  return from.includes(state) ? (to ?? state) : undefined;
}

/** Whether a side is who may act, whatever the state. `proposer` is the side whose proposal is on the table. */
export function isFor(action: TradeAction, side: TradeSide, proposer: TradeSide): boolean {
  const { by } = rules[action];
  return by.includes(side) || by.includes(side === proposer ? 'PROPOSER' : 'ANSWERER');
}

/** What a side may do now, by state, side, terms and what was done before; a rule may still say no. */
export function actionsOf(side: TradeSide, standing: Standing): TradeAction[] {
  const { state, proposer, terms, isUndone, dispute, reviews } = standing;
  const isOver: Partial<Record<TradeAction, boolean>> = {
    CONFIRM_GLOBAL: (terms !== 'SPLIT' && terms !== 'COST_PLUS') || standing.hasConfirmed(side),
    ASK_TO_CANCEL: standing.hasAskedToCancel,
    DISPUTE: isUndone || dispute !== null,
    APPEAL: isUndone || dispute !== 'RESOLVED',
    REVIEW: isUndone || reviews.some((review) => review.side === side || review.unsealedAt !== null),
  };
  return TRADE_ACTIONS.filter(
    (action) => isFor(action, side, proposer) && stateAfter(action, state) !== undefined && !isOver[action],
  );
}
interface Standing {
  state: TradeState;
  proposer: TradeSide;
  terms: PaymentTerms;
  hasConfirmed: (side: TradeSide) => boolean;
  hasAskedToCancel: boolean;
  isUndone: boolean;
  /** Where its dispute stands; null while there is none. */
  dispute: DisputeState | null;
  reviews: readonly { side: TradeSide; unsealedAt: Date | null }[];
}

export const otherSide = (side: TradeSide): TradeSide => (side === 'BUYER' ? 'PROVIDER' : 'BUYER');
