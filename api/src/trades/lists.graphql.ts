import { z } from 'zod';
import { builder, localId } from '../builder.ts';
import { line } from '../communities/text.ts';
import { prisma } from '../db.ts';
import { idIn } from '../ledger/ids.graphql.ts';
import { pageArgs } from '../pageArgs.ts';
import { DisputeStateType, DisputeType } from './disputes.graphql.ts';
import { disputePage, tradePage, type TradeSort } from './lists.ts';
import { TradeStateType } from './refusals.graphql.ts';
import { TradeSideType, TradeType } from './trades.graphql.ts';
import { tradesSeenBy } from './visibility.ts';

builder.queryField('trade', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: TradeType,
    nullable: true,
    description: 'One trade, for its two members and who looks after trades.',
    args: { id: t.arg.id({ required: true, description: 'The id of the trade.' }) },
    resolve: (query, _root, { id }, { member }) =>
      prisma.trade.findFirst({ ...query, where: { ...tradesSeenBy(member), id: localId('Trade', id) } }),
  }),
);

const states = z.array(z.string()).max(9, 'There are 9 states.').nullish();
builder.queryField('myTrades', (t) =>
  t.withAuth({ member: true }).prismaConnection({
    type: TradeType,
    cursor: 'communityId_id',
    description: 'The viewer’s trades, newest first.',
    args: {
      side: t.arg({ type: TradeSideType, description: 'Only those in which the viewer is on this side.' }),
      states: t.arg({ type: [TradeStateType], description: 'In one of these states.', validate: states }),
    },
    totalCount: (_root, args, { member }) => prisma.trade.count({ where: mine(member, args) }),
    resolve: (query, _root, args, { member }) =>
      prisma.trade.findMany({
        ...query,
        where: mine(member, args),
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),
  }),
);
type Mine = { side?: 'BUYER' | 'PROVIDER' | null; states?: (typeof TradeStateType.$inferType)[] | null };
const mine = ({ communityId, memberId }: { communityId: string; memberId: string }, { side, states }: Mine) => {
  const sides = { BUYER: { buyerId: memberId }, PROVIDER: { providerId: memberId } };
  return {
    ...{ communityId, OR: side ? [sides[side]] : [sides.BUYER, sides.PROVIDER] },
    ...(states?.length && { state: { in: states } }),
  };
};

const TradeSortType = builder.enumType('TradeSort', {
  description: 'The order of the list of trades.',
  values: ['CREATED_DESC', 'CREATED_ASC', 'UPDATED_DESC', 'PAID_DESC'] as const,
});
const TradeFilter = builder.inputType('TradeFilter', {
  description: 'Which trades the list shows.',
  fields: (t) => ({
    states: t.field({ type: [TradeStateType], description: 'In one of these states.', validate: states }),
    memberId: t.id({ description: 'Those this member is a side of.' }),
    memberName: t.string({ description: 'Of members with this in their name.', validate: line(100, 0).nullish() }),
    title: t.string({ description: 'With this in the title.', validate: line(120, 0).nullish() }),
  }),
});
const TradeList = builder.objectRef<Awaited<ReturnType<typeof tradePage>>>('TradeList').implement({
  description: 'A page of trades.',
  fields: (t) => ({
    items: t.field({ type: [TradeType], description: 'The trades of this page.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('tradeList', (t) =>
  t.withAuth({ capability: 'tradesRead' }).field({
    type: TradeList,
    description: 'All trades of the community, for those who look after them.',
    args: {
      ...pageArgs,
      sort: t.arg({ type: TradeSortType, defaultValue: 'CREATED_DESC', required: true, description: 'The order.' }),
      filter: t.arg({ type: TradeFilter, description: 'Which ones.' }),
    },
    resolve: (_root, { skip, take, sort, filter }, { member }) =>
      tradePage(member.communityId, {
        ...{ skip, take, sort: sort as TradeSort },
        filter: { ...filter, memberId: idIn('Member', filter?.memberId) },
      }),
  }),
);

const DisputeFilter = builder.inputType('DisputeFilter', {
  description: 'Which disputes the list shows.',
  fields: (t) => ({
    states: t.field({
      ...{ type: [DisputeStateType], description: 'In one of these states.' },
      validate: z.array(z.string()).max(4, 'There are 4 states.').nullish(),
    }),
    memberName: t.string({ description: 'Of members with this in their name.', validate: line(100, 0).nullish() }),
  }),
});
const DisputeList = builder.objectRef<Awaited<ReturnType<typeof disputePage>>>('DisputeList').implement({
  description: 'A page of disputes.',
  fields: (t) => ({
    items: t.field({ type: [DisputeType], description: 'The disputes of this page.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('disputeList', (t) =>
  t.withAuth({ capability: 'disputesResolve' }).field({
    type: DisputeList,
    description: 'The disputes of the community, those that wait the longest first.',
    args: { ...pageArgs, filter: t.arg({ type: DisputeFilter, description: 'Which ones.' }) },
    resolve: (_root, { skip, take, filter }, { member }) =>
      disputePage(member.communityId, { skip, take, filter: filter ?? {} }),
  }),
);
