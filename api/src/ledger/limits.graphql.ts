import type { InputFieldBuilder } from '@pothos/core';
import { builder, localId } from '../builder.ts';
import { reason } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { AccountType } from './accounts.graphql.ts';
import { applyCreditLimit, setAccountLimits, type LimitApplied } from './limits.ts';
import { AccountClosed } from './refusals.ts';

type Fields = InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;
const limits = (t: Fields) => ({
  creditLimit: t.field({
    type: 'Decimal',
    required: false,
    description:
      'How far it may fall below zero, in units of its currency; 0 or more. Null: as the policy says, also when that is applied to all later; left out: as it is.',
  }),
  ceiling: t.field({
    type: 'Decimal',
    required: false,
    description: 'The most it may hold, in units of its currency; null: no ceiling; left out: as it is.',
  }),
  reason: t.string({ required: true, description: 'Why; its owner and the audit log are told.', validate: reason }),
});
const accountById = (query: object, communityId: string, id: string) =>
  prisma.account.findFirstOrThrow({ ...query, where: { communityId, id } });

const SetCreditLimitInput = builder.inputType('SetCreditLimitInput', {
  description: 'The limits of an account.',
  fields: (t) => ({ accountId: t.id({ required: true, description: 'The account.' }), ...limits(t) }),
});
builder.mutationField('setCreditLimit', (t) =>
  t.withAuth({ capability: 'creditLimitSet' }).prismaField({
    type: AccountType,
    description:
      'Sets how far a member’s or the treasury’s account may fall below zero, and the most it may hold. A limit below what is used takes nothing back: nothing more can be spent until it is earned back.',
    errors: { types: [AccountClosed] },
    args: { input: t.arg({ type: SetCreditLimitInput, required: true, description: 'The account and its limits.' }) },
    resolve: async (query, _root, { input: { accountId, ...limits } }, { member }) => {
      const whose = { accountId: localId('Account', accountId) };
      return accountById(query, member.communityId, await setAccountLimits(member, { whose, ...limits }));
    },
  }),
);

const SetMemberCreditLimitInput = builder.inputType('SetMemberCreditLimitInput', {
  description: 'The limits of a member’s account in the community’s own currency.',
  fields: (t) => ({ memberId: t.id({ required: true, description: 'The member.' }), ...limits(t) }),
});
builder.mutationField('setMemberCreditLimit', (t) =>
  t.withAuth({ capability: 'creditLimitSet' }).prismaField({
    type: AccountType,
    description: 'As setCreditLimit, for the local account of a member, which is opened if need be.',
    errors: { types: [AccountClosed] },
    args: {
      input: t.arg({ type: SetMemberCreditLimitInput, required: true, description: 'The member and the limits.' }),
    },
    resolve: async (query, _root, { input: { memberId, ...limits } }, { member }) => {
      const whose = { memberId: localId('Member', memberId) };
      return accountById(query, member.communityId, await setAccountLimits(member, { whose, ...limits }));
    },
  }),
);

const CreditLimitApplied = builder.objectRef<LimitApplied & { isDryRun: boolean }>('CreditLimitApplied').implement({
  description: 'What became of the credit limits of the accounts that are there.',
  fields: (t) => ({
    raised: t.exposeInt('raised', { description: 'How many may go further below zero than before.' }),
    lowered: t.exposeInt('lowered', { description: 'How many may go less far.' }),
    inArrears: t.exposeInt('inArrears', {
      description: 'How many of these use more already: they spend nothing until they have earned it back.',
    }),
    isDryRun: t.exposeBoolean('isDryRun', { description: 'It was only looked at: nothing was changed.' }),
  }),
});
const ApplyCreditLimitInput = builder.inputType('ApplyCreditLimitInput', {
  description: 'To whom the policy’s credit limit is given.',
  fields: (t) => ({
    includeOwn: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Also to accounts whose limit an operator has set; they follow the policy again.',
    }),
    isDryRun: t.boolean({ required: true, defaultValue: false, description: 'Only say what would become of it.' }),
    reason: t.string({
      required: true,
      description: 'Why; everybody whose limit changes and the audit log are told.',
      validate: reason,
    }),
  }),
});
builder.mutationField('applyCreditLimit', (t) =>
  t.withAuth({ capability: 'creditLimitSet' }).field({
    type: CreditLimitApplied,
    description:
      'Gives the credit limit of the policy to the members’ accounts that are there already; by itself a changed policy is that of new accounts alone.',
    args: { input: t.arg({ type: ApplyCreditLimitInput, required: true, description: 'To whom, and why.' }) },
    resolve: async (_root, { input }, { member }) => ({
      ...(await applyCreditLimit(member, input)),
      isDryRun: input.isDryRun,
    }),
  }),
);
