import { z } from 'zod';
import { ErrorInterface, builder, localId } from '../builder.ts';
import { MemberRoleType, MemberStateType } from './communities.graphql.ts';
import { MemberType, memberById } from './members.graphql.ts';
import { LastOperator } from './membership.ts';
import { reinstateMember, setMemberRoles, suspendMember } from './standing.ts';
import { WrongMemberState } from './states.ts';
import { reason } from './text.ts';

builder.objectType(WrongMemberState, {
  name: 'WrongMemberState',
  interfaces: [ErrorInterface],
  description: 'The membership is in a state in which this cannot be done.',
  fields: (t) => ({ state: t.expose('state', { type: MemberStateType, description: 'The state it is in.' }) }),
});
builder.objectType(LastOperator, {
  name: 'LastOperator',
  interfaces: [ErrorInterface],
  description: 'The community would be left without an operator.',
});

const SetMemberRolesInput = builder.inputType('SetMemberRolesInput', {
  description: 'The roles of a member.',
  fields: (t) => ({
    memberId: t.id({ required: true, description: 'The member.' }),
    roles: t.field({
      type: [MemberRoleType],
      required: true,
      description: 'All roles they have from now on.',
      validate: z.array(z.string()).max(10),
    }),
  }),
});
builder.mutationField('setMemberRoles', (t) =>
  t.withAuth({ capability: 'membersGrantRoles' }).prismaField({
    type: MemberType,
    description: 'Gives a member exactly these roles.',
    errors: { types: [LastOperator, WrongMemberState] },
    args: { input: t.arg({ type: SetMemberRolesInput, required: true, description: 'The member and the roles.' }) },
    resolve: async (query, _root, { input: { memberId, roles } }, { member }) => {
      const id = localId('Member', memberId);
      await setMemberRoles(member, { memberId: id, roles });
      return memberById(query, member.communityId, id);
    },
  }),
);

/** A member and why something is done to them. */
export const MemberDecisionInput = builder.inputType('MemberDecisionInput', {
  description: 'A member, and the reason that the audit log keeps.',
  fields: (t) => ({
    memberId: t.id({ required: true, description: 'The member.' }),
    reason: t.string({
      required: true,
      description: 'Why; kept for ever, and told to the member where it concerns them.',
      validate: reason,
    }),
  }),
});
builder.mutationField('suspendMember', (t) =>
  t.withAuth({ capability: 'membersSuspend' }).prismaField({
    type: MemberType,
    description: 'Stops a member for now: they see and do nothing here until reinstated, and their listings disappear.',
    errors: { types: [LastOperator, WrongMemberState] },
    args: { input: t.arg({ type: MemberDecisionInput, required: true, description: 'Whom, and why.' }) },
    resolve: async (query, _root, { input: { memberId, reason } }, { member }) => {
      const id = localId('Member', memberId);
      await suspendMember(member, { memberId: id, reason });
      return memberById(query, member.communityId, id);
    },
  }),
);
builder.mutationField('reinstateMember', (t) =>
  t.withAuth({ capability: 'membersSuspend' }).prismaField({
    type: MemberType,
    description: 'Lets a suspended member act again, with the roles they had.',
    errors: { types: [WrongMemberState] },
    args: { input: t.arg({ type: MemberDecisionInput, required: true, description: 'Whom, and why.' }) },
    resolve: async (query, _root, { input: { memberId, reason } }, { member }) => {
      const id = localId('Member', memberId);
      await reinstateMember(member, { memberId: id, reason });
      return memberById(query, member.communityId, id);
    },
  }),
);
