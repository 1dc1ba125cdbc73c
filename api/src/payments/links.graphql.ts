import { idIn } from '../ledger/ids.graphql.ts';
import { z } from 'zod';
import { builder, globalId } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { prisma } from '../db.ts';
import { readLink, writeLink, type PaymentLink } from './links.ts';
import { memo } from './payments.graphql.ts';

builder.queryField('myPaymentLink', (t) =>
  t.withAuth({ member: true }).string({
    description:
      'The text of a QR code by which the viewer is paid: kith:<community>/pay/<member>?amount=…&memo=…&listing=…&sig=…. The signature says that nobody changed it since.',
    args: {
      amount: t.arg({
        type: 'Decimal',
        required: false,
        description: 'In units of the community currency; left out: the payer says how much.',
      }),
      memo: t.arg.string({
        required: false,
        description: 'What for; at most 200 characters.',
        validate: memo.nullish(),
      }),
      listingId: t.arg.id({ required: false, description: 'The listing it is for.' }),
    },
    resolve: (_root, { amount, memo, listingId }, { member }) =>
      writeLink(member, {
        ...{ amount: amount ?? null, memo: memo ?? '' },
        listingId: idIn('Listing', listingId) ?? null,
      }),
  }),
);

type Read = PaymentLink & { isSigned: boolean; communityId: string };
const PaymentLinkType = builder.objectRef<Read>('PaymentLink').implement({
  description: 'What a payment link asks for.',
  fields: (t) => ({
    payee: t.prismaField({
      type: MemberType,
      description: 'Who is to be paid.',
      resolve: (query, { communityId, payeeId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      nullable: true,
      description: 'In units of the community currency; null: the payer says how much.',
    }),
    memo: t.exposeString('memo', { description: 'What for.' }),
    listingId: t.id({
      nullable: true,
      description: 'The listing it is for.',
      resolve: ({ listingId }) => (listingId ? globalId('Listing', listingId) : null),
    }),
    isSigned: t.exposeBoolean('isSigned', {
      description:
        'The platform wrote it for the payee, and nobody changed it since. A link without a signature is as good as hearsay.',
    }),
  }),
});
builder.queryField('paymentLink', (t) =>
  t.withAuth({ member: true }).field({
    type: PaymentLinkType,
    description: 'Reads the text of a QR code of this community. One whose signature does not hold is rejected.',
    args: {
      uri: t.arg.string({
        required: true,
        description: 'The text, which begins with kith:.',
        validate: z.string().max(1000),
      }),
    },
    resolve: async (_root, { uri }, { member }) => ({
      ...(await readLink(member, uri)),
      communityId: member.communityId,
    }),
  }),
);
