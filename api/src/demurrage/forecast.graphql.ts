import { builder } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { PoliciesInput } from '../communities/policies.graphql.ts';
import { prisma } from '../db.ts';
import { MoneyType } from '../money.ts';
import { pageArgs } from '../pageArgs.ts';
import { moneyOf } from '../ledger/accounts.graphql.ts';
import { forecastOf, type Forecast } from './forecast.ts';
import { preview, type Assessment, type Preview } from './preview.ts';
import { localMoney } from './runs.graphql.ts';

const ForecastType = builder.objectRef<Forecast>('DemurrageForecast').implement({
  description: 'When the viewer pays the holding cost next, and how much if nothing moves until then.',
  fields: (t) => ({
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'The moment whose balance will be charged.' }),
    ratePpm: t.int({
      description: 'The rate of that moment in parts per million: 10000 is 1 %.',
      resolve: ({ rules }) => rules.demurrageRatePpm,
    }),
    allowance: t.field({
      type: MoneyType,
      description: 'What is free of charge.',
      resolve: ({ rules, currencyCode, scale }) => ({
        ...{ minor: BigInt(rules.demurrageAllowance) * 10n ** BigInt(scale), currencyCode, scale },
      }),
    }),
    balance: t.field({
      type: MoneyType,
      description: 'What the viewer holds now, reserved money included.',
      resolve: (forecast) => moneyOf(forecast.balance, forecast),
    }),
    charge: t.field({
      type: MoneyType,
      description: '⌊(balance − allowance) × rate⌋ of today’s balance; nothing in the days of grace.',
      resolve: (forecast) => moneyOf(forecast.charge, forecast),
    }),
    paysFrom: t.expose('paysFrom', { type: 'DateTime', description: 'When the viewer’s days of grace end or ended.' }),
  }),
});
builder.queryField('myDemurrage', (t) =>
  t.withAuth({ member: true }).field({
    type: ForecastType,
    nullable: true,
    description: 'The viewer’s next holding cost; null while the community has none and has announced none.',
    resolve: (_root, _args, { member }) => forecastOf(member),
  }),
);

type Line = Assessment & Pick<Preview, 'communityId' | 'currencyCode' | 'scale'>;
const LineType = builder.objectRef<Line>('DemurrageAssessment').implement({
  description: 'What one member would be charged.',
  fields: (t) => ({
    member: t.prismaField({
      type: MemberType,
      description: 'Who.',
      resolve: (query, { communityId, memberId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    balance: t.field({
      type: MoneyType,
      description: 'What they hold today.',
      resolve: (line) => moneyOf(line.balance, line),
    }),
    charge: t.field({
      type: MoneyType,
      description: 'What they would owe.',
      resolve: (line) => moneyOf(line.charge, line),
    }),
    arrears: t.field({
      type: MoneyType,
      description: 'What of it is not available today.',
      resolve: (line) => {
        const open = line.available > 0n ? line.charge - line.available : line.charge;
        return moneyOf(open > 0n ? open : 0n, line);
      },
    }),
  }),
});
const PreviewType = builder.objectRef<Preview>('DemurragePreview').implement({
  description: 'Who would pay what, by today’s balances. Nothing is charged and nothing is changed.',
  fields: (t) => ({
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When the next period would end.' }),
    ratePpm: t.exposeInt('ratePpm', { description: 'The rate it is reckoned with.' }),
    charge: t.field({
      type: MoneyType,
      description: 'What all would owe together.',
      resolve: ({ total, communityId }) => localMoney(communityId, total),
    }),
    arrears: t.field({
      type: MoneyType,
      description: 'What of it is not available today.',
      resolve: ({ arrears, communityId }) => localMoney(communityId, arrears),
    }),
    spared: t.exposeInt('spared', { description: 'Accounts of members who would pay nothing.' }),
    items: t.field({
      type: [LineType],
      description: 'Who would pay most first.',
      resolve: ({ items, communityId, currencyCode, scale }) =>
        items.map((item) => ({ ...item, communityId, currencyCode, scale })),
    }),
    total: t.exposeInt('payers', { description: 'How many would pay.' }),
  }),
});
builder.queryField('demurragePreview', (t) =>
  t.withAuth({ capability: 'ledgerRead' }).field({
    type: PreviewType,
    description:
      'Who would pay what at the next end of a period, by the rules that hold then, announced ones included, or by others that are thought of.',
    args: {
      ...pageArgs,
      policies: t.arg({
        type: PoliciesInput,
        required: false,
        description: 'Rules that are thought of; what is left out is as it will be then. Demurrage is taken to be on.',
      }),
    },
    resolve: (_root, { policies, ...page }, { member }) =>
      preview(member.communityId, { ...page, proposed: policies ?? {} }),
  }),
);
