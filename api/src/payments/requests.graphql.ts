import { NO_COMMUNITY } from '@kith/db';
import { z } from 'zod';
import { builder, globalId, localId } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { pageArgs } from '../pageArgs.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { paragraphs } from '../communities/text.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { JournalEntryType } from '../ledger/entries.graphql.ts';
import { entriesSeenBy } from '../ledger/visibility.ts';
import { MoneyType } from '../money.ts';
import { EventStream } from '../subscriptions.ts';
import { memo, paymentRefusals } from './payments.graphql.ts';
import { PayerUnavailable, PaymentToSelf, RequestClosed, RequestIdReused, TooManyRequests } from './refusals.ts';
import { PaymentRequestStateType } from './refusals.graphql.ts';
import { acceptRequest, cancelRequest, declineRequest, requestPage, requestPayment } from './requests.ts';

const ofSides = (memberId: string | undefined) => ({
  OR: [
    { payerId: memberId ?? NO_COMMUNITY },
    { payeeId: memberId ?? NO_COMMUNITY },
    { actorId: memberId ?? NO_COMMUNITY },
  ],
});

export const PaymentRequestType = builder.prismaNode('PaymentRequest', {
  description: 'One member asks another to pay. For the two of them, and the broker who wrote it.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    ...(member && ofSides(member.memberId)),
  }),
  authScopes: { member: true },
  fields: (t) => ({
    payee: t.prismaField({
      type: MemberType,
      description: 'Who asks to be paid.',
      select: { communityId: true, payeeId: true },
      resolve: (query, { communityId, payeeId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    payer: t.prismaField({
      type: MemberType,
      description: 'Who is asked.',
      select: { communityId: true, payerId: true },
      resolve: (query, { communityId, payerId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    amount: t.field({
      type: MoneyType,
      description: 'How much, in the community currency.',
      select: { communityId: true, amount: true },
      resolve: async ({ communityId, amount: minor }) => ({ minor, ...(await localCurrencyOf(communityId)) }),
    }),
    memo: t.exposeString('memo', { description: 'What for.' }),
    subjectId: t.id({
      nullable: true,
      description: 'The id of the listing or trade it is for, for node(id:).',
      select: { subjectType: true, subjectId: true },
      resolve: ({ subjectType, subjectId }) => (subjectType && subjectId ? globalId(subjectType, subjectId) : null),
    }),
    state: t.expose('state', { type: PaymentRequestStateType, description: 'What became of it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was declined.' }),
    entry: t.prismaField({
      type: JournalEntryType,
      nullable: true,
      description: 'The payment it led to.',
      select: { entryId: true },
      resolve: (query, { entryId: id }, _args, { member }) =>
        id ? prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id } }) : null,
    }),
    acceptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a rule of the payer accepts it; for the payer.',
      select: { acceptAt: true, payerId: true },
      resolve: ({ acceptAt, payerId }, _args, { member }) => (member?.memberId === payerId ? acceptAt : null),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends without an answer.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

type Page = Awaited<ReturnType<typeof requestPage>>;
const PaymentRequestPage = builder.objectRef<Page>('PaymentRequestPage').implement({
  description: 'A page of payment requests.',
  fields: (t) => ({
    items: t.field({
      type: [PaymentRequestType],
      description: 'The requests of this page, newest first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('paymentRequests', (t) =>
  t.withAuth({ member: true }).field({
    type: PaymentRequestPage,
    description: 'Payment requests the viewer made or was asked by, newest first.',
    args: {
      side: t.arg({
        type: builder.enumType('PaymentSide', {
          values: ['PAYER', 'PAYEE'] as const,
          description: 'A side of a payment.',
        }),
        required: false,
        description: 'Only those in which the viewer is this side.',
      }),
      states: t.arg({
        type: [PaymentRequestStateType],
        required: false,
        description: 'Only in these states.',
        validate: z.array(z.string()).max(5).nullish(),
      }),
      ...pageArgs,
    },
    resolve: (_root, page, { member }) => requestPage(member, page),
  }),
);

const byId = (query: object, communityId: string, id: string) =>
  prisma.paymentRequest.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

const RequestPaymentInput = builder.inputType('RequestPaymentInput', {
  description: 'What somebody is asked to pay.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    payerId: t.id({ required: true, description: 'Who is asked.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'In units of the community currency, above zero.',
    }),
    memo: t.string({ required: false, description: 'What for; at most 200 characters.', validate: memo.nullish() }),
    listingId: t.id({ required: false, description: 'The listing it is for.' }),
    tradeId: t.id({ required: false, description: 'The trade of the two it is for; not with listingId.' }),
    payeeId: t.id({ required: false, description: 'For whom, when a broker asks for a member who is offline.' }),
  }),
});
builder.mutationField('requestPayment', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: PaymentRequestType,
    description:
      'Asks a member to pay. They accept or decline, or a rule of theirs does; it expires after the days of the policy requestDays.',
    errors: { types: [PaymentToSelf, PayerUnavailable, RequestIdReused, TooManyRequests, ActingNotAllowed] },
    args: { input: t.arg({ type: RequestPaymentInput, required: true, description: 'Whom, how much and for what.' }) },
    resolve: async (
      query,
      _root,
      { input: { id, payerId, amount, memo, listingId, tradeId, payeeId } },
      { member },
    ) => {
      await requestPayment(member, {
        ...{ id, payerId: localId('Member', payerId), amount, memo: memo ?? '' },
        listingId: idIn('Listing', listingId),
        tradeId: idIn('Trade', tradeId),
        payeeId: idIn('Member', payeeId),
      });
      return byId(query, member.communityId, id);
    },
  }),
);

const input = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ requestId: t.id({ required: true, description: 'The payment request.' }) }),
  });
const AcceptInput = input('AcceptPaymentRequestInput', 'A payment request to pay.');
const CancelInput = input('CancelPaymentRequestInput', 'A payment request to take back.');

builder.mutationField('acceptPaymentRequest', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: PaymentRequestType,
    description: 'Pays a request; a broker may for a member who is offline. Sent again it answers the same.',
    errors: { types: [RequestClosed, ...paymentRefusals] },
    args: { input: t.arg({ type: AcceptInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input: { requestId } }, { member }) => {
      const id = localId('PaymentRequest', requestId);
      await acceptRequest(member, id);
      return byId(query, member.communityId, id);
    },
  }),
);
const DeclineInput = builder.inputType('DeclinePaymentRequestInput', {
  description: 'A payment request that is not paid.',
  fields: (t) => ({
    requestId: t.id({ required: true, description: 'The payment request.' }),
    reason: t.string({
      required: false,
      description: 'Why; the one who asked reads it. At most 500 characters.',
      validate: paragraphs(500).nullish(),
    }),
  }),
});
builder.mutationField('declinePaymentRequest', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: PaymentRequestType,
    description: 'Says no to a request; nothing moves.',
    errors: { types: [RequestClosed, ActingNotAllowed] },
    args: { input: t.arg({ type: DeclineInput, required: true, description: 'Which one, and why.' }) },
    resolve: async (query, _root, { input: { requestId, reason } }, { member }) => {
      const id = localId('PaymentRequest', requestId);
      await declineRequest(member, { id, reason: reason ?? '' });
      return byId(query, member.communityId, id);
    },
  }),
);
builder.mutationField('cancelPaymentRequest', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: PaymentRequestType,
    description: 'Takes back a request of the viewer, or of a member a broker acts for.',
    errors: { types: [RequestClosed, ActingNotAllowed] },
    args: { input: t.arg({ type: CancelInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input: { requestId } }, { member }) => {
      const id = localId('PaymentRequest', requestId);
      await cancelRequest(member, id);
      return byId(query, member.communityId, id);
    },
  }),
);

const PaymentRequestChange = builder.objectRef<KithEvent>('PaymentRequestChange').implement({
  description: 'A payment request of the viewer was made, answered, taken back or has expired.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    request: t.prismaField({
      type: PaymentRequestType,
      nullable: true,
      description: 'The request as it is now.',
      resolve: (query, { communityId, payload }, _args, { member }) =>
        prisma.paymentRequest.findFirst({
          ...query,
          where: { communityId, id: String(payload.requestId), ...ofSides(member?.memberId) },
        }),
    }),
  }),
});
builder.subscriptionField('paymentRequestChanged', (t) =>
  t.withAuth({ member: true }).field({
    type: PaymentRequestChange,
    description: 'Tells the viewer what becomes of payment requests, first of what happened after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['paymentRequest.changed'],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
