import { builder } from '../builder.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { EventStream } from '../subscriptions.ts';
import { TradeType } from './trades.graphql.ts';
import { tradesSeenBy } from './visibility.ts';

const TradeChange = builder.objectRef<KithEvent>('TradeChange').implement({
  description: 'Something happened to a trade of the viewer.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    what: t.exposeString('topic', {
      description: 'What happened, such as trade.proposed, trade.agreed, trade.completed or review.unsealed.',
    }),
    trade: t.prismaField({
      type: TradeType,
      nullable: true,
      description: 'The trade as it is now.',
      resolve: (query, { payload }, _args, { member }) =>
        prisma.trade.findFirst({ ...query, where: { ...tradesSeenBy(member), id: String(payload.tradeId) } }),
    }),
  }),
});

builder.subscriptionField('tradeChanged', (t) =>
  t.withAuth({ member: true }).field({
    type: TradeChange,
    description:
      'Tells the viewer of everything that happens to their trades, first what happened after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: [
          'trade.proposed',
          'trade.countered',
          'trade.agreed',
          'trade.declined',
          'trade.cancelAsked',
          'trade.cancelled',
          'trade.expired',
          'trade.delivered',
          'trade.globalConfirmed',
          'trade.completed',
          'trade.disputed',
          'trade.evidenceAdded',
          'trade.resolved',
          'trade.appealed',
          'trade.undone',
          'review.unsealed',
        ],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
