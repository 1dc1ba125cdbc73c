import { KarmaCause } from '@kith/db';
import { z } from 'zod';
import { ErrorInterface, builder, localId } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { line, paragraphs, reason } from '../communities/text.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import { NO_COMMUNITY } from '@kith/db';
import { CLIENT_ID, clientId } from '../ledger/clientId.ts';
import { EntryIdReused } from '../ledger/refusals.ts';
import { pageArgs } from '../pageArgs.ts';
import {
  KarmaOff,
  OwnKarma,
  RULES_MOST,
  awardKarma,
  awardPage,
  karmaOf,
  karmaRules,
  revokeKarma,
  setKarmaRules,
  type Badge,
  type Karma,
  type KarmaRules,
  type Level,
} from './karma.ts';

const CauseType = builder.enumType('KarmaCause', {
  description:
    'HONEST_REVIEW: written before its author could read the other one, once for each member and week. ACTIVE_INVITATION: somebody they invited has traded with two others. COMMUNITY_WORK and GOOD_FLAG: entered by an operator or moderator.',
  values: Object.values(KarmaCause),
});
const EnteredCauseType = builder.enumType('EnteredKarmaCause', {
  description: 'What an operator or moderator gives points for.',
  values: ['COMMUNITY_WORK', 'GOOD_FLAG'] as const,
});
const LevelType = builder.objectRef<Level>('KarmaLevel').implement({
  description: 'A level of karma.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    least: t.exposeInt('least', { description: 'Points from which it holds.' }),
  }),
});
const BadgeType = builder.objectRef<Badge>('KarmaBadge').implement({
  description: 'A badge, and what earns it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    cause: t.expose('cause', {
      type: CauseType,
      nullable: true,
      description: 'Awards of this cause are counted; null: points of all causes.',
    }),
    least: t.exposeInt('least', { description: 'From how many it is earned.' }),
  }),
});
const RulesType = builder.objectRef<KarmaRules>('KarmaRules').implement({
  description: 'By what levels and badges are earned.',
  fields: (t) => ({
    levels: t.field({ type: [LevelType], description: 'From the lowest.', resolve: ({ levels }) => levels }),
    badges: t.field({ type: [BadgeType], description: 'In their order.', resolve: ({ badges }) => badges }),
  }),
});
builder.queryField('karmaRules', (t) =>
  t.withAuth({ member: true }).field({
    type: RulesType,
    description: 'By what levels and badges are earned here; points for a cause stand in the policies.',
    resolve: (_root, _args, { member }) => karmaRules(member.communityId),
  }),
);

const KarmaType = builder.objectRef<Karma>('Karma').implement({
  description: 'Points for what helped the community, and what was earned with them.',
  fields: (t) => ({
    points: t.exposeInt('points', { description: 'All points.' }),
    level: t.field({
      type: LevelType,
      nullable: true,
      description: 'The level; null below the first.',
      resolve: ({ level }) => level,
    }),
    next: t.field({
      type: LevelType,
      nullable: true,
      description: 'The next level; null at the highest.',
      resolve: ({ next }) => next,
    }),
    badges: t.field({ type: [BadgeType], description: 'The badges earned.', resolve: ({ badges }) => badges }),
  }),
});
builder.prismaObjectField(MemberType, 'karma', (t) =>
  t.loadable({
    type: KarmaType,
    nullable: true,
    description: 'Their karma; null where the community does not play.',
    load: async (keys: string[]) => {
      const owners = keys.map((key) => JSON.parse(key) as [communityId: string, memberId: string]);
      const known = await karmaOf(
        owners[0]![0],
        owners.map(([, memberId]) => memberId),
      );
      return owners.map(([, memberId]) => known?.get(memberId) ?? null);
    },
    resolve: ({ communityId, id }) => JSON.stringify([communityId, id]),
  }),
);

