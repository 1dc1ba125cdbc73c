import { type DisputeOutcome, type DisputeState, NO_COMMUNITY } from '@kith/db';
import { z } from 'zod';
import { builder, localId } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { paragraphs, reason, webAddress } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { JournalEntryType } from '../ledger/entries.graphql.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { AccountClosed, AlreadyReversed, CeilingExceeded, InsufficientFunds } from '../ledger/refusals.ts';
import { entriesSeenBy } from '../ledger/visibility.ts';
import { MoneyType } from '../money.ts';
import { resolveDispute } from './decisions.ts';
import { addEvidence, appealDispute, openDispute } from './disputes.ts';
import {
  AlreadyDisputed,
  DisputeClosed,
  DisputeTimeOver,
  NotImpartial,
  TooMuchEvidence,
  TradeIdReused,
  TradeTooLarge,
  WrongTradeState,
} from './refusals.ts';
import { TradeStateType } from './refusals.graphql.ts';
import { ACTING_FOR, memberById, TradeSideType, TradeType } from './trades.graphql.ts';
import { disputesSeenBy } from './visibility.ts';

export const DisputeStateType = builder.enumType('DisputeState', {
  description: 'Where a dispute stands.',
  values: {
    OPEN: { description: 'It waits for a decision.' },
    RESOLVED: { description: 'A moderator has decided; it can still be appealed for some days.' },
    APPEALED: { description: 'It waits for another moderator’s decision.' },
    CLOSED: { description: 'The decision is final, or the trade was undone.' },
  } satisfies Record<DisputeState, object>,
});
const DisputeOutcomeType = builder.enumType('DisputeOutcome', {
  description: 'What a moderator can decide.',
  values: {
    REFUND: { description: 'The buyer has everything.' },
    RELEASE: { description: 'The provider has everything.' },
    SPLIT: { description: 'The provider has a part, the buyer the rest.' },
  } satisfies Record<DisputeOutcome, object>,
});

