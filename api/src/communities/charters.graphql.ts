import { z } from 'zod';
import { ErrorInterface, builder } from '../builder.ts';
import { prisma } from '../db.ts';
import { CharterChanged, acceptCharter, publishCharter } from './charters.ts';
import { CharterText } from './communities.graphql.ts';
import { MemberType } from './members.graphql.ts';
import { paragraphs } from './text.ts';

const VERSIONS_MOST = 100;
builder.queryField('charters', (t) =>
  t.withAuth({ member: true }).field({
    type: [CharterText],
    description: 'The versions of the charter, newest first; the hundred newest.',
    resolve: (_root, _args, { member: { communityId } }) =>
      prisma.charter.findMany({ where: { communityId }, orderBy: { version: 'desc' }, take: VERSIONS_MOST }),
  }),
);

builder.objectType(CharterChanged, {
  name: 'CharterChanged',
  interfaces: [ErrorInterface],
  description: 'Another version of the charter is in force.',
  fields: (t) => ({
    currentVersion: t.exposeInt('currentVersion', { description: 'The version to read and accept; 0: none.' }),
  }),
});

const PublishCharterInput = builder.inputType('PublishCharterInput', {
  description: 'A new version of the charter.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The whole text.', validate: paragraphs(100_000, 1) }),
  }),
});
builder.mutationField('publishCharter', (t) =>
  t.withAuth({ capability: 'charterPublish' }).field({
    type: CharterText,
    description: 'Puts a new version of the charter in force. Members stay members and are asked to accept it.',
    args: { input: t.arg({ type: PublishCharterInput, required: true, description: 'The charter.' }) },
    resolve: async (_root, { input: { text } }, { member }) => {
      const version = await publishCharter(member, text);
      const { communityId } = member;
      return prisma.charter.findUniqueOrThrow({ where: { communityId_version: { communityId, version } } });
    },
  }),
);

const AcceptCharterInput = builder.inputType('AcceptCharterInput', {
  description: 'Acceptance of a charter.',
  fields: (t) => ({
    version: t.int({ required: true, description: 'The version that was read.', validate: z.number().int().min(0) }),
  }),
});
builder.mutationField('acceptCharter', (t) =>
  t.withAuth({ member: true }).prismaField({
    type: MemberType,
    description: 'Records that the viewer accepts the charter in force.',
    errors: { types: [CharterChanged] },
    args: { input: t.arg({ type: AcceptCharterInput, required: true, description: 'The version.' }) },
    resolve: async (query, _root, { input: { version } }, { member }) => {
      await acceptCharter(member, version);
      const { communityId, memberId: id } = member;
      return prisma.member.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });
    },
  }),
);
