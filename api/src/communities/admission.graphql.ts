import { z } from 'zod';
import { ErrorInterface, builder, localId } from '../builder.ts';
import { notFound } from '../errors.ts';
import {
  AdmissionClosed,
  AlreadyMember,
  RequirementsNotMet,
  applyForMembership,
  approveMember,
  rejectMember,
  withdrawApplication,
} from './admission.ts';
import { CharterChanged } from './charters.ts';
import { MemberStateType } from './communities.graphql.ts';
import { CannotLeaveYet, leaveCommunity, obstaclesToLeavingOf, type Obstacle } from './leaving.ts';
import { MemberType, memberById } from './members.graphql.ts';
import { CommunityFull } from './membership.ts';
import { MemberDecisionInput } from './standing.graphql.ts';
import { WrongMemberState } from './states.ts';
import { line, paragraphs } from './text.ts';

builder.objectType(CommunityFull, {
  name: 'CommunityFull',
  interfaces: [ErrorInterface],
  description: 'Every place is taken.',
  fields: (t) => ({ capacity: t.exposeInt('capacity', { description: 'How many members it takes.' }) }),
});
builder.objectType(AlreadyMember, {
  name: 'AlreadyMember',
  interfaces: [ErrorInterface],
  description: 'The viewer belongs to this community already.',
  fields: (t) => ({
    state: t.expose('state', { type: MemberStateType, description: 'Where that membership stands.' }),
  }),
});
builder.objectType(AdmissionClosed, {
  name: 'AdmissionClosed',
  interfaces: [ErrorInterface],
  description: 'One joins by invitation only.',
});
builder.objectType(RequirementsNotMet, {
  name: 'RequirementsNotMet',
  interfaces: [ErrorInterface],
  description: 'The applicant has not prepared the offers and wants the community asks for.',
  fields: (t) => ({
    offersMissing: t.exposeInt('offersMissing', { description: 'Offers still to prepare.' }),
    wantsMissing: t.exposeInt('wantsMissing', { description: 'Wants still to prepare.' }),
  }),
});

const ApplyForMembershipInput = builder.inputType('ApplyForMembershipInput', {
  description: 'An application to the community of the request.',
  fields: (t) => ({
    displayName: t.string({ required: true, description: 'The name to be shown to members.', validate: line(80) }),
    message: t.string({
      defaultValue: '',
      required: true,
      description: 'A word to the operators.',
      validate: paragraphs(2000),
    }),
    charterVersion: t.int({
      required: true,
      description: 'The version of the charter that was read and is accepted; 0 where there is none.',
      validate: z.number().int().min(0),
    }),
  }),
});
builder.mutationField('applyForMembership', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: MemberType,
    description:
      'Asks to join the community of the request. Where it is open, the viewer is a member at once; sent again, it renews the application.',
    errors: { types: [AlreadyMember, AdmissionClosed, CharterChanged, CommunityFull] },
    args: { input: t.arg({ type: ApplyForMembershipInput, required: true, description: 'The application.' }) },
    resolve: async (query, _root, { input }, { viewer, communityId }) => {
      if (!communityId) throw notFound('community');
      return memberById(query, communityId, await applyForMembership(viewer, communityId, input));
    },
  }),
);

builder.mutationField('withdrawApplication', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: MemberType,
    description: 'Takes the viewer’s application back.',
    errors: { types: [WrongMemberState] },
    resolve: async (query, _root, _args, { member }) => {
      if (!member) throw notFound('application');
      await withdrawApplication(member);
      return memberById(query, member.communityId, member.memberId);
    },
  }),
);

const ApproveMemberInput = builder.inputType('ApproveMemberInput', {
  description: 'An applicant.',
  fields: (t) => ({ memberId: t.id({ required: true, description: 'The applicant.' }) }),
});
builder.mutationField('approveMember', (t) =>
  t.withAuth({ capability: 'membersDecide' }).prismaField({
    type: MemberType,
    description: 'Admits an applicant.',
    errors: { types: [WrongMemberState, CommunityFull, RequirementsNotMet] },
    args: { input: t.arg({ type: ApproveMemberInput, required: true, description: 'Whom.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const id = localId('Member', input.memberId);
      await approveMember(member, id);
      return memberById(query, member.communityId, id);
    },
  }),
);

builder.mutationField('rejectMember', (t) =>
  t.withAuth({ capability: 'membersDecide' }).prismaField({
    type: MemberType,
    description: 'Refuses an applicant, who is told why.',
    errors: { types: [WrongMemberState] },
    args: { input: t.arg({ type: MemberDecisionInput, required: true, description: 'Whom, and why.' }) },
    resolve: async (query, _root, { input: { memberId, reason } }, { member }) => {
      const id = localId('Member', memberId);
      await rejectMember(member, { memberId: id, reason });
      return memberById(query, member.communityId, id);
    },
  }),
);

const ObstacleType = builder.objectRef<Obstacle>('ObstacleToLeaving').implement({
  description: 'Something to settle before leaving.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable, in capitals; for programs.' }),
    message: t.exposeString('message', { description: 'A sentence in English; for people.' }),
  }),
});
builder.objectType(CannotLeaveYet, {
  name: 'CannotLeaveYet',
  interfaces: [ErrorInterface],
  description: 'Something has to be settled first.',
  fields: (t) => ({ obstacles: t.expose('obstacles', { type: [ObstacleType], description: 'Everything to settle.' }) }),
});

builder.queryField('obstaclesToLeaving', (t) =>
  t.withAuth({ member: true }).field({
    type: [ObstacleType],
    description: 'What the viewer has to settle before leaving this community; empty when they may go.',
    resolve: (_root, _args, { member }) => obstaclesToLeavingOf(member),
  }),
);

builder.mutationField('leaveCommunity', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: MemberType,
    description: 'Ends the viewer’s membership of this community.',
    errors: { types: [CannotLeaveYet, WrongMemberState] },
    resolve: async (query, _root, _args, { member }) => {
      if (!member) throw notFound('membership');
      await leaveCommunity(member);
      return memberById(query, member.communityId, member.memberId);
    },
  }),
);