export const KarmaAwardType = builder.prismaNode('KarmaAward', {
  description: 'Points for something that helped the community.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    ...(!member || readsAll(member) ? {} : { memberId: member.memberId }),
  }),
  authScopes: { member: true },
  fields: (t) => ({
    member: t.prismaField({
      type: MemberType,
      description: 'Who helped.',
      select: { communityId: true, memberId: true },
      resolve: (query, { communityId, memberId: id }) =>
        prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
    cause: t.expose('cause', { type: CauseType, description: 'For what.' }),
    points: t.exposeInt('points', { description: 'How many points.' }),
    reason: t.exposeString('reason', { description: 'What was written to it; empty where the system gave it.' }),
    awardedBy: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Who entered it; null: the system.',
      select: { communityId: true, awardedBy: true },
      resolve: (query, { communityId, awardedBy: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    awardedAt: t.expose('awardedAt', { type: 'DateTime', description: 'When.' }),
  }),
});
const readsAll = (member: NonNullable<Context['member']>) =>
  member.state === 'ACTIVE' && can(member.roles, 'karmaRead');

const AwardFilter = builder.inputType('KarmaAwardFilter', {
  description: 'Which awards the list shows.',
  fields: (t) => ({
    memberId: t.id({ required: false, description: 'Of this member.' }),
    causes: t.field({
      type: [CauseType],
      required: false,
      description: 'For these causes.',
      validate: z.array(z.string()).max(10).nullish(),
    }),
  }),
});
type Page = Awaited<ReturnType<typeof awardPage>>;
const AwardList = builder.objectRef<Page>('KarmaAwardList').implement({
  description: 'A page of awards.',
  fields: (t) => ({
    items: t.field({
      type: [KarmaAwardType],
      description: 'The awards of this page, newest first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});
builder.queryField('karmaAwardList', (t) =>
  t.withAuth({ member: true }).field({
    type: AwardList,
    description: 'Awards, newest first: one’s own, or all for operators and moderators.',
    args: { ...pageArgs, filter: t.arg({ type: AwardFilter, required: false, description: 'Which ones.' }) },
    resolve: (_root, { skip, take, filter }, { member }) => {
      const asked = filter?.memberId ? localId('Member', filter.memberId) : undefined;
      const memberId = readsAll(member) ? asked : member.memberId;
      return awardPage(member.communityId, { skip, take, filter: { causes: filter?.causes, memberId } });
    },
  }),
);

builder.objectType(KarmaOff, {
  name: 'KarmaOff',
  interfaces: [ErrorInterface],
  description: 'The community does not play.',
});
builder.objectType(OwnKarma, {
  name: 'OwnKarma',
  interfaces: [ErrorInterface],
  description: 'Nobody gives karma to themselves.',
});
const AwardInput = builder.inputType('AwardKarmaInput', {
  description: 'Points for a member.',
  fields: (t) => ({
    id: t.id({ required: true, description: CLIENT_ID, validate: clientId }),
    memberId: t.id({ required: true, description: 'Who helped.' }),
    cause: t.field({ type: EnteredCauseType, required: true, description: 'For what.' }),
    points: t.int({
      required: true,
      description: 'How many, at most 1000.',
      validate: z.number().int().min(1).max(1000),
    }),
    reason: t.string({
      required: true,
      description: 'What they did; the member and the audit log are told.',
      validate: reason,
    }),
  }),
});
builder.mutationField('awardKarma', (t) =>
  t.withAuth({ capability: 'karmaAward' }).prismaField({
    type: KarmaAwardType,
    description: 'Gives a member points for work or a good flag.',
    errors: { types: [KarmaOff, OwnKarma, EntryIdReused] },
    args: { input: t.arg({ type: AwardInput, required: true, description: 'To whom, how many and why.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const { communityId } = member;
      await awardKarma(member, { ...input, memberId: localId('Member', input.memberId) });
      return prisma.karmaAward.findUniqueOrThrow({
        ...query,
        where: { communityId_id: { communityId, id: input.id } },
      });
    },
  }),
);
const RevokeInput = builder.inputType('RevokeKarmaInput', {
  description: 'An award to take back.',
  fields: (t) => ({
    awardId: t.id({ required: true, description: 'The award; one that an operator or moderator entered.' }),
    reason: t.string({ required: true, description: 'Why; the audit log keeps it.', validate: reason }),
  }),
});
builder.mutationField('revokeKarma', (t) =>
  t.withAuth({ capability: 'karmaAward' }).boolean({
    description: 'Takes back what was given by mistake.',
    args: { input: t.arg({ type: RevokeInput, required: true, description: 'Which award, and why.' }) },
    resolve: async (_root, { input: { awardId, reason } }, { member }) => {
      await revokeKarma(member, { awardId: localId('KarmaAward', awardId), reason });
      return true;
    },
  }),
);

const LEAST_MOST = 1_000_000;
const least = z.number().int().min(1).max(LEAST_MOST);
const LevelInput = builder.inputType('KarmaLevelInput', {
  description: 'A level of karma.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is called; at most 60 characters.', validate: line(60) }),
    least: t.int({ required: true, description: 'Points from which it holds, 1 to 1000000.', validate: least }),
  }),
});
const BadgeInput = builder.inputType('KarmaBadgeInput', {
  description: 'A badge, and what earns it.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is called; at most 60 characters.', validate: line(60) }),
    description: t.string({
      required: false,
      description: 'What it is for; at most 300 characters.',
      validate: paragraphs(300).nullish(),
    }),
    cause: t.field({
      type: CauseType,
      required: false,
      description: 'Count awards of this cause; left out or null: points of all causes.',
    }),
    least: t.int({ required: true, description: 'From how many it is earned, 1 to 1000000.', validate: least }),
  }),
});
const SetRulesInput = builder.inputType('SetKarmaRulesInput', {
  description: 'All levels and badges from now on.',
  fields: (t) => ({
    levels: t.field({
      type: [LevelInput],
      required: true,
      description: 'At most 50 levels.',
      validate: z.array(z.unknown()).max(RULES_MOST),
    }),
    badges: t.field({
      type: [BadgeInput],
      required: true,
      description: 'At most 50 badges.',
      validate: z.array(z.unknown()).max(RULES_MOST),
    }),
  }),
});
builder.mutationField('setKarmaRules', (t) =>
  t.withAuth({ capability: 'karmaRulesSet' }).field({
    type: RulesType,
    description:
      'Puts these levels and badges in the place of those there are; they hold for everybody at once. None at all brings the standard ones back.',
    args: { input: t.arg({ type: SetRulesInput, required: true, description: 'Levels and badges.' }) },
    resolve: async (_root, { input: { levels, badges } }, { member }) => {
      await setKarmaRules(member, {
        levels,
        badges: badges.map(({ description, cause, ...badge }) => ({
          ...badge,
          description: description ?? '',
          cause: cause ?? null,
        })),
      });
      return karmaRules(member.communityId);
    },
  }),
);
