import { builder } from '../builder.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { EventStream } from '../subscriptions.ts';
import { AccountType } from './accounts.graphql.ts';
import { JournalEntryType } from './entries.graphql.ts';
import { entriesSeenBy } from './visibility.ts';

const AccountChange = builder.objectRef<KithEvent>('AccountChange').implement({
  description: 'Money came to an account of the viewer, or went.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    entry: t.prismaField({
      type: JournalEntryType,
      nullable: true,
      description: 'What moved it.',
      resolve: (query, { payload }, _args, { member }) =>
        prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id: String(payload.entryId) } }),
    }),
    accounts: t.prismaField({
      type: [AccountType],
      description: 'The viewer’s accounts it touched, as they are now.',
      resolve: (query, { communityId, memberId, payload }) =>
        memberId === null
          ? []
          : prisma.account.findMany({
              ...query,
              where: { communityId, memberId, postings: { some: { entryId: String(payload.entryId) } } },
              take: 100,
            }),
    }),
  }),
});

builder.subscriptionField('accountChanged', (t) =>
  t.withAuth({ member: true }).field({
    type: AccountChange,
    description:
      'Tells the viewer of everything that moves money on their accounts, first what moved after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['account.changed', 'payment.sent', 'payment.received'],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
