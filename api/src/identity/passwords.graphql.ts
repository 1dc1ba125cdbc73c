import { builder, ErrorInterface } from '../builder.ts';
import { PASSWORD_RULES } from './passwordRules.ts';
import { changePassword, PasswordRefused, requestPasswordReset, resetPassword, WrongPassword } from './passwords.ts';
import { LinkExpired } from './tokens.ts';
import { emailText, passwordText, tokenText, UserType } from './users.graphql.ts';
import { prisma } from '../db.ts';

const PasswordRuleType = builder.enumType('PasswordRule', {
  description: 'What is wrong with a password.',
  values: PASSWORD_RULES,
});
builder.objectType(PasswordRefused, {
  name: 'PasswordRefused',
  description: 'The password is too easy to guess, or has no allowed length.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ rule: t.expose('rule', { type: PasswordRuleType, description: 'The first rule it breaks.' }) }),
});
builder.objectType(WrongPassword, {
  name: 'WrongPassword',
  description: 'The present password is another one.',
  interfaces: [ErrorInterface],
});
builder.objectType(LinkExpired, {
  name: 'LinkExpired',
  description: 'The link of the mail is not known, was used already or has expired.',
  interfaces: [ErrorInterface],
});

/** The answer of whatever leads to a mail. */
export const MailRequested = builder.objectRef<{ email: string }>('MailRequested').implement({
  description: 'The request was taken; look into the mailbox. Says nothing about whether the address is known.',
  fields: (t) => ({ email: t.exposeString('email', { description: 'The address, as it is kept.' }) }),
});
/** The answer of whatever was done by the link of a mail. */
export const EmailConfirmed = builder.objectRef<{ email: string }>('EmailConfirmed').implement({
  description: 'The link was good, and the address is confirmed. Sign in with it.',
  fields: (t) => ({ email: t.exposeString('email', { description: 'The address to sign in with.' }) }),
});

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'Whose password is forgotten.',
  fields: (t) => ({ email: t.string({ required: true, description: 'The address.', validate: emailText }) }),
});
const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'A new password, by the link of a mail.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'What the link carries as token.', validate: tokenText }),
    password: t.string({ required: true, description: 'The new one, 10 to 200 characters.', validate: passwordText }),
  }),
});
const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'A new password in place of the present one.',
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'The present one.', validate: passwordText }),
    newPassword: t.string({
      required: true,
      description: 'The new one, 10 to 200 characters.',
      validate: passwordText,
    }),
  }),
});

builder.mutationFields((t) => ({
  requestPasswordReset: t.field({
    type: MailRequested,
    description: 'Sends a link by which the password can be set. The answer is the same whether the address is known.',
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'The address.' }) },
    resolve: (_root, { input }, context) => requestPasswordReset(input, context),
  }),
  resetPassword: t.field({
    type: EmailConfirmed,
    description: 'Sets the password by the link of a mail. Ends every session; sign in afterwards.',
    errors: { types: [LinkExpired, PasswordRefused] },
    args: { input: t.arg({ type: ResetPasswordInput, required: true, description: 'Token and password.' }) },
    resolve: (_root, { input }, context) => resetPassword(input, context),
  }),
  changePassword: t.withAuth({ user: true }).prismaField({
    type: UserType,
    description: 'Sets another password for who knows the present one. Ends the other sessions of the viewer.',
    errors: { types: [WrongPassword, PasswordRefused] },
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }) },
    resolve: async (query, _root, { input }, context) => {
      await changePassword(context.viewer, input, context);
      return prisma.user.findUniqueOrThrow({ ...query, where: { id: context.viewer.userId } });
    },
  }),
}));
