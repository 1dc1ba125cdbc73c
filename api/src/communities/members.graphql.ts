import { z } from 'zod';
import { NO_COMMUNITY, type Sql } from '@kith/db';
import { builder, localId } from '../builder.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { pageArgs } from '../pageArgs.ts';
import { capabilitiesOf } from './capabilities.ts';
import { MemberRoleType, MemberStateType, PointInput } from './communities.graphql.ts';
import {
  countMembers,
  memberListWhere,
  memberOrder,
  nameContains,
  seesPrivate,
  updateMyProfile,
  visibleMembers,
  type MemberFilter,
} from './members.ts';
import { email, line, locale, paragraphs, webAddress } from './text.ts';

type Row = { communityId: string; id: string; userId: string | null };
const own = (member: Row, context: Context) => seesPrivate(context, member, 'membersList');
const contact = (member: Row, context: Context) => seesPrivate(context, member, 'membersSeeContact');

/** About a kilometre: neighbours need no more, and it is nobody's door. */
const rounded = (degrees: number | null) => degrees && Math.round(degrees * 100) / 100;

export const MemberType = builder.prismaNode('Member', {
  description: 'A person in a community.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    ...visibleMembers(member),
  }),
  select: { communityId: true, id: true, userId: true },
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'The name shown to members.' }),
    bio: t.exposeString('bio', { description: 'What they say of themselves.' }),
    photoUrl: t.exposeString('photoUrl', { nullable: true, description: 'The address of a picture.' }),
    locale: t.exposeString('locale', { description: 'The language they prefer.' }),
    latitude: t.float({
      nullable: true,
      description: 'Where they are; to others about a kilometre exactly.',
      select: { latitude: true },
      resolve: (member, _args, context) => (contact(member, context) ? member.latitude : rounded(member.latitude)),
    }),
    longitude: t.float({
      nullable: true,
      description: 'Where they are; to others about a kilometre exactly.',
      select: { longitude: true },
      resolve: (member, _args, context) => (contact(member, context) ? member.longitude : rounded(member.longitude)),
    }),
    memberSince: t.expose('admittedAt', { type: 'DateTime', nullable: true, description: 'When they were admitted.' }),
    isMe: t.boolean({
      description: 'True for the viewer.',
      select: { userId: true },
      resolve: ({ userId }, _args, { viewer }) => userId !== null && userId === viewer?.userId,
    }),
    contactEmail: t.string({
      nullable: true,
      description: 'For the member and those who may see contacts; null for others.',
      select: { contactEmail: true },
      resolve: (member, _args, context) => (contact(member, context) ? member.contactEmail : null),
    }),
    phone: t.string({
      nullable: true,
      description: 'For the member and those who may see contacts; null for others.',
      select: { phone: true },
      resolve: (member, _args, context) => (contact(member, context) ? member.phone : null),
    }),
    email: t.string({
      nullable: true,
      description: 'The address they sign in with; for the member and those who may see contacts.',
      select: { user: { select: { email: true } } },
      resolve: (member, _args, context) => (contact(member, context) ? (member.user?.email ?? null) : null),
    }),
    state: t.field({
      type: MemberStateType,
      nullable: true,
      description: 'For the member and those who keep the list of members; null for others.',
      select: { state: true },
      resolve: (member, _args, context) => (own(member, context) ? member.state : null),
    }),
    roles: t.field({
      type: [MemberRoleType],
      nullable: true,
      description: 'For the member and those who keep the list of members; null for others.',
      select: { roles: true },
      resolve: (member, _args, context) => (own(member, context) ? member.roles : null),
    }),
    capabilities: t.stringList({
      nullable: true,
      description: 'What the roles allow; for the member and those who keep the list of members.',
      select: { roles: true, state: true },
      resolve: (member, _args, context) =>
        own(member, context) ? (member.state === 'ACTIVE' ? capabilitiesOf(member.roles) : []) : null,
    }),
    brokersMayAct: t.boolean({
      nullable: true,
      description: 'Whether brokers may pay and trade for them; for the member and those who keep the list of members.',
      select: { brokersMayAct: true },
      resolve: (member, _args, context) => (own(member, context) ? member.brokersMayAct : null),
    }),
    charterAccepted: t.boolean({
      nullable: true,
      description: 'Whether they accepted the charter in force; for the member and those who keep the list of members.',
      select: { charterVersion: true, community: { select: { charterVersion: true } } },
      resolve: (member, _args, context) =>
        own(member, context) ? (member.charterVersion ?? 0) === member.community.charterVersion : null,
    }),
    application: t.string({
      nullable: true,
      description: 'What they wrote when they applied; for the member and those who keep the list of members.',
      select: { application: true },
      resolve: (member, _args, context) => (own(member, context) ? member.application : null),
    }),
    decisionReason: t.string({
      nullable: true,
      description: 'Why they were rejected or suspended; for the member and those who keep the list of members.',
      select: { decisionReason: true },
      resolve: (member, _args, context) => (own(member, context) ? member.decisionReason : null),
    }),
    appliedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When they applied; for the member and those who keep the list of members.',
      select: { appliedAt: true },
      resolve: (member, _args, context) => (own(member, context) ? member.appliedAt : null),
    }),
    isPlaceholder: t.boolean({
      nullable: true,
      description: 'Nobody has signed in for this member yet; for those who keep the list of members.',
      select: { erasedAt: true },
      resolve: (member, _args, context) =>
        own(member, context) ? member.userId === null && member.erasedAt === null : null,
    }),
    externalId: t.string({
      nullable: true,
      description: 'Its id in the list it was imported from; for those who keep the list of members.',
      select: { externalId: true },
      resolve: (member, _args, context) => (own(member, context) ? member.externalId : null),
    }),
    invitedBy: t.prismaField({
      type: 'Member',
      nullable: true,
      description: 'Who invited them; for the member and those who keep the list of members.',
      select: { invitedBy: true },
      resolve: (query, member, _args, context) =>
        own(member, context) && member.invitedBy
          ? prisma.member.findFirst({ ...query, where: { communityId: member.communityId, id: member.invitedBy } })
          : null,
    }),
  }),
});

