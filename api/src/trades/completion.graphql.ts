import { builder, localId } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { reason } from '../communities/text.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { AccountClosed, AlreadyReversed, CeilingExceeded, InsufficientFunds } from '../ledger/refusals.ts';
import { completeTrade, confirmGlobalPart, markDelivered } from './completion.ts';
import {
  AlreadyReviewed,
  AlreadyUndone,
  GlobalPartUnconfirmed,
  NotImpartial,
  ReviewsClosed,
  TradeDayLimitReached,
  TradeTooLarge,
  WrongTradeState,
} from './refusals.ts';
import { ReviewContentInput } from './reviews.graphql.ts';
import { ACTING_FOR, tradeById, TradeType } from './trades.graphql.ts';
import { undoTrade } from './undo.ts';

const MarkDeliveredInput = builder.inputType('MarkDeliveredInput', {
  description: 'A trade the provider has done their part of.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    globalCost: t.field({
      type: 'Decimal',
      description: 'Under COST_PLUS, what the materials cost in the end; at most what was agreed.',
    }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('markDelivered', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    description:
      'The provider says it is done. A reserved trade completes by itself after the days of the policy completionDays.',
    errors: { types: [WrongTradeState, ActingNotAllowed] },
    args: { input: t.arg({ type: MarkDeliveredInput, required: true, description: 'Which trade.' }) },
    resolve: async (query, _root, { input: { tradeId, globalCost, memberId } }, { member }) => {
      const id = localId('Trade', tradeId);
      const cost = globalCost ?? undefined;
      await markDelivered(member, { tradeId: id, globalCost: cost, memberId: idIn('Member', memberId) });
      return tradeById(query, member.communityId, id);
    },
  }),
);

const ConfirmGlobalPartInput = builder.inputType('ConfirmGlobalPartInput', {
  description: 'A trade whose part in global currency was paid outside.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('confirmGlobalPart', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    description: 'A side says that the part in global currency was paid outside. It counts when both have said so.',
    errors: { types: [WrongTradeState, ActingNotAllowed] },
    args: { input: t.arg({ type: ConfirmGlobalPartInput, required: true, description: 'Which trade.' }) },
    resolve: async (query, _root, { input: { tradeId, memberId } }, { member }) => {
      const id = localId('Trade', tradeId);
      await confirmGlobalPart(member, { tradeId: id, memberId: idIn('Member', memberId) });
      return tradeById(query, member.communityId, id);
    },
  }),
);

const CompleteTradeInput = builder.inputType('CompleteTradeInput', {
  description: 'A trade the buyer is done with.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'For AFTER, and only then: what the buyer finds right, in units of the local currency; 0 or more.',
    }),
    review: t.field({ type: ReviewContentInput, required: true, description: 'What the buyer says of the provider.' }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('completeTrade', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    description: 'The buyer is satisfied: the provider is paid in one entry, and the review is written with it.',
    errors: {
      types: [
        ...[WrongTradeState, GlobalPartUnconfirmed, InsufficientFunds, CeilingExceeded],
        ...[TradeTooLarge, TradeDayLimitReached, AlreadyReviewed, ReviewsClosed, AccountClosed],
        ActingNotAllowed,
      ],
    },
    args: { input: t.arg({ type: CompleteTradeInput, required: true, description: 'Which trade, and how it was.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const tradeId = localId('Trade', input.tradeId);
      const review = { ...input.review, comment: input.review.comment ?? '' };
      const amount = input.amount ?? undefined;
      await completeTrade(member, { tradeId, amount, review, memberId: idIn('Member', input.memberId) });
      return tradeById(query, member.communityId, tradeId);
    },
  }),
);

const UndoTradeInput = builder.inputType('UndoTradeInput', {
  description: 'A trade whose end was wrong.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    reason: t.string({ required: true, description: 'Why; both members and the audit log see it.', validate: reason }),
  }),
});
builder.mutationField('undoTrade', (t) =>
  t.withAuth({ capability: 'tradesUndo' }).prismaField({
    type: TradeType,
    description:
      'Undoes what a completed or resolved trade has moved, with its fees and coinage, in one entry; its reviews do not count any more. Nothing is opened again. Where the money was spent, that account is in arrears.',
    errors: { types: [WrongTradeState, AlreadyUndone, AlreadyReversed, NotImpartial, AccountClosed] },
    args: { input: t.arg({ type: UndoTradeInput, required: true, description: 'Which trade, and why.' }) },
    resolve: async (query, _root, { input: { tradeId, reason } }, { member }) => {
      const id = localId('Trade', tradeId);
      await undoTrade(member, { tradeId: id, reason });
      return tradeById(query, member.communityId, id);
    },
  }),
);
