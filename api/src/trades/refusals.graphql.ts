import { type TradeState } from '@kith/db';
import { builder, ErrorInterface } from '../builder.ts';
import { MoneyType } from '../money.ts';
import {
  AlreadyDisputed,
  AlreadyReplied,
  AlreadyReviewed,
  AlreadyUndone,
  CounterpartUnavailable,
  DisputeClosed,
  DisputeTimeOver,
  GlobalPartUnconfirmed,
  ListingUnavailable,
  NotImpartial,
  OutOfStock,
  ReviewsClosed,
  TooManyProposals,
  TooManyTrades,
  TooMuchEvidence,
  TradeChanged,
  TradeDayLimitReached,
  TradeIdReused,
  TradeTooLarge,
  TradeWithSelf,
  WrongTradeState,
} from './refusals.ts';

export const TradeStateType = builder.enumType('TradeState', {
  description: 'Where a trade stands.',
  values: {
    PROPOSED: { description: 'Terms are on the table; the other side has not answered.' },
    AGREED: { description: 'Both have agreed; the buyer’s local money is held.' },
    DELIVERED: { description: 'The provider says it is done.' },
    COMPLETED: { description: 'The buyer is satisfied, or said nothing; the provider is paid.' },
    DECLINED: { description: 'The side that was asked said no.' },
    CANCELLED: { description: 'It was taken back, or given up; money and stock went back.' },
    EXPIRED: { description: 'Nobody answered in time.' },
    DISPUTED: { description: 'A moderator is asked to decide; the money is held.' },
    RESOLVED: { description: 'A moderator has decided.' },
  } satisfies Record<TradeState, object>,
});

const interfaces = [ErrorInterface];
builder.objectType(WrongTradeState, {
  ...{ name: 'WrongTradeState', interfaces },
  description: 'The trade is in a state in which this side cannot do this.',
  fields: (t) => ({ state: t.expose('state', { type: TradeStateType, description: 'The state it is in.' }) }),
});
builder.objectType(TradeChanged, {
  ...{ name: 'TradeChanged', interfaces },
  description: 'Other terms are on the table than those that were answered.',
  fields: (t) => ({ currentVersion: t.exposeInt('currentVersion', { description: 'The version on the table.' }) }),
});
builder.objectType(OutOfStock, {
  ...{ name: 'OutOfStock', interfaces },
  description: 'A listing of the trade has fewer left than it needs.',
  fields: (t) => ({ left: t.exposeInt('left', { description: 'How many are left.' }) }),
});
builder.objectType(TradeTooLarge, {
  ...{ name: 'TradeTooLarge', interfaces },
  description: 'The policy paymentMost allows no trade as large as that.',
  fields: (t) => ({ most: t.expose('most', { type: MoneyType, description: 'The largest local amount of a trade.' }) }),
});

for (const [refusal, name, description] of [
  [TradeIdReused, 'TradeIdReused', 'The id chosen by the client stands for something else already.'],
  [TradeWithSelf, 'TradeWithSelf', 'A trade needs two different members.'],
  [CounterpartUnavailable, 'CounterpartUnavailable', 'One of the two is not an active member now.'],
  [ListingUnavailable, 'ListingUnavailable', 'The listing or suggestion is not open any more.'],
  [TooManyTrades, 'TooManyTrades', 'The member has as many open proposals as are allowed.'],
  [TooManyProposals, 'TooManyProposals', 'The trade has as many proposals as are allowed.'],
  [TradeDayLimitReached, 'TradeDayLimitReached', 'The policy paymentsPerDayMost allows the buyer no more today.'],
  [GlobalPartUnconfirmed, 'GlobalPartUnconfirmed', 'Both sides have to confirm the part in global currency first.'],
  [AlreadyReviewed, 'AlreadyReviewed', 'The side has reviewed the trade already, in other words.'],
  [ReviewsClosed, 'ReviewsClosed', 'The time for reviews of the trade is over, or it was undone.'],
  [AlreadyReplied, 'AlreadyReplied', 'The review has a reply already.'],
  [AlreadyDisputed, 'AlreadyDisputed', 'There is a dispute about the trade already.'],
  [DisputeTimeOver, 'DisputeTimeOver', 'The time in which this could be disputed or appealed is over.'],
  [DisputeClosed, 'DisputeClosed', 'The dispute is not open for this any more.'],
  [TooMuchEvidence, 'TooMuchEvidence', 'The side has given as much evidence as is allowed.'],
  [NotImpartial, 'NotImpartial', 'Whoever takes part in a trade, or has decided about it, does not decide.'],
  [AlreadyUndone, 'AlreadyUndone', 'The trade was undone already.'],
] as const)
  builder.objectType(refusal as typeof TradeIdReused, { name, interfaces, description });
