import { NO_COMMUNITY } from '@kith/db';
import { builder, ErrorInterface, localId } from '../builder.ts';
import { prisma } from '../db.ts';
import { endSession, SESSIONS_MOST, sessionsOf, signOutEverywhere } from './sessions.ts';
import { EmailNotVerified, signIn, SignInRefused } from './signIn.ts';
import { emailText, nameText, passwordText, UserType } from './users.graphql.ts';

const SessionType = builder.prismaNode('Session', {
  id: { resolve: ({ id }) => id, description: 'For endSession.' },
  findUnique: (id, { viewer }) => ({ id, userId: viewer?.userId ?? NO_COMMUNITY }),
  description: 'A signed-in browser, app or script.',
  fields: (t) => ({
    label: t.exposeString('label', { description: 'What it was called, or what the program says of itself.' }),
    address: t.exposeString('address', { description: 'The network address it signed in from.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it signed in.' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', description: 'When it last asked, to some minutes.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends by itself.' }),
    isCurrent: t.boolean({
      description: 'True for the session that asks.',
      resolve: ({ id }, _args, { viewer }) => id === viewer?.sessionId,
    }),
  }),
});

builder.queryField('sessions', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: [SessionType],
    description: `The viewer's sessions, last used first; there are at most ${SESSIONS_MOST}.`,
    resolve: (query, _root, _args, { viewer }) => prisma.session.findMany({ ...query, ...sessionsOf(viewer) }),
  }),
);

builder.objectType(SignInRefused, {
  name: 'SignInRefused',
  description: 'The address or the password is wrong; which of them is not told.',
  interfaces: [ErrorInterface],
});
builder.objectType(EmailNotVerified, {
  name: 'EmailNotVerified',
  description: 'The password is right, but the address is not confirmed. A new link was sent to it.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ email: t.exposeString('email', { description: 'Where the link was sent.' }) }),
});

const SignedIn = builder.objectRef<{ token: string; expiresAt: Date; userId: string }>('SignedIn').implement({
  description: 'A new session.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'Send it as "Authorization: Bearer …". It is shown now and never again.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the session ends by itself.' }),
    user: t.prismaField({
      type: UserType,
      description: 'Who signed in.',
      resolve: (query, { userId }) => prisma.user.findUniqueOrThrow({ ...query, where: { id: userId } }),
    }),
  }),
});
const SignInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address.', validate: emailText }),
    password: t.string({ required: true, description: 'The password.', validate: passwordText }),
    label: t.string({
      description: 'A name for the session in the list, such as "backup script"; else what the program says of itself.',
      validate: nameText.nullish(),
    }),
  }),
});
const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'Which session is to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of a session of the viewer.' }) }),
});

builder.mutationFields((t) => ({
  signIn: t.field({
    type: SignedIn,
    description: 'Opens a session. Too many tries are rejected with RATE_LIMITED and retryAfterMs.',
    errors: { types: [SignInRefused, EmailNotVerified] },
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who signs in.' }) },
    resolve: (_root, { input }, context) => signIn(input, context),
  }),
  signOut: t.withAuth({ user: true }).boolean({
    description: 'Ends the session that asks, and closes its sockets.',
    resolve: async (_root, _args, { viewer }) => {
      await endSession(viewer, viewer.sessionId);
      return true;
    },
  }),
  endSession: t.withAuth({ user: true }).boolean({
    description: "Ends one of the viewer's sessions, and closes its sockets.",
    args: { input: t.arg({ type: EndSessionInput, required: true, description: 'The session.' }) },
    resolve: async (_root, { input }, { viewer }) => {
      await endSession(viewer, localId('Session', input.id));
      return true;
    },
  }),
  signOutEverywhere: t.withAuth({ user: true }).int({
    description: 'Ends all sessions of the viewer, the one that asks too. Answers how many there were.',
    resolve: (_root, _args, { viewer }) => signOutEverywhere(viewer),
  }),
}));
