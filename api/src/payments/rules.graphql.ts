import { idIn } from '../ledger/ids.graphql.ts';
import { NO_COMMUNITY } from '@kith/db';
import { z } from 'zod';
import { builder, localId } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { prisma } from '../db.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { MoneyType } from '../money.ts';
import { PayeeUnavailable } from './refusals.ts';
import { deleteRule, RULES_MOST, setRule } from './rules.ts';

const PaymentRuleType = builder.prismaNode('PaymentRule', {
  description: 'Which payment requests the viewer accepts without being asked.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    payerId: member?.memberId ?? NO_COMMUNITY,
  }),
  authScopes: { member: true },
  fields: (t) => ({
    payee: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Whose requests; null: everybody’s for whom there is no rule of their own.',
      select: { communityId: true, payeeId: true },
      resolve: (query, { communityId, payeeId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    afterDays: t.exposeInt('afterDays', { description: 'After so many days without a word; 0: at once.' }),
    amountMost: t.field({
      type: MoneyType,
      nullable: true,
      description: 'Requests above it wait for the viewer; null: any amount.',
      select: { communityId: true, amountMost: true },
      resolve: async ({ communityId, amountMost: minor }) =>
        minor === null ? null : { minor, ...(await localCurrencyOf(communityId)) },
    }),
  }),
});

builder.queryField('paymentRules', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: [PaymentRuleType],
    description: 'What the viewer accepts without being asked.',
    resolve: (query, _root, _args, { member: { communityId, memberId } }) =>
      prisma.paymentRule.findMany({
        ...query,
        where: { communityId, payerId: memberId },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        take: RULES_MOST,
      }),
  }),
);

const SetPaymentRuleInput = builder.inputType('SetPaymentRuleInput', {
  description:
    'What the viewer accepts without being asked. It takes the place of the rule they have for the same member.',
  fields: (t) => ({
    payeeId: t.id({ required: false, description: 'Whose requests; left out or null: everybody’s.' }),
    afterDays: t.int({
      required: true,
      description: 'After so many days without a word, at most 365; 0: at once.',
      validate: z.number().int().min(0).max(365),
    }),
    amountMost: t.field({
      type: 'Decimal',
      required: false,
      description:
        'Requests above it wait for the viewer, in units of the community currency; left out or null: any amount.',
    }),
  }),
});
builder.mutationField('setPaymentRule', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: PaymentRuleType,
    description: 'Accepts requests that come from now on without asking the viewer.',
    errors: { types: [PayeeUnavailable] },
    args: { input: t.arg({ type: SetPaymentRuleInput, required: true, description: 'Whose, and when.' }) },
    resolve: async (query, _root, { input: { payeeId, afterDays, amountMost } }, { member }) => {
      const { communityId } = member;
      const id = await setRule(member, {
        payeeId: idIn('Member', payeeId) ?? null,
        ...{ afterDays, amountMost: amountMost ?? null },
      });
      return prisma.paymentRule.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
    },
  }),
);

const DeletePaymentRuleInput = builder.inputType('DeletePaymentRuleInput', {
  description: 'A rule to take back.',
  fields: (t) => ({ ruleId: t.id({ required: true, description: 'The rule.' }) }),
});
builder.mutationField('deletePaymentRule', (t) =>
  t.withAuth({ member: true }).boolean({
    description: 'Takes a rule back: requests wait for the viewer again, those that are open too.',
    args: { input: t.arg({ type: DeletePaymentRuleInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input: { ruleId } }, { member }) => {
      await deleteRule(member, localId('PaymentRule', ruleId));
      return true;
    },
  }),
);
