import DataLoader from 'dataloader';
import { z } from 'zod';
import { CommunityVisibility, MemberRole, MemberState } from '@kith/db';
import { ErrorInterface, builder, globalId } from '../builder.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { capabilitiesOf } from './capabilities.ts';
import {
  OperatorUnknown,
  SlugTaken,
  createCommunity,
  membershipsOf,
  publicFacts,
  updateCommunity,
  visibleCommunities,
  type Membership,
  type PublicFacts,
} from './communities.ts';
import { policiesOf } from './policies.ts';
import { changePolicies } from './policiesInForce.ts';
import { PoliciesInput, PoliciesType, policyEnum } from './policies.graphql.ts';
import { email, latitude, line, locale, longitude, paragraphs, reason, timeZone } from './text.ts';

export const MemberStateType = builder.enumType(MemberState, {
  name: 'MemberState',
  description:
    'Where a membership stands: APPLIED, then ACTIVE or REJECTED; SUSPENDED for a while; LEAVING, then LEFT.',
});
export const MemberRoleType = builder.enumType(MemberRole, {
  name: 'MemberRole',
  description: 'What somebody does in a community. Everybody in it is a MEMBER.',
});
const Visibility = builder.enumType(CommunityVisibility, {
  name: 'CommunityVisibility',
  description: 'LISTED stands in the public directory; HIDDEN is known to its members and those they invite.',
});

const Currency = builder
  .objectRef<{ currencyCode: string; currencyName: string; currencySymbol: string; currencyScale: number }>('Currency')
  .implement({
    description: 'The local currency of a community.',
    fields: (t) => ({
      code: t.exposeString('currencyCode', { description: '3 to 8 capitals.' }),
      name: t.exposeString('currencyName', { description: 'What members call it.' }),
      symbol: t.exposeString('currencySymbol', { description: 'Short sign; may be empty.' }),
      scale: t.exposeInt('currencyScale', { description: 'Decimals of an amount, 0 to 4.' }),
    }),
  });

export const CharterText = builder.objectRef<NonNullable<PublicFacts['charter']>>('Charter').implement({
  description: 'The terms a member accepts.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Counts from 1; give it back to accept the charter.' }),
    text: t.exposeString('text', { description: 'The terms.' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', description: 'When this version came into force.' }),
  }),
});

const loaders = new WeakMap<Context, DataLoader<string, PublicFacts>>();
/** One look at the database for all communities of an answer. */
function factsOf(context: Context, communityId: string): Promise<PublicFacts> {
  const loader =
    loaders.get(context) ??
    new DataLoader<string, PublicFacts>(async (ids) => {
      const facts = await publicFacts(ids);
      return ids.map((id) => facts.get(id) ?? { charter: null, memberCount: 0 });
    });
  loaders.set(context, loader);
  return loader.load(communityId);
}

/** What a member knows and an outsider does not. */
const isMemberOf = ({ member }: Context, communityId: string) =>
  member?.state === 'ACTIVE' && member.communityId === communityId;

