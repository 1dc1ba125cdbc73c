import type { TradeState } from '@kith/db';
import { DomainError } from '../errors.ts';
import type { Money } from '../money.ts';

export class WrongTradeState extends DomainError {
  readonly code = 'WRONG_TRADE_STATE';
  readonly state: TradeState;
  constructor(state: TradeState) {
    super(`The trade is ${state.toLowerCase()}, so this cannot be done by you now. Load it again to see what can.`);
    this.state = state;
  }
}
export class TradeChanged extends DomainError {
  readonly code = 'TRADE_CHANGED';
  readonly currentVersion: number;
  constructor(currentVersion: number) {
    super('Other terms are on the table than those you answer. Load the trade again, then answer.');
    this.currentVersion = currentVersion;
  }
}
export class TradeIdReused extends DomainError {
  readonly code = 'TRADE_ID_REUSED';
  constructor() {
    super('This id stands for something else already: send the same content again, or make a new id.');
  }
}
export class TradeWithSelf extends DomainError {
  readonly code = 'TRADE_WITH_SELF';
  constructor() {
    super('A trade needs two different members.');
  }
}
export class CounterpartUnavailable extends DomainError {
  readonly code = 'COUNTERPART_UNAVAILABLE';
  constructor() {
    super('One of the two is not an active member now: they may have left or be suspended.');
  }
}
export class ListingUnavailable extends DomainError {
  readonly code = 'LISTING_UNAVAILABLE';
  constructor() {
    super(
      'The listing or suggestion this is about is not open any more. Propose a trade without it, or about another.',
    );
  }
}
export class OutOfStock extends DomainError {
  readonly code = 'OUT_OF_STOCK';
  readonly left: number;
  constructor(left: number) {
    super(`The listing has ${left} left, fewer than this trade needs. Propose a smaller quantity.`);
    this.left = left;
  }
}
export class TooManyTrades extends DomainError {
  readonly code = 'TOO_MANY_TRADES';
  constructor(most: number) {
    super(`You have ${most} open proposals: wait until some are answered, or cancel them.`);
  }
}
export class TooManyProposals extends DomainError {
  readonly code = 'TOO_MANY_PROPOSALS';
  constructor(most: number) {
    super(`${most} proposals were made in this trade: agree to one, decline, or open another trade.`);
  }
}
export class TradeTooLarge extends DomainError {
  readonly code = 'TRADE_TOO_LARGE';
  readonly most: Money;
  constructor(most: Money) {
    super('The community allows no trade as large as that: its policy paymentMost says how much.');
    this.most = most;
  }
}
export class TradeDayLimitReached extends DomainError {
  readonly code = 'TRADE_DAY_LIMIT_REACHED';
  constructor() {
    super(
      'More than the community lets a member spend in a day, with what was spent today: make it less, or tomorrow.',
    );
  }
}
export class GlobalPartUnconfirmed extends DomainError {
  readonly code = 'GLOBAL_PART_UNCONFIRMED';
  constructor() {
    super('The part in global currency is paid outside: both of you confirm it first.');
  }
}
export class AlreadyReviewed extends DomainError {
  readonly code = 'ALREADY_REVIEWED';
  constructor() {
    super('You have reviewed this trade already, in other words: a review is not changed.');
  }
}
export class ReviewsClosed extends DomainError {
  readonly code = 'REVIEWS_CLOSED';
  constructor() {
    super('The time for reviews of this trade is over, or it was undone.');
  }
}
export class AlreadyReplied extends DomainError {
  readonly code = 'ALREADY_REPLIED';
  constructor() {
    super('You have replied already, and a review has one reply.');
  }
}
export class AlreadyDisputed extends DomainError {
  readonly code = 'ALREADY_DISPUTED';
  constructor() {
    super('There is a dispute about this trade already: add what you have to it.');
  }
}
export class DisputeTimeOver extends DomainError {
  readonly code = 'DISPUTE_TIME_OVER';
  constructor() {
    super('The time in which this could be disputed or appealed is over, or it was undone. Ask an operator.');
  }
}
export class DisputeClosed extends DomainError {
  readonly code = 'DISPUTE_CLOSED';
  constructor() {
    super('The dispute is not open for this any more. Load it again to see what was decided.');
  }
}
export class TooMuchEvidence extends DomainError {
  readonly code = 'TOO_MUCH_EVIDENCE';
  constructor(most: number) {
    super(`Each side gives at most ${most} pieces of evidence.`);
  }
}
export class NotImpartial extends DomainError {
  readonly code = 'NOT_IMPARTIAL';
  constructor() {
    super('Whoever takes part in a trade, or has decided about it, leaves this decision to somebody else.');
  }
}
export class AlreadyUndone extends DomainError {
  readonly code = 'ALREADY_UNDONE';
  constructor() {
    super('The trade was undone already.');
  }
}