builder.prismaObject('DisputeEvidence', {
  description: 'What a side says and shows in a dispute.',
  fields: (t) => ({
    side: t.expose('side', { type: TradeSideType, description: 'Whose it is.' }),
    text: t.exposeString('text', { description: 'In words.' }),
    links: t.exposeStringList('links', { description: 'Addresses of pictures or documents, at most 10.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
});
builder.prismaObject('DisputeDecision', {
  description: 'What a moderator decided.',
  fields: (t) => ({
    round: t.exposeInt('round', { description: '1: the first decision; 2: on appeal, and final.' }),
    outcome: t.expose('outcome', { type: DisputeOutcomeType, description: 'Who has the money.' }),
    amount: t.field({
      type: MoneyType,
      description: 'What the provider gets.',
      select: { communityId: true, amount: true },
      resolve: async ({ communityId, amount: minor }) => ({ minor, ...(await localCurrencyOf(communityId)) }),
    }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    decidedBy: t.prismaField({
      type: MemberType,
      description: 'Who decided.',
      select: { communityId: true, decidedById: true },
      resolve: (query, { communityId, decidedById }) => memberById(query, communityId, decidedById),
    }),
    entry: t.prismaField({
      type: JournalEntryType,
      nullable: true,
      description: 'What was posted for it; null where only what was held went back.',
      select: { entryId: true },
      resolve: (query, { entryId: id }, _args, { member }) =>
        id ? prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id } }) : null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

export const DisputeType = builder.prismaNode('Dispute', {
  description: 'One side of a trade asks a moderator to decide. For the two, and who looks after trades.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => {
    const { communityId, ...seen } = disputesSeenBy(member);
    return { communityId_id: { communityId: (communityId as string) ?? NO_COMMUNITY, id }, ...seen };
  },
  authScopes: { member: true },
  fields: (t) => ({
    trade: t.relation('trade', { description: 'The trade.' }),
    state: t.expose('state', { type: DisputeStateType, description: 'Where it stands.' }),
    side: t.expose('side', { type: TradeSideType, description: 'Who opened it.' }),
    reason: t.exposeString('reason', { description: 'What is wrong, in their words.' }),
    openedFrom: t.expose('openedFrom', { type: TradeStateType, description: 'Where the trade stood.' }),
    held: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What is held on the provider’s account, where they had been paid before; else the trade holds it.',
      select: { communityId: true, reservationId: true },
      resolve: async ({ communityId, reservationId: id }) => {
        const held = id && (await prisma.reservation.findFirst({ where: { communityId, id } }));
        return held ? { minor: held.amount, ...(await localCurrencyOf(communityId)) } : null;
      },
    }),
    evidence: t.relation('evidence', {
      description: 'What both sides have given, the oldest first; at most 40 pieces.',
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: 40 },
    }),
    decisions: t.relation('decisions', {
      description: 'The first decision, and the one on appeal.',
      query: { orderBy: { round: 'asc' }, take: 2 },
    }),
    appealSide: t.expose('appealSide', { type: TradeSideType, nullable: true, description: 'Who appealed.' }),
    appealReason: t.exposeString('appealReason', { nullable: true, description: 'Why the decision was not accepted.' }),
    appealedAt: t.expose('appealedAt', { type: 'DateTime', nullable: true, description: 'When it was appealed.' }),
    appealUntil: t.expose('appealUntil', {
      ...{ type: 'DateTime', nullable: true },
      description: 'Until then the first decision can be appealed, by either side, once.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
  }),
});
builder.prismaObjectField(TradeType, 'dispute', (t) =>
  t.relation('dispute', { nullable: true, description: 'The dispute about it.' }),
);

const disputeById = (query: object, communityId: string, id: string) =>
  prisma.dispute.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
const words = paragraphs(4000, 1);

const OpenDisputeInput = builder.inputType('OpenDisputeInput', {
  description: 'A trade a moderator shall decide about.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    tradeId: t.id({ required: true, description: 'The trade.' }),
    reason: t.string({ required: true, description: 'What is wrong; at most 4,000 characters.', validate: words }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('openDispute', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: DisputeType,
    description:
      'Asks a moderator to decide, after agreement or up to the days of the policy disputeDays after completion. What is held stays held; what the provider was paid is held on their account as far as it is there.',
    errors: { types: [WrongTradeState, AlreadyDisputed, DisputeTimeOver, TradeIdReused, ActingNotAllowed] },
    args: { input: t.arg({ type: OpenDisputeInput, required: true, description: 'Which trade, and what is wrong.' }) },
    resolve: async (query, _root, { input: { id, tradeId, reason, memberId } }, { member }) => {
      await openDispute(member, { id, tradeId: localId('Trade', tradeId), reason, memberId: idIn('Member', memberId) });
      return disputeById(query, member.communityId, id);
    },
  }),
);

const AddEvidenceInput = builder.inputType('AddEvidenceInput', {
  description: 'What a side has to say and show.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    disputeId: t.id({ required: true, description: 'The dispute.' }),
    text: t.string({ required: true, description: 'At most 4,000 characters.', validate: words }),
    links: t.stringList({
      description: 'Addresses of pictures or documents, at most 10.',
      validate: z.array(webAddress).max(10, 'Give at most 10.').nullish(),
    }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('addEvidence', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: DisputeType,
    description: 'A side says and shows what it has, while the dispute waits for a decision; at most 20 pieces each.',
    errors: { types: [DisputeClosed, TooMuchEvidence, TradeIdReused, ActingNotAllowed] },
    args: { input: t.arg({ type: AddEvidenceInput, required: true, description: 'In which dispute, and what.' }) },
    resolve: async (query, _root, { input: { id, disputeId, text, links, memberId } }, { member }) => {
      const dispute = localId('Dispute', disputeId);
      const acting = idIn('Member', memberId);
      await addEvidence(member, { id, disputeId: dispute, text, links: links ?? [], memberId: acting });
      return disputeById(query, member.communityId, dispute);
    },
  }),
);

const ResolveDisputeInput = builder.inputType('ResolveDisputeInput', {
  description: 'A moderator’s decision.',
  fields: (t) => ({
    disputeId: t.id({ required: true, description: 'The dispute.' }),
    outcome: t.field({ type: DisputeOutcomeType, required: true, description: 'Who has the money.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'For SPLIT: what the provider gets, in units of the local currency; less than the whole.',
    }),
    reason: t.string({ required: true, description: 'Why; both members and the audit log see it.', validate: reason }),
  }),
});
builder.mutationField('resolveDispute', (t) =>
  t.withAuth({ capability: 'disputesResolve' }).prismaField({
    type: DisputeType,
    description:
      'Decides a dispute, and carries it out at once. The first decision can be appealed once; that one is another moderator’s and final. Nothing is minted for what a decision pays.',
    errors: {
      types: [
        ...[WrongTradeState, DisputeClosed, NotImpartial, InsufficientFunds],
        ...[CeilingExceeded, TradeTooLarge, AlreadyReversed, AccountClosed],
      ],
    },
    args: { input: t.arg({ type: ResolveDisputeInput, required: true, description: 'What is decided, and why.' }) },
    resolve: async (query, _root, { input: { disputeId, outcome, amount, reason } }, { member }) => {
      const id = localId('Dispute', disputeId);
      await resolveDispute(member, { disputeId: id, outcome, amount: amount ?? undefined, reason });
      return disputeById(query, member.communityId, id);
    },
  }),
);

const AppealDisputeInput = builder.inputType('AppealDisputeInput', {
  description: 'A decision that is not accepted.',
  fields: (t) => ({
    disputeId: t.id({ required: true, description: 'The dispute.' }),
    reason: t.string({ required: true, description: 'Why not; at most 4,000 characters.', validate: words }),
    memberId: t.id({ description: ACTING_FOR }),
  }),
});
builder.mutationField('appealDispute', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: DisputeType,
    description: 'Asks another moderator to decide anew; once for each dispute, by either side.',
    errors: { types: [DisputeClosed, DisputeTimeOver, WrongTradeState, AccountClosed, ActingNotAllowed] },
    args: { input: t.arg({ type: AppealDisputeInput, required: true, description: 'Which dispute, and why.' }) },
    resolve: async (query, _root, { input: { disputeId, reason, memberId } }, { member }) => {
      const id = localId('Dispute', disputeId);
      await appealDispute(member, { disputeId: id, reason, memberId: idIn('Member', memberId) });
      return disputeById(query, member.communityId, id);
    },
  }),
);
