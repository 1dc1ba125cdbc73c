import { z } from 'zod';
import { NO_COMMUNITY } from '@kith/db';
import { builder } from '../builder.ts';
import { prisma } from '../db.ts';
import { EMAIL_MOST } from './addresses.ts';
import { updateUser } from './users.ts';

export const emailText = z.string().max(EMAIL_MOST);
export const passwordText = z.string().max(1000);
export const tokenText = z.string().min(1).max(200);
// A name is shown to others and never in a mail to an address that is not confirmed; control characters have no place in it.
export const nameText = z
  .string()
  .max(100)
  .regex(/^[^\p{C}]*$/u, 'takes no control characters')
  .transform((name) => name.trim());
export const localeText = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'takes a language tag, such as en or ru');

export const UserType = builder.prismaNode('User', {
  id: { resolve: ({ id }) => id, description: 'For node(id:); only of oneself.' },
  findUnique: (id, { viewer }) => ({ id: viewer?.userId === id ? id : NO_COMMUNITY }),
  description: 'A person who signs in. Visible to nobody else; what others see is the member of a community.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'The address to sign in with, in lower case.' }),
    emailVerified: t.boolean({
      description: 'True when the address was confirmed by the link of a mail.',
      select: { emailVerifiedAt: true },
      resolve: ({ emailVerifiedAt }) => emailVerifiedAt !== null,
    }),
    name: t.exposeString('name', { description: 'What the person is called.' }),
    locale: t.exposeString('locale', { description: 'The language of mails, such as en or ru.' }),
    platformAdministrator: t.exposeBoolean('platformAdministrator', {
      description: 'True when this person may create communities.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they signed up.' }),
  }),
});

builder.queryField('me', (t) =>
  t.prismaField({
    type: UserType,
    nullable: true,
    description: 'Who is signed in; null when nobody is.',
    resolve: (query, _root, _args, { viewer }) =>
      viewer ? prisma.user.findUnique({ ...query, where: { id: viewer.userId } }) : null,
  }),
);

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    name: t.string({ description: 'At most 100 characters.', validate: nameText.pipe(z.string().min(1)).nullish() }),
    locale: t.string({ description: 'The language of mails, such as en or ru.', validate: localeText.nullish() }),
  }),
});

builder.mutationField('updateUser', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: UserType,
    description: 'Changes the name of the viewer and the language of their mails.',
    args: { input: t.arg({ type: UpdateUserInput, required: true, description: 'The new values.' }) },
    resolve: async (query, _root, { input }, { viewer }) => {
      await updateUser(viewer, input);
      return prisma.user.findUniqueOrThrow({ ...query, where: { id: viewer.userId } });
    },
  }),
);
