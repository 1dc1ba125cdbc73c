import type { InputFieldBuilder } from '@pothos/core';
import { z } from 'zod';
import { builder, localId } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { line, paragraphs } from '../communities/text.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { AccountClosed, EntryIdReused, InsufficientFunds } from '../ledger/refusals.ts';
import { LISTING_LIMITS, rules } from '../listings/content.ts';
import { PaymentTermsType } from '../listings/listings.graphql.ts';
import { agreeTrade, cancelTrade } from './agreement.ts';
import { counterTrade, declineTrade, proposeTrade } from './proposals.ts';
import {
  CounterpartUnavailable,
  ListingUnavailable,
  OutOfStock,
  TooManyProposals,
  TooManyTrades,
  TradeChanged,
  TradeDayLimitReached,
  TradeIdReused,
  TradeTooLarge,
  TradeWithSelf,
  WrongTradeState,
} from './refusals.ts';
import { ACTING_FOR, tradeById, TradeSideType, TradeType } from './trades.graphql.ts';

type Fields = InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;

const TradePaymentInput = builder.inputType('TradePaymentInput', {
  description:
    'For the whole trade, not for one unit. FIXED needs price. AFTER may suggest price, and priceTo. SPLIT and COST_PLUS need price, globalPrice and globalCurrency; under COST_PLUS the materials are global and the work is local. The global part is paid outside and confirmed by both.',
  fields: (t) => ({
    terms: t.field({ type: PaymentTermsType, required: true, description: 'How it is paid.' }),
    price: t.field({ type: 'Decimal', description: 'In units of the community’s currency.' }),
    priceTo: t.field({ type: 'Decimal', description: 'The upper end of a suggested range, not below price.' }),
    globalPrice: t.field({ type: 'Decimal', description: 'In units of globalCurrency.' }),
    globalCurrency: t.string({ description: 'ISO 4217, such as EUR.', validate: rules.globalCurrency }),
  }),
});
const terms = (t: Fields) => ({
  payment: t.field({ type: TradePaymentInput, required: true, description: 'How it is paid.' }),
  quantity: t.int({
    ...{ required: true, defaultValue: 1, description: 'How many units of the listing; its stock goes down by it.' },
    validate: z.number().int().min(1).max(LISTING_LIMITS.quantity),
  }),
  note: t.string({ description: 'What to say to it; at most 2,000 characters.', validate: paragraphs(2000).nullish() }),
  memberId: t.id({ description: ACTING_FOR }),
});

const ProposeTradeInput = builder.inputType('ProposeTradeInput', {
  description:
    'A trade to propose. A suggestion says who is who; a listing says which side its author is on; without either, counterpartId, side and title are needed.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    suggestionId: t.id({ description: 'The suggestion it comes from: it is accepted by this.' }),
    listingId: t.id({ description: 'The offer or want it is about.' }),
    counterpartId: t.id({ description: 'The other member.' }),
    side: t.field({ type: TradeSideType, description: 'The side of the one who proposes.' }),
    title: t.string({ description: 'One line; that of the listing when left out.', validate: line(120).nullish() }),
    ...terms(t),
  }),
});
builder.mutationField('proposeTrade', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    description:
      'Opens a trade with a proposal. It expires after the days of the policy proposalDays. Nothing is held until the other side agrees.',
    errors: {
      types: [
        ...[TradeWithSelf, CounterpartUnavailable, ListingUnavailable, OutOfStock],
        ...[TooManyTrades, TradeTooLarge, TradeIdReused, ActingNotAllowed],
      ],
    },
    args: {
      input: t.arg({ type: ProposeTradeInput, required: true, description: 'With whom, about what, for what.' }),
    },
    resolve: async (query, _root, { input }, { member }) => {
      const { id, payment, quantity } = input;
      await proposeTrade(member, {
        ...{ id, payment, quantity, note: input.note ?? '' },
        suggestionId: idIn('Suggestion', input.suggestionId),
        listingId: idIn('Listing', input.listingId),
        counterpartId: idIn('Member', input.counterpartId),
        side: input.side ?? undefined,
        title: input.title ?? undefined,
        memberId: idIn('Member', input.memberId),
      });
      return tradeById(query, member.communityId, id);
    },
  }),
);

