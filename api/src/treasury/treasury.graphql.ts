import { z } from 'zod';
import { ErrorInterface, builder, localId } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { reason } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { moneyOf } from '../ledger/accounts.graphql.ts';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { JournalEntryType, JournalKindType } from '../ledger/entries.graphql.ts';
import { AccountClosed, CeilingExceeded, EntryIdReused, InsufficientFunds } from '../ledger/refusals.ts';
import { MoneyType } from '../money.ts';
import { pageArgs } from '../pageArgs.ts';
import {
  spanOf,
  treasuryLines,
  treasuryReport,
  type KindSum,
  type TreasuryLine,
  type TreasuryReport,
} from './report.ts';
import {
  burnFromTreasury,
  BurnExceedsSupply,
  buyForTreasury,
  giveToTreasury,
  grantFromTreasury,
  ReceiverUnavailable,
} from './spending.ts';

type Sum = KindSum & Pick<TreasuryReport, 'currencyCode' | 'scale'>;
const KindSumType = builder.objectRef<Sum>('TreasurySum').implement({
  description: 'All movements of the treasury of one kind.',
  fields: (t) => ({
    kind: t.expose('kind', { type: JournalKindType, description: 'Why money moved. REVERSAL: something was undone.' }),
    entries: t.exposeInt('entries', { description: 'How many there were.' }),
    income: t.field({ type: MoneyType, description: 'What came.', resolve: (sum) => moneyOf(sum.income, sum) }),
    spending: t.field({ type: MoneyType, description: 'What went.', resolve: (sum) => moneyOf(sum.spending, sum) }),
  }),
});
const ReportType = builder.objectRef<TreasuryReport>('TreasuryReport').implement({
  description: 'What the community’s treasury holds, and what came and went.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'From this moment.' }),
    to: t.expose('to', { type: 'DateTime', description: 'To before this moment.' }),
    balance: t.field({
      type: MoneyType,
      description: 'What it holds now.',
      resolve: (report) => moneyOf(report.balance, report),
    }),
    income: t.field({
      type: MoneyType,
      description: 'All that came.',
      resolve: (report) => moneyOf(sum(report.kinds, 'income'), report),
    }),
    spending: t.field({
      type: MoneyType,
      description: 'All that went.',
      resolve: (report) => moneyOf(sum(report.kinds, 'spending'), report),
    }),
    kinds: t.field({
      type: [KindSumType],
      description: 'The same by kind.',
      resolve: ({ kinds, currencyCode, scale }) => kinds.map((kind) => ({ ...kind, currencyCode, scale })),
    }),
  }),
});
const sum = (kinds: KindSum[], of: 'income' | 'spending') => kinds.reduce((total, kind) => total + kind[of], 0n);

builder.queryField('treasuryReport', (t) =>
  t.withAuth({ member: true }).field({
    type: ReportType,
    description: 'The treasury of the community; for every member. The last 30 days when nothing else is said.',
    args: {
      from: t.arg({ type: 'DateTime', required: false, description: 'From this moment.' }),
      to: t.arg({ type: 'DateTime', required: false, description: 'To before this moment.' }),
    },
    resolve: (_root, { from, to }, { member }) => treasuryReport(member.communityId, spanOf(from, to)),
  }),
);

const memberOf = (query: object, communityId: string, id: string | null) =>
  id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null;
