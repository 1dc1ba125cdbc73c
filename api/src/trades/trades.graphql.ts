import { NO_COMMUNITY, TradeSide } from '@kith/db';
import { builder, globalId } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { prisma } from '../db.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { JournalEntryType } from '../ledger/entries.graphql.ts';
import { entriesSeenBy } from '../ledger/visibility.ts';
import { globalMoney, ListingType, PaymentTermsType } from '../listings/listings.graphql.ts';
import { visibleTo } from '../listings/visibility.ts';
import { MoneyType } from '../money.ts';
import { TradeStateType } from './refusals.graphql.ts';
import { sideOf } from './trade.ts';
import { actionsOf, TRADE_ACTIONS } from './transitions.ts';
import { tradesSeenBy } from './visibility.ts';

export const TradeSideType = builder.enumType('TradeSide', {
  description: 'A side of a trade: who pays, or who provides.',
  values: Object.values(TradeSide),
});
export const ACTING_FOR = 'For whom, when a broker acts for a member who is offline; the viewer when left out.';
const TradeActionType = builder.enumType('TradeAction', {
  description: 'What can be done with a trade.',
  values: TRADE_ACTIONS,
});

const localMoney = async (communityId: string, minor: bigint | null) =>
  minor === null ? null : { minor, ...(await localCurrencyOf(communityId)) };
export const memberById = (query: object, communityId: string, id: string) =>
  prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

