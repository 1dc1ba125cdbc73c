import { builder, localId } from '../builder.ts';
import { notFound } from '../errors.ts';
import { WrongPassword } from '../identity/passwords.ts';
import { passwordText } from '../identity/users.graphql.ts';
import { eraseMember, eraseMyAccount } from './erasure.ts';
import { exportMyData } from './export.ts';
import { CannotLeaveYet } from './leaving.ts';
import { MemberType, memberById } from './members.graphql.ts';
import { WrongMemberState } from './states.ts';
import { reason } from './text.ts';

const EraseMemberInput = builder.inputType('EraseMemberInput', {
  description: 'A member whose personal data is to go.',
  fields: (t) => ({
    memberId: t.id({ required: true, description: 'The member.' }),
    reason: t.string({ required: false, description: 'Why; operators have to say.', validate: reason.nullish() }),
  }),
});
builder.mutationField('eraseMember', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: MemberType,
    description:
      'Erases a member’s personal data for ever: one’s own after leaving, or as an operator, which ends the membership too. Their listings are emptied.',
    errors: { types: [CannotLeaveYet, WrongMemberState] },
    args: { input: t.arg({ type: EraseMemberInput, required: true, description: 'Whom, and why.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const id = localId('Member', input.memberId);
      if (!member) throw notFound('member');
      await eraseMember(member, { memberId: id, reason: input.reason ?? undefined });
      return memberById(query, member.communityId, id);
    },
  }),
);

const EraseMyAccountInput = builder.inputType('EraseMyAccountInput', {
  description: 'The wish to be forgotten.',
  fields: (t) => ({
    currentPassword: t.string({
      required: true,
      description: 'The present password: a session somebody left open does not erase its owner.',
      validate: passwordText,
    }),
  }),
});
const AccountErased = builder.objectRef<{ isErased: true }>('AccountErased').implement({
  description: 'The account and every membership are erased; all sessions have ended.',
  fields: (t) => ({ isErased: t.exposeBoolean('isErased', { description: 'Always true.' }) }),
});
builder.mutationField('eraseMyAccount', (t) =>
  t.withAuth({ user: true }).field({
    type: AccountErased,
    description:
      'Leaves every community, erases the viewer’s data there and the account itself, for ever. Asks for the password; wrong ones count as tries of a sign-in.',
    errors: { types: [WrongPassword, CannotLeaveYet] },
    args: { input: t.arg({ type: EraseMyAccountInput, required: true, description: 'The confirmation.' }) },
    resolve: async (_root, { input }, context) => {
      await eraseMyAccount(context.viewer, input, context);
      return { isErased: true as const };
    },
  }),
);

builder.queryField('exportMyData', (t) =>
  t.withAuth({ user: true }).field({
    type: 'JSON',
    description:
      'Everything in this community that is the viewer’s: profile, listings, suggestions, saved searches, notifications, invitations, acts of operators about them, accounts with their statements, payment requests and rules, trades, reviews, coinage, reputation and karma. At most 10,000 of each.',
    complexity: { field: 500 },
    resolve: (_root, _args, { member }) => {
      if (!member) throw notFound('membership');
      return exportMyData(member);
    },
  }),
);
