import { DemurragePeriod, DemurrageRunState, NO_COMMUNITY } from '@kith/db';
import { builder } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { prisma } from '../db.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { JournalEntryType } from '../ledger/entries.graphql.ts';
import { entriesSeenBy } from '../ledger/visibility.ts';
import { MoneyType } from '../money.ts';
import { pageArgs } from '../pageArgs.ts';
import { arrearsOf, chargesOf, runPage, type ChargedLine, type ShortLine } from './report.ts';
import { startRuns } from './runs.ts';

const PeriodType = builder.enumType(DemurragePeriod, {
  name: 'DemurragePeriodKind',
  description: 'How often the holding cost is charged.',
});
const StateType = builder.enumType(DemurrageRunState, {
  name: 'DemurrageRunState',
  description: 'RUNNING: begun, nothing is charged yet. DONE: all of it is charged.',
});

/** An amount in the local currency of a row's community. */
export const localMoney = async (communityId: string, minor: bigint) => ({
  minor,
  ...(await localCurrencyOf(communityId)),
});
type Of<Line> = Line & { communityId: string };
const memberOf = (query: object, { communityId, memberId: id }: { communityId: string; memberId: string }) =>
  prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

const ChargeType = builder.objectRef<Of<ChargedLine>>('DemurrageCharge').implement({
  description: 'What one member was charged in a run.',
  fields: (t) => ({
    member: t.prismaField({ type: MemberType, description: 'Who.', resolve: (query, line) => memberOf(query, line) }),
    paid: t.field({
      type: MoneyType,
      description: 'What was taken.',
      resolve: ({ communityId, paid }) => localMoney(communityId, paid),
    }),
    balanceAfter: t.field({
      type: MoneyType,
      description: 'What the account held afterwards.',
      resolve: ({ communityId, balanceAfter }) => localMoney(communityId, balanceAfter),
    }),
  }),
});
const ArrearsType = builder.objectRef<Of<ShortLine>>('DemurrageArrears').implement({
  description:
    'A member who had less available than the charge. What is missing stays missing; it is not charged later.',
  fields: (t) => ({
    member: t.prismaField({ type: MemberType, description: 'Who.', resolve: (query, line) => memberOf(query, line) }),
    charge: t.field({
      type: MoneyType,
      description: 'The whole charge.',
      resolve: ({ communityId, charge }) => localMoney(communityId, charge),
    }),
    paid: t.field({
      type: MoneyType,
      description: 'What of it was available and taken.',
      resolve: ({ communityId, paid }) => localMoney(communityId, paid),
    }),
  }),
});
interface Page<Line> {
  items: Of<Line>[];
  total: number;
}
const ChargeList = builder.objectRef<Page<ChargedLine>>('DemurrageChargeList').implement({
  description: 'A page of what members were charged.',
  fields: (t) => ({
    items: t.field({ type: [ChargeType], description: 'Who paid most first.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
const ArrearsList = builder.objectRef<Page<ShortLine>>('DemurrageArrearsList').implement({
  description: 'A page of arrears.',
  fields: (t) => ({
    items: t.field({ type: [ArrearsType], description: 'The largest charge first.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
const within = <Line>(communityId: string, { items, total }: { items: Line[]; total: number }): Page<Line> => ({
  items: items.map((line) => ({ ...line, communityId })),
  total,
});

export const DemurrageRunType = builder.prismaNode('DemurrageRun', {
  description:
    'The holding cost of one period, charged to everybody at once: ⌊(balance − allowance) × rate⌋ of what each member held at its end. For those who keep the ledger.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member && can(member.roles, 'ledgerRead') ? member.communityId : NO_COMMUNITY, id },
  }),
  authScopes: { capability: 'ledgerRead' },
  fields: (t) => ({
    endsOn: t.string({
      description: 'The day on which the period ended, in the community’s time zone, such as 2026-11-30.',
      resolve: ({ endsOn }) => endsOn.toISOString().slice(0, 10),
    }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'The moment whose balances were charged.' }),
    period: t.expose('period', { type: PeriodType, description: 'How long the period was.' }),
    ratePpm: t.exposeInt('ratePpm', { description: 'The rate in parts per million: 10000 is 1 %.' }),
    allowance: t.field({
      type: MoneyType,
      description: 'What every member held free of charge.',
      resolve: ({ communityId, allowance }) => localMoney(communityId, allowance),
    }),
    graceDays: t.exposeInt('graceDays', { description: 'Days after the admission in which a member paid nothing.' }),
    state: t.expose('state', { type: StateType, description: 'Whether it is done.' }),
    accounts: t.exposeInt('accounts', { description: 'Accounts of members that were looked at.' }),
    chargedAccounts: t.exposeInt('chargedAccounts', { description: 'How many of them were charged.' }),
    charged: t.field({
      type: MoneyType,
      description: 'What was taken together and went to the treasury.',
      resolve: ({ communityId, charged }) => localMoney(communityId, charged),
    }),
    arrearsAccounts: t.exposeInt('arrearsAccounts', { description: 'How many had less available than their charge.' }),
    arrears: t.field({
      type: MoneyType,
      description: 'What is missing of those charges together.',
      resolve: ({ communityId, arrears }) => localMoney(communityId, arrears),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was begun.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was posted; null while it runs.',
    }),
    entry: t.prismaField({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry that took it; null while it runs and where nobody owed anything.',
      select: { id: true },
      resolve: (query, { id }, _args, { member }) =>
        prisma.journalEntry.findFirst({ ...query, where: { ...entriesSeenBy(member), id } }),
    }),
    chargeList: t.field({
      type: ChargeList,
      description: 'What each member was charged.',
      select: { communityId: true, id: true },
      args: { ...pageArgs },
      resolve: async ({ communityId, id }, page) => within(communityId, await chargesOf(communityId, id, page)),
    }),
    arrearsList: t.field({
      type: ArrearsList,
      description: 'Who had less available than the charge.',
      select: { communityId: true, id: true },
      args: { ...pageArgs },
      resolve: async ({ communityId, id }, page) => within(communityId, await arrearsOf(communityId, id, page)),
    }),
  }),
});

type RunPage = Awaited<ReturnType<typeof runPage>>;
const RunList = builder.objectRef<RunPage>('DemurrageRunList').implement({
  description: 'A page of runs.',
  fields: (t) => ({
    items: t.field({ type: [DemurrageRunType], description: 'The newest first.', resolve: ({ items }) => items }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('demurrageRunList', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: RunList,
    description: 'Every period that was charged, or is being charged.',
    args: { ...pageArgs },
    resolve: (_root, page, { member }) => runPage(member.communityId, page),
  }),
);

builder.mutationField('startDemurrage', (t) =>
  t.withAuth({ capability: 'demurrageStart' }).boolean({
    description:
      'Looks at once for periods that have ended and were not charged, which otherwise happens every minute. A period is charged once, however often this is called.',
    resolve: async (_root, _args, { member }) => {
      await startRuns(member.communityId);
      return true;
    },
  }),
);