const LineType = builder.objectRef<TreasuryLine>('TreasuryLine').implement({
  description: 'One movement of the treasury, as every member may see it.',
  fields: (t) => ({
    postedAt: t.expose('postedAt', { type: 'DateTime', description: 'When.' }),
    kind: t.expose('kind', { type: JournalKindType, description: 'Why.' }),
    amount: t.field({
      type: MoneyType,
      description: 'Above zero: it came; below: it went.',
      resolve: (line) => moneyOf(line.amount, line),
    }),
    balanceAfter: t.field({
      type: MoneyType,
      description: 'What the treasury held afterwards.',
      resolve: (line) => moneyOf(line.balanceAfter, line),
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'Why, in the operator’s words, also where one of these was undone; of demurrage the day. Null where it is others’ business, such as a fee, and of what a member gave.',
    }),
    member: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Whom it was paid or granted to, or who gave it.',
      resolve: (query, { communityId, memberId }) => memberOf(query, communityId, memberId),
    }),
    actor: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Who decided it; null: the system, or others’ business.',
      resolve: (query, { communityId, actorId }) => memberOf(query, communityId, actorId),
    }),
  }),
});
type Page = Awaited<ReturnType<typeof treasuryLines>>;
const LineList = builder.objectRef<Page>('TreasuryLineList').implement({
  description: 'A page of what moved the treasury.',
  fields: (t) => ({
    items: t.field({ type: [LineType], description: 'The newest first.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('treasuryLineList', (t) =>
  t.withAuth({ member: true }).field({
    type: LineList,
    description: 'Every movement of the treasury, with its reason; for every member.',
    args: {
      ...pageArgs,
      kinds: t.arg({
        type: [JournalKindType],
        required: false,
        description: 'Only of these kinds.',
        validate: z.array(z.string()).max(20).nullish(),
      }),
    },
    resolve: (_root, { kinds, ...page }, { member }) =>
      treasuryLines(member.communityId, { ...page, kinds: kinds ?? undefined }),
  }),
);

builder.objectType(ReceiverUnavailable, {
  name: 'ReceiverUnavailable',
  interfaces: [ErrorInterface],
  description: 'The member is not active now.',
});

builder.objectType(BurnExceedsSupply, {
  name: 'BurnExceedsSupply',
  interfaces: [ErrorInterface],
  description: 'No more can be burned than there is.',
});

const id = { required: true as const, description: CLIENT_ID, validate: clientId };
const amount = { type: 'Decimal' as const, required: true as const };
const why = {
  required: true as const,
  description: 'Why; every member sees it, and the audit log keeps it.',
  validate: reason,
};
const GrantInput = builder.inputType('GrantFromTreasuryInput', {
  description: 'Money of the treasury for a member.',
  fields: (t) => ({
    id: t.id(id),
    memberId: t.id({ required: true, description: 'Who gets it.' }),
    amount: t.field({ ...amount, description: 'In units of the local currency; above zero.' }),
    reason: t.string(why),
  }),
});
const BuyInput = builder.inputType('BuyForTreasuryInput', {
  description: 'What the community buys of a member.',
  fields: (t) => ({
    id: t.id(id),
    memberId: t.id({ required: true, description: 'Who is paid.' }),
    amount: t.field({ ...amount, description: 'In units of the local currency; above zero.' }),
    reason: t.string({ ...why, description: 'What was bought and why; every member sees it.' }),
  }),
});
const BurnInput = builder.inputType('BurnFromTreasuryInput', {
  description: 'Money of the treasury to take out of the world.',
  fields: (t) => ({
    id: t.id(id),
    amount: t.field({ ...amount, description: 'In units of the local currency; above zero.' }),
    reason: t.string(why),
  }),
});
const errors = { types: [InsufficientFunds, CeilingExceeded, EntryIdReused, ReceiverUnavailable, AccountClosed] };
const entryOf = (query: object, communityId: string, entryId: string) =>
  prisma.journalEntry.findFirstOrThrow({ ...query, where: { communityId, id: entryId } });

builder.mutationField('grantFromTreasury', (t) =>
  t.withAuth({ capability: 'treasurySpend' }).prismaField({
    type: JournalEntryType,
    description: 'Gives a member money of the treasury for nothing. The same id is done once.',
    errors,
    args: { input: t.arg({ type: GrantInput, required: true, description: 'Whom, how much and why.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const memberId = localId('Member', input.memberId);
      return entryOf(query, member.communityId, (await grantFromTreasury(member, { ...input, memberId })).id);
    },
  }),
);
builder.mutationField('buyForTreasury', (t) =>
  t.withAuth({ capability: 'treasurySpend' }).prismaField({
    type: JournalEntryType,
    description: 'Pays a member out of the treasury for goods or services. The same id is done once.',
    errors,
    args: { input: t.arg({ type: BuyInput, required: true, description: 'Whom, how much and what for.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const memberId = localId('Member', input.memberId);
      return entryOf(query, member.communityId, (await buyForTreasury(member, { ...input, memberId })).id);
    },
  }),
);
builder.mutationField('burnFromTreasury', (t) =>
  t.withAuth({ capability: 'treasurySpend' }).prismaField({
    type: JournalEntryType,
    description: 'Takes money of the treasury out of the world: the supply is smaller by it. The same id is done once.',
    errors: { types: [InsufficientFunds, BurnExceedsSupply, EntryIdReused] },
    args: { input: t.arg({ type: BurnInput, required: true, description: 'How much and why.' }) },
    resolve: async (query, _root, { input }, { member }) =>
      entryOf(query, member.communityId, (await burnFromTreasury(member, input)).id),
  }),
);

const GiveInput = builder.inputType('GiveToTreasuryInput', {
  description: 'Money of the viewer for the community.',
  fields: (t) => ({
    id: t.id(id),
    amount: t.field({ ...amount, description: 'In units of the local currency; above zero.' }),
  }),
});
builder.mutationField('giveToTreasury', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: JournalEntryType,
    description:
      'The viewer gives money to the community, for nothing: such as what is left before they leave. Every member sees it in the treasury’s report. The same id is done once.',
    errors: { types: [InsufficientFunds, CeilingExceeded, EntryIdReused, AccountClosed] },
    args: { input: t.arg({ type: GiveInput, required: true, description: 'How much.' }) },
    resolve: async (query, _root, { input }, { member }) =>
      entryOf(query, member.communityId, (await giveToTreasury(member, input)).id),
  }),
);
