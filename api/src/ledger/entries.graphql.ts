import { JournalKind } from '@kith/db';
import { z } from 'zod';
import { builder, globalId, localId } from '../builder.ts';
import { pageArgs } from '../pageArgs.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { line, reason } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { MoneyType } from '../money.ts';
import { AccountKindType, AccountType, moneyOf } from './accounts.graphql.ts';
import { CLIENT_ID, clientId } from './clientId.ts';
import { idIn } from './ids.graphql.ts';
import { linesOf } from './lines.ts';
import { entryPage, reverseEntry } from './operators.ts';
import { AccountClosed, AlreadyReversed, EntryIdReused, NotReversible, PartOfSomething } from './refusals.ts';
import { accountsSeenBy, entriesSeenBy, keepsLedger, seesAccount } from './visibility.ts';

export const JournalKindType = builder.enumType('JournalKind', {
  description: 'Why money moved.',
  values: Object.values(JournalKind),
});

type Line = Awaited<ReturnType<typeof linesOf>>[number];
const PostingType = builder.objectRef<Line>('Posting').implement({
  description: 'One line of an entry: so much more or less on one account.',
  fields: (t) => ({
    amount: t.field({
      type: MoneyType,
      description: '+ credits the account, − debits it.',
      resolve: ({ amount, account }) => moneyOf(amount, account),
    }),
    accountKind: t.field({
      type: AccountKindType,
      description: 'The kind of the account.',
      resolve: ({ account }) => account.kind,
    }),
    member: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Whose account it is; null for accounts of the community.',
      resolve: (query, { communityId, account: { memberId: id } }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    account: t.prismaField({
      type: AccountType,
      nullable: true,
      description: 'The account; for its owner and those who keep the ledger.',
      resolve: (query, { accountId: id }, _args, { member }) =>
        prisma.account.findFirst({ ...query, where: { ...accountsSeenBy(member), id } }),
    }),
    balanceAfter: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What the account held afterwards; for its owner and those who keep the ledger.',
      resolve: ({ balanceAfter, account }, _args, { member }) =>
        seesAccount(member, account.memberId) ? moneyOf(balanceAfter, account) : null,
    }),
  }),
});

const POSTINGS_MOST = 100;
export const JournalEntryType = builder.prismaNode('JournalEntry', {
  description:
    'A balanced set of postings: those of a currency sum to zero. It is never changed; a mistake is reversed. For members whose account it touches, who made it, and those who keep the ledger.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => {
    const { communityId, ...seen } = entriesSeenBy(member);
    return { communityId_id: { communityId: communityId as string, id }, ...seen };
  },
  authScopes: { member: true },
  fields: (t) => ({
    kind: t.expose('kind', { type: JournalKindType, description: 'Why money moved.' }),
    memo: t.exposeString('memo', { description: 'What was written to it; the reason of a reversal.' }),
    postedAt: t.expose('postedAt', { type: 'DateTime', description: 'When.' }),
    actor: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'The member who acted; null: the system.',
      select: { communityId: true, actorId: true },
      resolve: (query, { communityId, actorId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    onBehalfOf: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'For whom they acted, when it was somebody else.',
      select: { communityId: true, onBehalfOfId: true },
      resolve: (query, { communityId, onBehalfOfId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    subjectId: t.id({
      nullable: true,
      description: 'The id of what it is about, such as a listing or a trade, for node(id:).',
      select: { subjectType: true, subjectId: true },
      resolve: ({ subjectType, subjectId }) => (subjectType && subjectId ? globalId(subjectType, subjectId) : null),
    }),
    parent: t.prismaField({
      type: 'JournalEntry',
      nullable: true,
      description: 'The entry this one hangs on, such as the payment of a refund: undone with it.',
      select: { parentId: true },
      resolve: (query, { parentId: id }, _args, { member }) =>
        id ? prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id } }) : null,
    }),
    reversedBy: t.prismaField({
      type: 'JournalEntry',
      nullable: true,
      description: 'The entry that undid this one.',
      select: { communityId: true, id: true },
      resolve: (query, { id }, _args, { member }) =>
        prisma.journalEntry.findFirst({
          ...query,
          where: { ...entriesSeenBy(member), reversed: { some: { entryId: id } } },
        }),
    }),
    reverses: t.prismaField({
      type: ['JournalEntry'],
      description: 'The entries this one undid, at most 100.',
      select: { id: true, kind: true },
      resolve: (query, { id, kind }, _args, { member }) =>
        kind !== 'REVERSAL'
          ? []
          : prisma.journalEntry.findMany({
              ...query,
              where: { ...entriesSeenBy(member), reversal: { is: { reversalId: id } } },
              orderBy: { postedAt: 'asc' },
              take: POSTINGS_MOST,
            }),
    }),
    postings: t.field({
      type: [PostingType],
      description:
        'Its lines, at most 100 of them: those of the viewer first, then in their order. Of demurrage, members see their own line and the treasury’s.',
      select: { communityId: true, id: true, kind: true },
      resolve: (entry, _args, { member }) =>
        linesOf(entry, {
          ...{ first: member?.memberId ?? null, keeps: member !== null && keepsLedger(member), most: POSTINGS_MOST },
        }),
    }),
  }),
});

