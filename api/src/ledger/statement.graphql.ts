import { idIn } from './ids.graphql.ts';
import { z } from 'zod';
import { builder, PAGE_MOST, PAGE_STANDARD } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { line } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { MoneyType } from '../money.ts';
import { AccountType, moneyOf } from './accounts.graphql.ts';
import { JournalEntryType, JournalKindType } from './entries.graphql.ts';
import { cursorOf, statementPage, type StatementLine } from './statement.ts';

type Held = StatementLine & { currencyCode: string; scale: number };
const StatementLineType = builder.objectRef<Held>('StatementLine').implement({
  description: 'One line of a statement: what came or went, and what the account held then.',
  fields: (t) => ({
    postedAt: t.expose('postedAt', { type: 'DateTime', description: 'When.' }),
    kind: t.expose('kind', { type: JournalKindType, description: 'Why.' }),
    memo: t.exposeString('memo', { description: 'What was written to it.' }),
    amount: t.field({
      type: MoneyType,
      description: 'Above zero: it came; below: it went.',
      resolve: (held) => moneyOf(held.amount, held),
    }),
    balanceAfter: t.field({
      type: MoneyType,
      description: 'What the account held afterwards.',
      resolve: (held) => moneyOf(held.balanceAfter, held),
    }),
    counterparty: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'The other member; null where it was the community, or several.',
      resolve: (query, { communityId, counterpartyId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    broker: t.prismaField({
      type: MemberType,
      nullable: true,
      description:
        'The broker who did it for the owner of the account, who was offline; null where they did it themselves.',
      resolve: (query, { communityId, brokerId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    entry: t.prismaField({
      type: JournalEntryType,
      description: 'The whole entry.',
      resolve: (query, { communityId, entryId: id }) =>
        prisma.journalEntry.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
  }),
});

const StatementFilter = builder.inputType('StatementFilter', {
  description: 'Which lines a statement shows.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', required: false, description: 'At this moment or later.' }),
    to: t.field({ type: 'DateTime', required: false, description: 'Before this moment.' }),
    kinds: t.field({
      type: [JournalKindType],
      required: false,
      description: 'Of these kinds.',
      validate: z.array(z.string()).max(20).nullish(),
    }),
    counterpartyId: t.id({ required: false, description: 'With this member alone.' }),
    text: t.string({ required: false, description: 'With this in the memo.', validate: line(100, 0).nullish() }),
  }),
});

builder.prismaObjectField(AccountType, 'statement', (t) =>
  t.connection({
    type: StatementLineType,
    description: 'What came and went, newest first. It is read forwards, by first and after.',
    select: { communityId: true, id: true, currencyCode: true, scale: true },
    args: { filter: t.arg({ type: StatementFilter, required: false, description: 'Which lines.' }) },
    resolve: async (account, { first, after, last, before, filter }) => {
      if (typeof last === 'number' || typeof before === 'string')
        throw badInput('A statement is read by first and after.', 'last');
      const size = Math.min(first ?? PAGE_STANDARD, PAGE_MOST);
      if (size < 0) throw badInput('first is 0 or more.', 'first');
      const { counterpartyId, ...rest } = filter ?? {};
      const lines = await statementPage(account, {
        ...{ after, most: size + 1 },
        filter: { ...rest, counterpartyId: idIn('Member', counterpartyId) },
      });
      const edges = lines.slice(0, size).map((shown) => ({
        cursor: cursorOf(shown),
        node: { ...shown, currencyCode: account.currencyCode, scale: account.scale },
      }));
      return {
        edges,
        pageInfo: {
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
          hasNextPage: lines.length > size,
          hasPreviousPage: typeof after === 'string',
        },
      };
    },
  }),
);