const CounterTradeInput = builder.inputType('CounterTradeInput', {
  description: 'Other terms for a trade that is not agreed yet.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    version: t.int({
      ...{ required: true, description: 'The version this answers; the new one is the next.' },
      validate: z.number().int().min(1).max(1000),
    }),
    ...terms(t),
  }),
});
builder.mutationField('counterTrade', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    description: 'Puts other terms on the table; either side may, until one agrees. Its time begins anew.',
    errors: {
      types: [
        ...[WrongTradeState, TradeChanged, TooManyProposals, CounterpartUnavailable],
        ...[OutOfStock, TradeTooLarge, ActingNotAllowed],
      ],
    },
    args: { input: t.arg({ type: CounterTradeInput, required: true, description: 'Which trade, and the terms.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const { payment, quantity, version } = input;
      const tradeId = localId('Trade', input.tradeId);
      const note = input.note ?? '';
      await counterTrade(member, {
        tradeId,
        version,
        payment,
        quantity,
        note,
        memberId: idIn('Member', input.memberId),
      });
      return tradeById(query, member.communityId, tradeId);
    },
  }),
);

const AgreeTradeInput = builder.inputType('AgreeTradeInput', {
  description: 'The terms of a trade that are agreed to.',
  fields: (t) => ({
    tradeId: t.id({ required: true, description: 'The trade.' }),
    version: t.int({
      ...{ required: true, description: 'The version of the terms that were read.' },
      validate: z.number().int().min(1).max(1000),
    }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('agreeTrade', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    description:
      'The side that was asked agrees: the buyer’s local part is held (not under AFTER), and the stock of the listing goes down.',
    errors: {
      types: [
        ...[WrongTradeState, TradeChanged, InsufficientFunds, OutOfStock, ListingUnavailable],
        ...[CounterpartUnavailable, TradeTooLarge, TradeDayLimitReached, EntryIdReused, AccountClosed],
        ActingNotAllowed,
      ],
    },
    args: { input: t.arg({ type: AgreeTradeInput, required: true, description: 'Which trade, and which terms.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const tradeId = localId('Trade', input.tradeId);
      await agreeTrade(member, { tradeId, version: input.version, memberId: idIn('Member', input.memberId) });
      return tradeById(query, member.communityId, tradeId);
    },
  }),
);

const endInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      tradeId: t.id({ required: true, description: 'The trade.' }),
      reason: t.string({
        ...{ description: 'Why; the other side reads it. At most 500 characters.' },
        validate: paragraphs(500).nullish(),
      }),
      memberId: t.id({ description: ACTING_FOR }),
    }),
  });
for (const [name, input, end, description] of [
  [
    'declineTrade',
    endInput('DeclineTradeInput', 'A proposal that is not wanted.'),
    declineTrade,
    'The side that was asked says no.',
  ],
  [
    'cancelTrade',
    endInput('CancelTradeInput', 'A trade to give up.'),
    cancelTrade,
    'Before agreement, takes one’s proposal back. After it, the provider cancels alone; the buyer asks for it, and the provider cancels. Money and stock go back.',
  ],
] as const)
  builder.mutationField(name, (t) =>
    t.withAuth({ member: true }).prismaField({
      type: TradeType,
      description,
      errors: { types: [WrongTradeState, ActingNotAllowed] },
      args: { input: t.arg({ type: input, required: true, description: 'Which trade, and why.' }) },
      resolve: async (query, _root, { input: { tradeId, reason, memberId } }, { member }) => {
        const id = localId('Trade', tradeId);
        await end(member, { tradeId: id, reason: reason ?? '', memberId: idIn('Member', memberId) });
        return tradeById(query, member.communityId, id);
      },
    }),
  );