const EntryFilter = builder.inputType('JournalEntryFilter', {
  description: 'Which entries the list shows.',
  fields: (t) => ({
    kinds: t.field({
      type: [JournalKindType],
      required: false,
      description: 'Of these kinds.',
      validate: z.array(z.string()).max(20).nullish(),
    }),
    memberId: t.id({ required: false, description: 'That touch an account of this member.' }),
    accountId: t.id({ required: false, description: 'That touch this account.' }),
    text: t.string({ required: false, description: 'With this in the memo.', validate: line(100, 0).nullish() }),
    from: t.field({ type: 'DateTime', required: false, description: 'At this moment or later.' }),
    to: t.field({ type: 'DateTime', required: false, description: 'Before this moment.' }),
  }),
});
type Page = Awaited<ReturnType<typeof entryPage>>;
const EntryList = builder.objectRef<Page>('JournalEntryList').implement({
  description: 'A page of the journal.',
  fields: (t) => ({
    items: t.field({
      type: [JournalEntryType],
      description: 'The entries of this page, newest first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('journalEntryList', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: EntryList,
    description: 'The journal of the community, newest first, for those who keep the ledger.',
    args: {
      ...pageArgs,
      filter: t.arg({ type: EntryFilter, required: false, description: 'Which ones.' }),
    },
    resolve: (_root, { skip, take, filter }, { member }) => {
      const { memberId, accountId, ...rest } = filter ?? {};
      return entryPage(member.communityId, {
        ...{ skip, take },
        filter: {
          ...rest,
          memberId: idIn('Member', memberId),
          accountId: idIn('Account', accountId),
        },
      });
    },
  }),
);

const ReverseEntryInput = builder.inputType('ReverseEntryInput', {
  description: 'An entry to undo.',
  fields: (t) => ({
    id: t.id({ required: true, description: `Of the reversal. ${CLIENT_ID}`, validate: clientId }),
    entryId: t.id({ required: true, description: 'The entry.' }),
    reason: t.string({ required: true, description: 'Why; both members and the audit log see it.', validate: reason }),
  }),
});
builder.mutationField('reverseEntry', (t) =>
  t.withAuth({ capability: 'ledgerReverse' }).prismaField({
    type: JournalEntryType,
    description:
      'Undoes an entry and everything that hangs on it (fees, mints, refunds) in one entry. Also where the money was spent meanwhile: that account is in arrears then. What would come back to somebody who has left goes to the treasury; what they would owe is refused. The entry of a trade is undone by undoTrade instead. Answers the reversal.',
    errors: { types: [AlreadyReversed, NotReversible, PartOfSomething, EntryIdReused, AccountClosed] },
    args: { input: t.arg({ type: ReverseEntryInput, required: true, description: 'Which one, and why.' }) },
    resolve: async (query, _root, { input: { id, entryId, reason } }, { member }) => {
      await reverseEntry(member, { id, entryId: localId('JournalEntry', entryId), reason });
      return prisma.journalEntry.findFirstOrThrow({ ...query, where: { communityId: member.communityId, id } });
    },
  }),
);