export const TradeProposalType = builder.prismaObject('TradeProposal', {
  description: 'Terms one side put on the table.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Counts the proposals of a trade from 1; agreeing names it.' }),
    side: t.expose('side', { type: TradeSideType, description: 'Whose proposal it is.' }),
    actor: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'The broker who wrote it for a member who is offline.',
      select: { communityId: true, actorId: true },
      resolve: (query, { communityId, actorId: id }) => (id ? memberById(query, communityId, id) : null),
    }),
    terms: t.expose('terms', { type: PaymentTermsType, description: 'How it is paid.' }),
    price: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The local part, of the whole trade; under AFTER the lower end of what is suggested.',
      select: { communityId: true, price: true },
      resolve: ({ communityId, price }) => localMoney(communityId, price),
    }),
    priceTo: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The upper end of what is suggested under AFTER.',
      select: { communityId: true, priceTo: true },
      resolve: ({ communityId, priceTo }) => localMoney(communityId, priceTo),
    }),
    globalPrice: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The part in a global currency, paid outside; under COST_PLUS the materials.',
      select: { globalPrice: true, globalCurrency: true },
      resolve: ({ globalPrice, globalCurrency }) => globalMoney(globalPrice, globalCurrency),
    }),
    quantity: t.exposeInt('quantity', { description: 'How many units of the listing.' }),
    note: t.exposeString('note', { description: 'What they wrote to it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

export const TradeType = builder.prismaNode('Trade', {
  description:
    'An agreement between two members, from the first proposal to its end. For the two, and who looks after trades.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => {
    const { communityId, ...seen } = tradesSeenBy(member);
    return { communityId_id: { communityId: (communityId as string) ?? NO_COMMUNITY, id }, ...seen };
  },
  authScopes: { member: true },
  fields: (t) => ({
    title: t.exposeString('title', { description: 'What it is about.' }),
    state: t.expose('state', { type: TradeStateType, description: 'Where it stands.' }),
    version: t.exposeInt('version', { description: 'The proposal on the table, or the one that was agreed.' }),
    buyer: t.prismaField({
      type: MemberType,
      description: 'Who pays.',
      select: { communityId: true, buyerId: true },
      resolve: (query, { communityId, buyerId }) => memberById(query, communityId, buyerId),
    }),
    provider: t.prismaField({
      type: MemberType,
      description: 'Who provides, and is paid.',
      select: { communityId: true, providerId: true },
      resolve: (query, { communityId, providerId }) => memberById(query, communityId, providerId),
    }),
    viewerSide: t.field({
      type: TradeSideType,
      nullable: true,
      description: 'The side the viewer is on; null for others.',
      select: { buyerId: true, providerId: true },
      resolve: (trade, _args, { member }) => (member && sideOf(trade, member.memberId)) ?? null,
    }),
    viewerActions: t.field({
      type: [TradeActionType],
      description:
        'What the viewer’s side can do in this state and has not done yet. A rule may still refuse it, such as when its time is over.',
      select: {
        ...{ buyerId: true, providerId: true, state: true, version: true, undoneAt: true, cancelAskedAt: true },
        ...{ buyerConfirmedAt: true, providerConfirmedAt: true },
        proposals: { select: { version: true, side: true, terms: true } },
        dispute: { select: { state: true } },
        reviews: { select: { side: true, unsealedAt: true } },
      },
      resolve: (trade, _args, { member }) => {
        const side = member && sideOf(trade, member.memberId);
        if (!side) return [];
        const { state, version, reviews } = trade;
        const { side: proposer, terms } = trade.proposals.find((proposal) => proposal.version === version)!;
        const confirmed = { BUYER: trade.buyerConfirmedAt, PROVIDER: trade.providerConfirmedAt };
        return actionsOf(side, {
          ...{ state, proposer, terms, reviews, dispute: trade.dispute?.state ?? null },
          ...{ isUndone: trade.undoneAt !== null, hasAskedToCancel: trade.cancelAskedAt !== null },
          hasConfirmed: (of) => confirmed[of] !== null,
        });
      },
    }),
    offer: t.prismaField({
      type: ListingType,
      nullable: true,
      description: 'The offer it is about, while the viewer may see it.',
      select: { communityId: true, offerId: true },
      resolve: (query, { communityId, offerId: id }, _args, { member }) =>
        id ? prisma.listing.findFirst({ ...query, where: { communityId, id, AND: [visibleTo(member)] } }) : null,
    }),
    want: t.prismaField({
      type: ListingType,
      nullable: true,
      description: 'The want it is about, while the viewer may see it.',
      select: { communityId: true, wantId: true },
      resolve: (query, { communityId, wantId: id }, _args, { member }) =>
        id ? prisma.listing.findFirst({ ...query, where: { communityId, id, AND: [visibleTo(member)] } }) : null,
    }),
    suggestionId: t.id({
      nullable: true,
      description: 'The suggestion it came from, for node(id:) of its two members.',
      select: { suggestionId: true },
      resolve: ({ suggestionId }) => (suggestionId ? globalId('Suggestion', suggestionId) : null),
    }),
    proposals: t.relation('proposals', {
      description: 'All proposals, the first one first; at most 50.',
      query: { orderBy: { version: 'asc' }, take: 50 },
    }),
    terms: t.field({
      type: TradeProposalType,
      description: 'The terms on the table, or those that were agreed.',
      select: (_args, _context, nested) => ({ version: true, proposals: nested(true) }) as never,
      resolve: (trade) => {
        const { version, proposals } = trade as unknown as { version: number; proposals: { version: number }[] };
        return proposals.find((proposal) => proposal.version === version) as never;
      },
    }),
    held: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What is held of the buyer’s local money now; null where nothing is ever held.',
      select: { communityId: true, reservationId: true },
      resolve: async ({ communityId, reservationId: id }) => {
        const held = id && (await prisma.reservation.findFirst({ where: { communityId, id } }));
        return held ? localMoney(communityId, held.amount) : null;
      },
    }),
    paid: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What the provider got in local currency; null before the end.',
      select: { communityId: true, paid: true },
      resolve: ({ communityId, paid }) => localMoney(communityId, paid),
    }),
    minted: t.field({
      type: MoneyType,
      description: 'What of it was new coins; the buyer paid the rest.',
      select: { communityId: true, minted: true },
      resolve: async ({ communityId, minted }) => (await localMoney(communityId, minted))!,
    }),
    globalCost: t.field({
      type: MoneyType,
      nullable: true,
      description: 'Under COST_PLUS, what the materials cost in the end, if the provider has said so.',
      select: {
        globalCost: true,
        proposals: { select: { globalCurrency: true }, orderBy: { version: 'desc' }, take: 1 },
      },
      resolve: ({ globalCost, proposals }) => globalMoney(globalCost, proposals[0]!.globalCurrency),
    }),
    entry: t.prismaField({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry that paid it.',
      select: { entryId: true },
      resolve: (query, { entryId: id }, _args, { member }) =>
        id ? prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id } }) : null,
    }),
    buyerConfirmedAt: t.expose('buyerConfirmedAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When the buyer said the global part was paid.',
    }),
    providerConfirmedAt: t.expose('providerConfirmedAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When the provider said the global part was paid.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When a proposal ends without an answer.' }),
    agreedAt: t.expose('agreedAt', { type: 'DateTime', nullable: true, description: 'When both had agreed.' }),
    deliveredAt: t.expose('deliveredAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When the provider said it was done.',
    }),
    completesAt: t.expose('completesAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When a reserved trade completes by itself, if nobody says anything.',
    }),
    cancelAskedAt: t.expose('cancelAskedAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When the buyer asked to cancel what was agreed.',
    }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true, description: 'When it was completed.' }),
    completedByItself: t.exposeBoolean('completedByItself', { description: 'The buyer had said nothing.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it came to its end.' }),
    endReason: t.exposeString('endReason', {
      nullable: true,
      description: 'Why it was declined, cancelled or undone.',
    }),
    undoneAt: t.expose('undoneAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When an operator undid it: its money and its reviews do not count.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When something happened to it last.' }),
  }),
});

/** Loads the trade that was written, as the answer asks for it. */
export const tradeById = <Q extends object>(query: Q, communityId: string, id: string) =>
  prisma.trade.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
