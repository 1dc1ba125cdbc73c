import { z } from 'zod';
import { builder } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { clock } from '../clock.ts';
import { moneyOf } from '../ledger/accounts.graphql.ts';
import { MoneyType } from '../money.ts';
import { pageArgs } from '../pageArgs.ts';
import { figuresOf, inactiveMembers, type Figures } from './figures.ts';
import { spanOf } from './report.ts';

/** A field of the figures that is an amount. */
type Amount = { [F in keyof Figures]: Figures[F] extends bigint ? F : never }[keyof Figures];
const money = (field: Amount, description: string) => ({
  ...{ type: MoneyType, description },
  resolve: (figures: Figures) => moneyOf(figures[field], figures),
});

const FiguresType = builder.objectRef<Figures>('MoneyReport').implement({
  description: 'The community’s economy from a moment to before another, in its own currency.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'From this moment.' }),
    to: t.expose('to', { type: 'DateTime', description: 'To before this moment.' }),
    supplyBefore: t.field(money('supplyBefore', 'The supply when it begins.')),
    supply: t.field(
      money('supply', 'The supply when it ends: −(balance of issuance) = supply before + minted − burned.'),
    ),
    minted: t.field(money('minted', 'Σ of what issuance gave.')),
    burned: t.field(money('burned', 'Σ of what came back to issuance, undone mints among it.')),
    volume: t.field(
      money(
        'volume',
        'Σ of what members were paid by payments and trades that were not reversed, less what was refunded.',
      ),
    ),
    velocity: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'How often the money changes hands in a year: volume ÷ ((supply before + supply) ÷ 2) × (365.25 days ÷ length), four decimals, cut off. Null without money.',
      resolve: ({ velocity }) => velocity,
    }),
    gini: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'How unevenly active members hold it: Σ (2i − n − 1) xᵢ ÷ (n Σ xᵢ) of their n balances xᵢ in ascending order at the end, those below zero as zero. 0: all hold the same; near 1: one holds all. Null without money.',
      resolve: ({ gini }) => gini,
    }),
    topTenthShare: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The share that the ⌈n ÷ 10⌉ active members hold who have most, from 0 to 1. Null without money.',
      resolve: ({ topTenth }) => topTenth,
    }),
    held: t.field(money('held', 'What active members hold at the end, those below zero as zero.')),
    demurrage: t.field(money('demurrage', 'What demurrage brought the treasury, without runs that were reversed.')),
    treasury: t.field(money('treasury', 'What the treasury holds at the end.')),
    payments: t.exposeInt('payments', { description: 'Payments and trades that were not reversed.' }),
    members: t.exposeInt('members', { description: 'Members who are active now.' }),
    traders: t.exposeInt('traders', { description: 'Of these: those who paid or were paid.' }),
    inactive: t.exposeInt('inactive', { description: 'Of these: those who neither paid nor were paid.' }),
  }),
});
builder.queryField('moneyReport', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: FiguresType,
    description:
      'Supply, velocity, concentration and activity, for those who keep the ledger. The last 30 days when nothing else is said.',
    args: {
      from: t.arg({ type: 'DateTime', required: false, description: 'From this moment.' }),
      to: t.arg({ type: 'DateTime', required: false, description: 'To before this moment.' }),
    },
    resolve: (_root, { from, to }, { member }) => figuresOf(member.communityId, spanOf(from, to)),
  }),
);

type Page = Awaited<ReturnType<typeof inactiveMembers>>;
const Inactive = builder.objectRef<Page['items'][number]>('InactiveMember').implement({
  description: 'An active member who neither paid nor was paid for a while.',
  fields: (t) => ({
    member: t.field({ type: MemberType, description: 'Who.', resolve: ({ member }) => member }),
    lastAt: t.expose('lastAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Their last payment or trade, in or out; null: there was none.',
    }),
  }),
});
const InactiveList = builder.objectRef<Page>('InactiveMemberList').implement({
  description: 'A page of inactive members.',
  fields: (t) => ({
    items: t.field({
      type: [Inactive],
      description: 'Who never paid nor was paid first, then the longest silent.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
const DAY_MS = 86_400_000;
builder.queryField('inactiveMemberList', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: InactiveList,
    description: 'Active members without a payment or trade, in or out, for so many days.',
    args: {
      ...pageArgs,
      days: t.arg.int({
        ...{ defaultValue: 90, required: true, description: 'For so many days, 1 to 3650.' },
        validate: z.number().int().min(1).max(3650),
      }),
    },
    resolve: (_root, { days, ...page }, { member }) =>
      inactiveMembers(member.communityId, { ...page, since: new Date(clock.now().getTime() - days * DAY_MS) }),
  }),
);
