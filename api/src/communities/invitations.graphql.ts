import { z } from 'zod';
import { NO_COMMUNITY, type Sql } from '@kith/db';
import { ErrorInterface, builder, localId } from '../builder.ts';
import type { Member } from '../context.ts';
import { prisma } from '../db.ts';
import { link } from '../links.ts';
import { pageArgs } from '../pageArgs.ts';
import { AdmissionClosed, AlreadyMember } from './admission.ts';
import { InvitationNotUsable, acceptInvitation } from './acceptance.ts';
import { can } from './capabilities.ts';
import { CharterChanged } from './charters.ts';
import { CommunityType, MembershipType } from './communities.graphql.ts';
import {
  TooManyInvitations,
  inviteMembers,
  lookAtInvitation,
  revokeInvitation,
  stateOf,
  type InvitationView,
  type IssuedInvitation,
} from './invitations.ts';
import { MemberType } from './members.graphql.ts';
import { CommunityFull, membershipRow } from './membership.ts';
import { email, line } from './text.ts';

const InvitationState = builder.enumType('InvitationState', {
  description: 'What an invitation is still good for.',
  values: ['OPEN', 'EXPIRED', 'REVOKED', 'USED_UP'] as const,
});
const InvitationProblem = builder.enumType('InvitationProblem', {
  description: 'Why an invitation cannot be used.',
  values: ['OWN', 'EXPIRED', 'REVOKED', 'USED_UP'] as const,
});

/** Who invites many sees all invitations of the community, others their own. */
const seen = ({ communityId, memberId, roles, state }: Member) => ({
  communityId,
  ...(!(state === 'ACTIVE' && can(roles, 'membersInviteMany')) && { inviterId: memberId }),
});

const InvitationType = builder.prismaNode('Invitation', {
  description: 'A link by which somebody may join.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    ...(member ? seen(member) : { inviterId: NO_COMMUNITY }),
  }),
  fields: (t) => ({
    state: t.field({
      type: InvitationState,
      description: 'Whether it can still be used.',
      resolve: (invitation) => stateOf(invitation),
    }),
    inviter: t.relation('inviter', { type: MemberType, description: 'Who invites.' }),
    email: t.exposeString('email', { nullable: true, description: 'Where it was mailed to.' }),
    claimsMember: t.relation('claimsMember', {
      type: MemberType,
      nullable: true,
      description: 'The placeholder the invited person takes over.',
    }),
    maxUses: t.exposeInt('maxUses', { description: 'How many may join by it.' }),
    uses: t.exposeInt('uses', { description: 'How many have.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
  }),
});

const Issued = builder.objectRef<IssuedInvitation & { communityId: string }>('IssuedInvitation').implement({
  description:
    'A new invitation. Its token and link are shown here and never again; of one that is mailed, in the mail only.',
  fields: (t) => ({
    token: t.exposeString('token', {
      nullable: true,
      description: 'What accepts the invitation; null where it is mailed.',
    }),
    link: t.string({
      nullable: true,
      description: 'The address to pass on; null where it is mailed.',
      resolve: ({ token }) => token && link('invitation', { token }),
    }),
    invitation: t.prismaField({
      type: InvitationType,
      description: 'The invitation.',
      resolve: (query, { communityId, invitationId: id }) =>
        prisma.invitation.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } }),
    }),
  }),
});
const Invited = builder
  .objectRef<{ invitations: (IssuedInvitation & { communityId: string })[] }>('Invited')
  .implement({
    description: 'The invitations that were made.',
    fields: (t) => ({
      invitations: t.expose('invitations', { type: [Issued], description: 'One for each address, or the one link.' }),
    }),
  });

builder.objectType(TooManyInvitations, {
  name: 'TooManyInvitations',
  interfaces: [ErrorInterface],
  description: 'The viewer has as many open invitations as the community allows.',
  fields: (t) => ({ most: t.exposeInt('most', { description: 'How many a member may have open.' }) }),
});
builder.objectType(InvitationNotUsable, {
  name: 'InvitationNotUsable',
  interfaces: [ErrorInterface],
  description: 'The invitation does not work, or not for the viewer.',
  fields: (t) => ({ problem: t.expose('problem', { type: InvitationProblem, description: 'Why.' }) }),
});

