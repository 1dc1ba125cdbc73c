import { builder, localId } from '../builder.ts';
import { ActingNotAllowed } from '../communities/brokers.ts';
import { line } from '../communities/text.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { JournalEntryType } from '../ledger/entries.graphql.ts';
import {
  AccountClosed,
  AlreadyReversed,
  CeilingExceeded,
  EntryIdReused,
  InsufficientFunds,
} from '../ledger/refusals.ts';
import { entriesSeenBy } from '../ledger/visibility.ts';
import { EventStream } from '../subscriptions.ts';
import { pay, refund } from './payments.ts';
import {
  DayLimitReached,
  PayeeUnavailable,
  PayerUnavailable,
  PaymentTooLarge,
  PaymentToSelf,
  RefundTooLarge,
} from './refusals.ts';

export const memo = line(200, 0);
/** What may keep a payment from being made. */
export const paymentRefusals = [
  ...[InsufficientFunds, PayeeUnavailable, PayerUnavailable, PaymentTooLarge, DayLimitReached],
  ...[CeilingExceeded, PaymentToSelf, EntryIdReused, AccountClosed, ActingNotAllowed],
];

const PayInput = builder.inputType('PayInput', {
  description: 'A payment to another member.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    payeeId: t.id({ required: true, description: 'The member who gets it.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'In units of the community currency, above zero.',
    }),
    memo: t.string({
      required: false,
      description: 'What it is for; at most 200 characters.',
      validate: memo.nullish(),
    }),
    listingId: t.id({ required: false, description: 'The listing it is for.' }),
    tradeId: t.id({ required: false, description: 'The trade of the two it is for; not with listingId.' }),
    payerId: t.id({ required: false, description: 'For whom, when a broker pays for a member who is offline.' }),
  }),
});
builder.mutationField('pay', (t) =>
  t.withAuth({ member: true }).field({
    type: JournalEntryType,
    description:
      'Pays another member of the community. Sending the same id again repeats the answer, not the payment. Nothing reserved is touched; the credit limit may be used.',
    errors: { types: paymentRefusals },
    args: { input: t.arg({ type: PayInput, required: true, description: 'Whom, how much and for what.' }) },
    resolve: async (_root, { input: { id, payeeId, amount, memo, listingId, tradeId, payerId } }, { member }) => {
      const paid = await pay(member, {
        ...{ id, payeeId: localId('Member', payeeId), amount, memo: memo ?? '' },
        listingId: idIn('Listing', listingId),
        tradeId: idIn('Trade', tradeId),
        payerId: idIn('Member', payerId),
      });
      // What was written is known: nothing is read for an answer that asks for no more than this.
      return {
        ...{ communityId: member.communityId, id, contentHash: new Uint8Array(), kind: 'PAYMENT' as const },
        ...{ memo: paid.memo, actorId: paid.actorId, onBehalfOfId: paid.onBehalfOfId ?? null, parentId: null },
        ...{ subjectType: paid.subject?.type ?? null, subjectId: paid.subject?.id ?? null, postedAt: paid.postedAt },
      };
    },
  }),
);

const RefundPaymentInput = builder.inputType('RefundPaymentInput', {
  description: 'What is sent back of a payment that was received.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    entryId: t.id({ required: true, description: 'The payment, as a journal entry.' }),
    amount: t.field({
      type: 'Decimal',
      required: false,
      description: 'In units of the community currency; left out: all that is not sent back yet.',
    }),
    memo: t.string({ required: false, description: 'Why; at most 200 characters.', validate: memo.nullish() }),
    payeeId: t.id({
      required: false,
      description: 'Who received it, when a broker sends back for a member who is offline.',
    }),
  }),
});
builder.mutationField('refundPayment', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: JournalEntryType,
    description: 'Sends back some of a payment, all refunds together at most what was paid. Answers the refund.',
    errors: {
      types: [
        RefundTooLarge,
        InsufficientFunds,
        EntryIdReused,
        AlreadyReversed,
        CeilingExceeded,
        AccountClosed,
        ActingNotAllowed,
      ],
    },
    args: {
      input: t.arg({ type: RefundPaymentInput, required: true, description: 'Of which payment, and how much.' }),
    },
    resolve: async (query, _root, { input: { id, entryId, amount, memo, payeeId } }, { member }) => {
      await refund(member, {
        ...{ id, paymentId: localId('JournalEntry', entryId), memo: memo ?? '' },
        ...(typeof amount === 'string' && { amount }),
        payeeId: idIn('Member', payeeId),
      });
      return prisma.journalEntry.findFirstOrThrow({ ...query, where: { communityId: member.communityId, id } });
    },
  }),
);

const PaymentReceived = builder.objectRef<KithEvent>('PaymentReceived').implement({
  description: 'The viewer was paid, or something was sent back to them.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    entry: t.prismaField({
      type: JournalEntryType,
      nullable: true,
      description: 'The payment.',
      resolve: (query, { payload }, _args, { member }) =>
        prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id: String(payload.entryId) } }),
    }),
  }),
});
builder.subscriptionField('paymentReceived', (t) =>
  t.withAuth({ member: true }).field({
    type: PaymentReceived,
    description: 'Tells the viewer of payments to them, first of those after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['payment.received'],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