builder.queryField('member', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: MemberType,
    nullable: true,
    description: 'One member, if the viewer may look at them.',
    args: { id: t.arg.id({ required: true, description: 'The id of the member.' }) },
    resolve: (query, _root, { id }, { member }) =>
      prisma.member.findFirst({
        ...query,
        where: { communityId: member.communityId, id: localId('Member', id), ...visibleMembers(member) },
      }),
  }),
);

builder.queryField('myMember', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: MemberType,
    nullable: true,
    description:
      'The viewer in the community of the request, also as an applicant or suspended; null when they are not there.',
    resolve: (query, _root, _args, { member }) =>
      member
        ? prisma.member.findFirst({ ...query, where: { communityId: member.communityId, id: member.memberId } })
        : null,
  }),
);

builder.queryField('members', (t) =>
  t.withAuth({ member: true }).prismaConnection({
    type: MemberType,
    cursor: 'communityId_id',
    description: 'The active members by name.',
    args: {
      search: t.arg.string({ required: false, description: 'A part of the name.', validate: line(100, 0).nullish() }),
    },
    totalCount: (_root, { search }, { member }) => countMembers(activeIn(member.communityId, search)),
    resolve: (query, _root, { search }, { member }) =>
      prisma.member.findMany({
        ...query,
        where: activeIn(member.communityId, search),
        orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
      }),
  }),
);
const activeIn = (communityId: string, search: string | null | undefined): Sql.MemberWhereInput => ({
  communityId,
  state: 'ACTIVE',
  ...(search && nameContains(search)),
});

