import { idIn } from './ids.graphql.ts';
import { AccountKind } from '@kith/db';
import { z } from 'zod';
import { builder, PAGE_MOST } from '../builder.ts';
import { pageArgs } from '../pageArgs.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { line } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { MoneyType, type Money } from '../money.ts';
import { accountPage, myAccounts, trialBalance, type AccountSort } from './operators.ts';
import { accountsSeenBy } from './visibility.ts';

export const AccountKindType = builder.enumType('AccountKind', {
  description:
    'MEMBER: of one member. ISSUANCE: its negative balance is the money supply. TREASURY: what belongs to the community. CLEARING: its negative balance is all money of a global currency held here.',
  values: Object.values(AccountKind),
});

type Held = { currencyCode: string; scale: number };
export const moneyOf = (minor: bigint, { currencyCode, scale }: Held): Money => ({ minor, currencyCode, scale });

export const AccountType = builder.prismaNode('Account', {
  description: 'Holds one currency for a member or for the community.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => {
    const { communityId, ...seen } = accountsSeenBy(member);
    return { communityId_id: { communityId: communityId as string, id }, ...seen };
  },
  authScopes: { member: true },
  fields: (t) => ({
    kind: t.expose('kind', { type: AccountKindType, description: 'What it is for.' }),
    member: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Whose it is; null for accounts of the community.',
      select: { memberId: true, communityId: true },
      resolve: (query, { communityId, memberId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    isLocal: t.exposeBoolean('isLocal', { description: 'Whether it holds the community’s own currency.' }),
    currencyCode: t.exposeString('currencyCode', {
      description: 'The code of the community currency, or ISO 4217 for a global one.',
    }),
    balance: t.field({
      type: MoneyType,
      description: 'The sum of its postings; may be below zero.',
      select: { balance: true, currencyCode: true, scale: true },
      resolve: (account) => moneyOf(account.balance, account),
    }),
    reserved: t.field({
      type: MoneyType,
      description: 'What is held for trades and orders; it is part of the balance.',
      select: { reserved: true, currencyCode: true, scale: true },
      resolve: (account) => moneyOf(account.reserved, account),
    }),
    creditLimit: t.field({
      type: MoneyType,
      description: 'How far it may fall below zero.',
      select: { creditLimit: true, currencyCode: true, scale: true },
      resolve: (account) => moneyOf(account.creditLimit, account),
    }),
    hasOwnCreditLimit: t.exposeBoolean('hasOwnLimit', {
      description: 'An operator has set its credit limit, so that applying the policy’s to all passes over it.',
    }),
    available: t.field({
      type: MoneyType,
      description:
        'What can be spent now: balance − reserved + credit limit. Below zero: in arrears, after a reversal or a lowered limit.',
      select: { balance: true, reserved: true, creditLimit: true, currencyCode: true, scale: true },
      resolve: (account) => moneyOf(account.balance - account.reserved + account.creditLimit, account),
    }),
    ceiling: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The most it may hold; null: no ceiling.',
      select: { ceiling: true, currencyCode: true, scale: true },
      resolve: (account) => (account.ceiling === null ? null : moneyOf(account.ceiling, account)),
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened.' }),
    closedAt: t.expose('closedAt', {
      ...{ type: 'DateTime', nullable: true },
      description: 'When its owner left: nothing is posted on it until they come back.',
    }),
  }),
});

builder.queryField('myAccount', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: AccountType,
    description: 'The viewer’s account in the community’s own currency.',
    resolve: async (query, _root, _args, { member }) => {
      const id = (await myAccounts(member))[0]!;
      return prisma.account.findFirstOrThrow({ ...query, where: { communityId: member.communityId, id } });
    },
  }),
);
builder.queryField('myAccounts', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: [AccountType],
    description: 'All accounts of the viewer: the local one first, then those in global currencies.',
    resolve: async (query, _root, _args, { member }) =>
      prisma.account.findMany({
        ...query,
        where: { communityId: member.communityId, id: { in: await myAccounts(member) } },
        orderBy: [{ isLocal: 'desc' }, { currencyCode: 'asc' }],
        take: PAGE_MOST,
      }),
  }),
);

const AccountSortType = builder.enumType('AccountSort', {
  description: 'The order of the list of accounts.',
  values: ['BALANCE_DESC', 'BALANCE_ASC', 'RESERVED_DESC', 'OPENED_DESC'] as const,
});
const AccountFilter = builder.inputType('AccountFilter', {
  description: 'Which accounts the list shows.',
  fields: (t) => ({
    kinds: t.field({
      type: [AccountKindType],
      required: false,
      description: 'Of these kinds.',
      validate: z.array(z.string()).max(4).nullish(),
    }),
    memberId: t.id({ required: false, description: 'Of this member.' }),
    memberName: t.string({
      required: false,
      description: 'Of members with this in their name.',
      validate: line(100, 0).nullish(),
    }),
    currencyCode: t.string({ required: false, description: 'In this currency.', validate: line(8, 0).nullish() }),
    inArrears: t.boolean({
      required: false,
      description: 'Only those with less than nothing available, or only the others.',
    }),
  }),
});
type Page = Awaited<ReturnType<typeof accountPage>>;
const AccountList = builder.objectRef<Page>('AccountList').implement({
  description: 'A page of accounts.',
  fields: (t) => ({
    items: t.field({ type: [AccountType], description: 'The accounts of this page.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('accountList', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: AccountList,
    description: 'All accounts of the community, for those who keep the ledger.',
    args: {
      ...pageArgs,
      sort: t.arg({ type: AccountSortType, defaultValue: 'BALANCE_DESC', required: true, description: 'The order.' }),
      filter: t.arg({ type: AccountFilter, required: false, description: 'Which ones.' }),
    },
    resolve: (_root, { skip, take, sort, filter }, { member }) => {
      const { memberId, ...rest } = filter ?? {};
      return accountPage(member.communityId, {
        ...{ skip, take, sort: sort as AccountSort },
        filter: { ...rest, memberId: idIn('Member', memberId) },
      });
    },
  }),
);

type Sum = Awaited<ReturnType<typeof trialBalance>>[number];
const TrialBalanceLine = builder.objectRef<Sum>('TrialBalanceLine').implement({
  description: 'All accounts of one kind in one currency. The balances of a currency sum to zero.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AccountKindType, description: 'The kind of account.' }),
    isLocal: t.exposeBoolean('isLocal', { description: 'Whether it is the community’s own currency.' }),
    accounts: t.exposeInt('accounts', { description: 'How many there are.' }),
    balance: t.field({
      type: MoneyType,
      description: 'What they hold together.',
      resolve: (sum) => moneyOf(sum.balance, sum),
    }),
    reserved: t.field({
      type: MoneyType,
      description: 'What of it is held for trades and orders.',
      resolve: (sum) => moneyOf(sum.reserved, sum),
    }),
    negative: t.field({
      type: MoneyType,
      description: 'The sum of those that are below zero.',
      resolve: (sum) => moneyOf(sum.negative, sum),
    }),
  }),
});
builder.queryField('trialBalance', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: [TrialBalanceLine],
    description: 'What each kind of account holds in each currency, and that it sums to zero.',
    resolve: (_root, _args, { member }) => trialBalance(member.communityId),
  }),
);