const InviteMembersInput = builder.inputType('InviteMembersInput', {
  description: 'Whom to invite, and how.',
  fields: (t) => ({
    emails: t.stringList({
      defaultValue: [],
      required: true,
      description: 'One invitation for each address, by mail; none: one link to pass on.',
      validate: z.array(email).max(100, 'At most 100 addresses at once.'),
    }),
    maxUses: t.int({
      defaultValue: 1,
      required: true,
      description: 'How many may join by the link.',
      validate: z.number().int().min(1).max(1000),
    }),
    expiresInDays: t.int({
      defaultValue: 14,
      required: true,
      description: 'Days until it stops working.',
      validate: z.number().int().min(1).max(365),
    }),
    claimsMemberId: t.id({ required: false, description: 'The placeholder member the invited person takes over.' }),
  }),
});
builder.mutationField('inviteMembers', (t) =>
  t.withAuth({ member: true }).field({
    type: Invited,
    description: 'Invites people to this community, by mail or by a link to pass on.',
    errors: { types: [TooManyInvitations] },
    args: { input: t.arg({ type: InviteMembersInput, required: true, description: 'The invitations.' }) },
    resolve: async (_root, { input: { claimsMemberId, ...order } }, { member }) => {
      const issued = await inviteMembers(member, {
        ...order,
        claimsMemberId: typeof claimsMemberId === 'string' ? localId('Member', claimsMemberId) : undefined,
      });
      return { invitations: issued.map((one) => ({ ...one, communityId: member.communityId })) };
    },
  }),
);

const RevokeInvitationInput = builder.inputType('RevokeInvitationInput', {
  description: 'An invitation.',
  fields: (t) => ({ invitationId: t.id({ required: true, description: 'The invitation.' }) }),
});
builder.mutationField('revokeInvitation', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: InvitationType,
    description: 'Makes an invitation stop working.',
    args: { input: t.arg({ type: RevokeInvitationInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const id = localId('Invitation', input.invitationId);
      await revokeInvitation(member, id);
      return prisma.invitation.findUniqueOrThrow({
        ...query,
        where: { communityId_id: { communityId: member.communityId, id } },
      });
    },
  }),
);

const InvitationListPage = builder
  .objectRef<{ where: Sql.InvitationWhereInput; skip: number; take: number }>('InvitationList')
  .implement({
    description: 'A page of invitations.',
    fields: (t) => ({
      items: t.prismaField({
        type: [InvitationType],
        description: 'The invitations of this page, newest first.',
        resolve: (query, page) =>
          prisma.invitation.findMany({ ...query, ...page, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
      }),
      total: t.int({
        description: 'How many there are on all pages.',
        resolve: ({ where }) => prisma.invitation.count({ where }),
      }),
    }),
  });
builder.queryField('invitationList', (t) =>
  t.withAuth({ member: true }).field({
    type: InvitationListPage,
    description: 'The viewer’s invitations; all of the community for those who invite many.',
    args: {
      ...pageArgs,
      mine: t.arg.boolean({ defaultValue: false, required: true, description: 'Only the viewer’s own.' }),
    },
    resolve: (_root, { skip, take, mine }, { member }) => ({
      where: { ...seen(member), ...(mine && { inviterId: member.memberId }) },
      skip,
      take,
    }),
  }),
);

const InvitationLook = builder.objectRef<InvitationView>('InvitationView').implement({
  description: 'An invitation as its holder sees it.',
  fields: (t) => ({
    state: t.field({
      type: InvitationState,
      description: 'Whether it can still be used.',
      resolve: ({ state }) => state,
    }),
    community: t.field({ type: CommunityType, description: 'Where it leads.', resolve: ({ community }) => community }),
    inviterName: t.string({ description: 'Who invites.', resolve: ({ inviter }) => inviter.displayName }),
    claimsName: t.string({
      nullable: true,
      description: 'The name of the member the holder takes over.',
      resolve: ({ claimsMember }) => claimsMember?.displayName ?? null,
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
  }),
});
builder.queryField('invitation', (t) =>
  t.field({
    type: InvitationLook,
    nullable: true,
    description:
      'What an invitation offers, for whoever holds its token, signed in or not; null for a token that is not known.',
    args: { token: t.arg.string({ required: true, description: 'From the link.', validate: z.string().max(100) }) },
    resolve: (_root, { token }) => lookAtInvitation(token),
  }),
);

const AcceptInvitationInput = builder.inputType('AcceptInvitationInput', {
  description: 'The answer to an invitation.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'From the link.', validate: z.string().max(100) }),
    displayName: t.string({ required: true, description: 'The name to be shown to members.', validate: line(80) }),
    charterVersion: t.int({
      required: true,
      description: 'The version of the charter that was read and is accepted; 0 where there is none.',
      validate: z.number().int().min(0),
    }),
  }),
});
builder.mutationField('acceptInvitation', (t) =>
  t.withAuth({ user: true }).field({
    type: MembershipType,
    description: 'Joins the community an invitation leads to, whatever the community of the request.',
    errors: { types: [InvitationNotUsable, AlreadyMember, AdmissionClosed, CharterChanged, CommunityFull] },
    args: {
      input: t.arg({ type: AcceptInvitationInput, required: true, description: 'The invitation and the name.' }),
    },
    resolve: async (_root, { input }, { viewer }) => membershipRow(await acceptInvitation(viewer, input)),
  }),
);