const MemberSort = builder.enumType('MemberSort', {
  description: 'The order of the list of members.',
  values: ['NAME_ASC', 'NAME_DESC', 'APPLIED_ASC', 'APPLIED_DESC', 'ADMITTED_ASC', 'ADMITTED_DESC'] as const,
});
const MemberFilterInput = builder.inputType('MemberFilter', {
  description: 'Which members the list shows.',
  fields: (t) => ({
    states: t.field({
      type: [MemberStateType],
      required: false,
      description: 'In one of these states.',
      validate: z.array(z.string()).max(10).nullish(),
    }),
    roles: t.field({
      type: [MemberRoleType],
      required: false,
      description: 'With one of these roles.',
      validate: z.array(z.string()).max(10).nullish(),
    }),
    text: t.string({
      required: false,
      description: 'A part of the name, or of the e-mail for those who may see it.',
      validate: line(100, 0).nullish(),
    }),
    isPlaceholder: t.boolean({
      required: false,
      description: 'Only those nobody signed in for yet, or only the others.',
    }),
    hasOffers: t.boolean({
      required: false,
      description: 'Only those with an offer in the directory, or only those without.',
    }),
  }),
});
const MemberListPage = builder
  .objectRef<{
    where: Sql.MemberWhereInput;
    orderBy: Sql.MemberOrderByWithRelationInput[];
    skip: number;
    take: number;
  }>('MemberList')
  .implement({
    description: 'A page of the list of members.',
    fields: (t) => ({
      items: t.prismaField({
        type: [MemberType],
        description: 'The members of this page.',
        resolve: (query, page) => prisma.member.findMany({ ...query, ...page }),
      }),
      total: t.int({ description: 'How many there are on all pages.', resolve: ({ where }) => countMembers(where) }),
    }),
  });
builder.queryField('memberList', (t) =>
  t.withAuth({ capability: 'membersList' }).field({
    type: MemberListPage,
    description: 'All members in every state, for the console.',
    args: {
      ...pageArgs,
      sort: t.arg({ type: MemberSort, defaultValue: 'NAME_ASC', required: true, description: 'The order.' }),
      filter: t.arg({ type: MemberFilterInput, required: false, description: 'Which ones.' }),
    },
    resolve: (_root, { skip, take, sort, filter }, { member }) => ({
      where: memberListWhere(member, (filter ?? {}) as MemberFilter),
      orderBy: memberOrder(sort),
      skip,
      take,
    }),
  }),
);

const UpdateMyProfileInput = builder.inputType('UpdateMyProfileInput', {
  description: 'What to change; what is left out stays.',
  fields: (t) => ({
    displayName: t.string({ required: false, description: 'The name shown to members.', validate: line(80).nullish() }),
    bio: t.string({ required: false, description: 'What you say of yourself.', validate: paragraphs(5000).nullish() }),
    photoUrl: t.string({
      required: false,
      description: 'The address of a picture; null removes it.',
      validate: webAddress.nullish(),
    }),
    contactEmail: t.string({
      required: false,
      description: 'Where operators write to you; null removes it.',
      validate: email.nullish(),
    }),
    phone: t.string({
      required: false,
      description: 'Where operators call you; null removes it.',
      validate: line(40).nullish(),
    }),
    locale: t.string({ required: false, description: 'The language you prefer.', validate: locale.nullish() }),
    place: t.field({ type: PointInput, required: false, description: 'Where you are; null removes it.' }),
    brokersMayAct: t.boolean({
      required: false,
      description:
        'Whether brokers may pay, ask for payment and trade for you while you are offline. They may until you say no.',
    }),
  }),
});
builder.mutationField('updateMyProfile', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: MemberType,
    description: 'Changes the viewer’s profile in this community.',
    args: { input: t.arg({ type: UpdateMyProfileInput, required: true, description: 'The change.' }) },
    resolve: async (query, _root, { input: { displayName, bio, locale, brokersMayAct, ...removable } }, { member }) => {
      for (const [name, value] of Object.entries({ displayName, bio, locale, brokersMayAct }))
        if (value === null) throw badInput(`${name} cannot be removed.`, name);
      await updateMyProfile(member, {
        ...removable,
        displayName: displayName ?? undefined,
        bio: bio ?? undefined,
        locale: locale ?? undefined,
        brokersMayAct: brokersMayAct ?? undefined,
      });
      return memberById(query, member.communityId, member.memberId);
    },
  }),
);

/** The member a mutation was about, with what the client asked for. */
export const memberById = (query: object, communityId: string, id: string) =>
  prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
