import { builder, ErrorInterface } from '../builder.ts';
import { EmailConfirmed, MailRequested } from './passwords.graphql.ts';
import { PasswordRefused, WrongPassword } from './passwords.ts';
import { LinkExpired } from './tokens.ts';
import { emailText, localeText, nameText, passwordText, tokenText } from './users.graphql.ts';
import { changeEmail, EmailTaken, requestEmailVerification, signUp, verifyEmail } from './users.ts';

builder.objectType(EmailTaken, {
  name: 'EmailTaken',
  description: 'Another account has confirmed this address in the meantime.',
  interfaces: [ErrorInterface],
});

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'Who signs up.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address to sign in with.', validate: emailText }),
    password: t.string({
      required: true,
      description: '10 to 200 characters; not the address, the name or one of the most common.',
      validate: passwordText,
    }),
    name: t.string({
      description: 'What the person is called, at most 100 characters; the beginning of the address when left out.',
      validate: nameText.nullish(),
    }),
    locale: t.string({ description: 'The language of mails, such as en or ru.', validate: localeText.nullish() }),
  }),
});
const RequestEmailVerificationInput = builder.inputType('RequestEmailVerificationInput', {
  description: 'Which address waits for its link.',
  fields: (t) => ({ email: t.string({ required: true, description: 'The address.', validate: emailText }) }),
});
const VerifyEmailInput = builder.inputType('VerifyEmailInput', {
  description: 'The link of a mail.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'What the link carries as token.', validate: tokenText }),
  }),
});
const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'A new address in place of the present one.',
  fields: (t) => ({
    newEmail: t.string({ required: true, description: 'The new address.', validate: emailText }),
    currentPassword: t.string({ required: true, description: 'The present password.', validate: passwordText }),
  }),
});

builder.mutationFields((t) => ({
  signUp: t.field({
    type: MailRequested,
    description:
      'Signs somebody up and mails a link to confirm the address. The answer is the same when the address is known; its owner is told by mail.',
    errors: { types: [PasswordRefused] },
    args: { input: t.arg({ type: SignUpInput, required: true, description: 'Who signs up.' }) },
    resolve: (_root, { input }, context) => signUp(input, context),
  }),
  requestEmailVerification: t.field({
    type: MailRequested,
    description: 'Mails the link to confirm an address again. The answer is the same whether the address is known.',
    args: { input: t.arg({ type: RequestEmailVerificationInput, required: true, description: 'The address.' }) },
    resolve: (_root, { input }, context) => requestEmailVerification(input, context),
  }),
  verifyEmail: t.field({
    type: EmailConfirmed,
    description: 'Confirms an address by the link of a mail; a new address replaces the old one now.',
    errors: { types: [LinkExpired, EmailTaken] },
    args: { input: t.arg({ type: VerifyEmailInput, required: true, description: 'The link.' }) },
    resolve: (_root, { input: { token } }) => verifyEmail(token),
  }),
  changeEmail: t.withAuth({ user: true }).field({
    type: MailRequested,
    description: 'Mails a link to the new address. The present one stays until that link is used.',
    errors: { types: [WrongPassword] },
    args: { input: t.arg({ type: ChangeEmailInput, required: true, description: 'Address and password.' }) },
    resolve: (_root, { input }, context) => changeEmail(context.viewer, input, context),
  }),
}));