export const CommunityType = builder.prismaNode('Community', {
  description: 'A community that runs its own economy on this installation.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, context) => ({ id, ...visibleCommunities(context) }),
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Its short name in addresses and in the header x-kith-community.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What it says of itself.' }),
    state: t.exposeString('state', { description: 'ACTIVE, or CLOSED for good.' }),
    visibility: t.expose('visibility', { type: Visibility, description: 'Whether it stands in the public directory.' }),
    locale: t.exposeString('locale', { description: 'Its main language, such as en or pt-BR.' }),
    timeZone: t.exposeString('timeZone', { description: 'Such as Europe/Berlin.' }),
    latitude: t.exposeFloat('latitude', { nullable: true, description: 'About where it is, if it says so.' }),
    longitude: t.exposeFloat('longitude', { nullable: true, description: 'About where it is, if it says so.' }),
    currency: t.field({ type: Currency, description: 'Its local currency.', resolve: (community) => community }),
    admission: t.field({
      type: policyEnum('admission'),
      description: 'How one joins.',
      resolve: (community) => policiesOf(community).admission as string,
    }),
    charterVersion: t.exposeInt('charterVersion', {
      description: 'The version in force; 0 while there is no charter.',
    }),
    charter: t.field({
      type: CharterText,
      nullable: true,
      description: 'The charter in force.',
      resolve: async ({ id }, _args, context) => (await factsOf(context, id)).charter,
    }),
    memberCount: t.int({
      nullable: true,
      description: 'Active members; null for outsiders unless the community publishes it.',
      resolve: async (community, _args, context) =>
        isMemberOf(context, community.id) || policiesOf(community).publishStatistics
          ? (await factsOf(context, community.id)).memberCount
          : null,
    }),
    memberCapacity: t.int({
      nullable: true,
      description: 'The most members it takes; for members.',
      resolve: ({ id, memberCapacity }, _args, context) => (isMemberOf(context, id) ? memberCapacity : null),
    }),
    policies: t.field({
      type: PoliciesType,
      nullable: true,
      description: 'The rules it sets for itself; for members.',
      resolve: (community, _args, context) => (isMemberOf(context, community.id) ? policiesOf(community) : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was founded here.' }),
  }),
});

builder.queryField('community', (t) =>
  t.prismaField({
    type: CommunityType,
    nullable: true,
    description:
      'The community named by the header x-kith-community; null when there is none of that name for the viewer.',
    resolve: (query, _root, _args, context) =>
      context.communityId
        ? prisma.community.findFirst({ ...query, where: { id: context.communityId, ...visibleCommunities(context) } })
        : null,
  }),
);

builder.queryField('communities', (t) =>
  t.prismaConnection({
    type: CommunityType,
    cursor: 'id',
    description: 'The public directory, by name.',
    args: {
      search: t.arg.string({ required: false, description: 'A part of the name.', validate: line(100, 0).nullish() }),
    },
    totalCount: (_root, { search }) => prisma.community.count({ where: listed(search) }),
    resolve: (query, _root, { search }) =>
      prisma.community.findMany({ ...query, where: listed(search), orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
  }),
);
const listed = (search: string | null | undefined) => ({
  visibility: 'LISTED' as const,
  state: 'ACTIVE' as const,
  ...(search && { name: { contains: search.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const } }),
});

export const MembershipType = builder.objectRef<Membership>('Membership').implement({
  description: 'The viewer in one of their communities.',
  fields: (t) => ({
    community: t.prismaField({
      type: CommunityType,
      description: 'The community.',
      resolve: (query, { communityId }) => prisma.community.findUniqueOrThrow({ ...query, where: { id: communityId } }),
    }),
    memberId: t.id({
      description: 'The id of the viewer’s member there.',
      resolve: ({ memberId }) => globalId('Member', memberId),
    }),
    state: t.expose('state', { type: MemberStateType, description: 'Where the membership stands.' }),
    roles: t.expose('roles', { type: [MemberRoleType], description: 'What the viewer does there.' }),
    capabilities: t.stringList({
      description: 'What the viewer may do there beyond an ordinary member.',
      resolve: ({ state, roles }) => (state === 'ACTIVE' ? capabilitiesOf(roles) : []),
    }),
  }),
});

builder.queryField('myMemberships', (t) =>
  t.withAuth({ user: true }).field({
    type: [MembershipType],
    description: 'Every community the viewer belongs to, applied to or left, by its name.',
    complexity: { field: 1, multiplier: 20 },
    resolve: (_root, _args, { viewer }) => membershipsOf(viewer.userId),
  }),
);

builder.objectType(SlugTaken, {
  name: 'SlugTaken',
  interfaces: [ErrorInterface],
  description: 'Another community has this slug.',
  fields: (t) => ({ slug: t.exposeString('slug', { description: 'The slug that is taken.' }) }),
});
builder.objectType(OperatorUnknown, {
  name: 'OperatorUnknown',
  interfaces: [ErrorInterface],
  description: 'Nobody has signed up with the operator’s address and confirmed it.',
});

export const PointInput = builder.inputType('MapPointInput', {
  description: 'A point on the map, in degrees.',
  fields: (t) => ({
    latitude: t.float({ required: true, description: '-90 to 90.', validate: latitude }),
    longitude: t.float({ required: true, description: '-180 to 180.', validate: longitude }),
  }),
});

// An id in the place of a slug would be looked up as an id.
const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'Take 2 to 63 small letters, digits and hyphens.')
  .refine((text) => !z.guid().safeParse(text).success, 'Take a name, not an id.');
const capacity = z.number().int().min(1).max(10_000_000);

const CreateCommunityInput = builder.inputType('CreateCommunityInput', {
  description: 'A new community.',
  fields: (t) => ({
    slug: t.string({ required: true, description: 'Its short name in addresses, for good.', validate: slug }),
    name: t.string({ required: true, description: 'Its name.', validate: line(100) }),
    description: t.string({
      defaultValue: '',
      required: true,
      description: 'What it says of itself.',
      validate: paragraphs(5000),
    }),
    visibility: t.field({
      type: Visibility,
      defaultValue: 'LISTED',
      required: true,
      description: 'Whether the public directory shows it.',
    }),
    locale: t.string({
      defaultValue: 'en',
      required: true,
      description: 'Its main language; the category tree comes in it.',
      validate: locale,
    }),
    timeZone: t.string({
      defaultValue: 'UTC',
      required: true,
      description: 'Such as Europe/Berlin.',
      validate: timeZone,
    }),
    currencyCode: t.string({
      required: true,
      description: '3 to 8 capitals, for good.',
      validate: z.string().regex(/^[A-Z]{3,8}$/, 'Take 3 to 8 capitals.'),
    }),
    currencyName: t.string({ required: true, description: 'What members call the money.', validate: line(50) }),
    currencySymbol: t.string({ defaultValue: '', required: true, description: 'A short sign.', validate: line(8, 0) }),
    currencyScale: t.int({
      defaultValue: 2,
      required: true,
      description: 'Decimals, 0 to 4, for good.',
      validate: z.number().int().min(0).max(4),
    }),
    memberCapacity: t.int({
      defaultValue: 10_000,
      required: true,
      description: 'The most members.',
      validate: capacity,
    }),
    operatorEmail: t.string({
      required: false,
      description: 'The first operator, who has signed up; else the founder.',
      validate: email.nullish(),
    }),
    policies: t.field({ type: PoliciesInput, required: false, description: 'Rules that differ from the defaults.' }),
  }),
});

builder.mutationField('createCommunity', (t) =>
  t.withAuth({ platformAdministrator: true }).prismaField({
    type: CommunityType,
    description: 'Founds a community with the default category tree and its first operator.',
    errors: { types: [SlugTaken, OperatorUnknown] },
    args: { input: t.arg({ type: CreateCommunityInput, required: true, description: 'The community.' }) },
    resolve: async (query, _root, { input: { operatorEmail, policies, ...community } }, { viewer }) => {
      const rules = Object.fromEntries(Object.entries(policies ?? {}).filter(([, value]) => value !== null));
      const id = await createCommunity(viewer, {
        ...community,
        operatorEmail: operatorEmail ?? undefined,
        policies: rules,
      });
      return prisma.community.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
);

const UpdateCommunityInput = builder.inputType('UpdateCommunityInput', {
  description: 'What to change; what is left out stays.',
  fields: (t) => ({
    name: t.string({ required: false, description: 'Its name.', validate: line(100).nullish() }),
    description: t.string({
      required: false,
      description: 'What it says of itself.',
      validate: paragraphs(5000).nullish(),
    }),
    visibility: t.field({ type: Visibility, required: false, description: 'Whether the public directory shows it.' }),
    locale: t.string({ required: false, description: 'Its main language.', validate: locale.nullish() }),
    timeZone: t.string({ required: false, description: 'Such as Europe/Berlin.', validate: timeZone.nullish() }),
    currencyName: t.string({
      required: false,
      description: 'What members call the money.',
      validate: line(50).nullish(),
    }),
    currencySymbol: t.string({ required: false, description: 'A short sign.', validate: line(8, 0).nullish() }),
    memberCapacity: t.int({
      required: false,
      description: 'The most members; more than that stay.',
      validate: capacity.nullish(),
    }),
    place: t.field({ type: PointInput, required: false, description: 'About where it is; null takes it off the map.' }),
  }),
});

builder.mutationField('updateCommunity', (t) =>
  t.withAuth({ capability: 'communityEdit' }).prismaField({
    type: CommunityType,
    description: 'Changes what the community says of itself.',
    args: { input: t.arg({ type: UpdateCommunityInput, required: true, description: 'The change.' }) },
    resolve: async (query, _root, { input: { place, ...change } }, { member }) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const empty = given.find(([, value]) => value === null);
      if (empty) throw badInput(`${empty[0]} cannot be empty.`, empty[0]);
      await updateCommunity(member, { ...Object.fromEntries(given), place });
      return prisma.community.findUniqueOrThrow({ ...query, where: { id: member.communityId } });
    },
  }),
);

builder.mutationField('updatePolicies', (t) =>
  t.withAuth({ capability: 'communityEdit' }).prismaField({
    type: CommunityType,
    description: 'Changes rules of the community at once. `schedulePolicies` announces a change.',
    args: {
      input: t.arg({ type: PoliciesInput, required: true, description: 'The rules to change.' }),
      reason: t.arg.string({
        ...{ required: false, description: 'Why; members see it in the history, and the audit log keeps it.' },
        validate: reason.nullish(),
      }),
    },
    resolve: async (query, _root, { input, reason }, { member }) => {
      await changePolicies(member, { policies: input, reason: reason ?? undefined });
      return prisma.community.findUniqueOrThrow({ ...query, where: { id: member.communityId } });
    },
  }),
);
