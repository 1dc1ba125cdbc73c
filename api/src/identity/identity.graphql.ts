import { builder } from '../builder.ts';
import { prisma } from '../db.ts';

builder.prismaObject('User', {
  description: 'A person who signs in.',
  fields: (t) => ({
    email: t.exposeString('email'),
    name: t.exposeString('name'),
    locale: t.exposeString('locale'),
  }),
});

builder.queryField('me', (t) =>
  t.prismaField({
    type: 'User',
    nullable: true,
    description: 'Who is signed in; null when nobody is.',
    resolve: (query, _root, _args, { viewer }) =>
      viewer ? prisma.user.findUnique({ ...query, where: { id: viewer.userId } }) : null,
  }),
);
