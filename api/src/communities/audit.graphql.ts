import { builder, globalId, localId } from '../builder.ts';
import { prisma } from '../db.ts';
import { pageArgs } from '../pageArgs.ts';
import { auditPage } from './audit.ts';
import { MemberType } from './members.graphql.ts';
import { line } from './text.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'One act of an operator, with its reason. Nobody can change or delete it.',
  fields: (t) => ({
    id: t.id({ description: 'Its id.', resolve: ({ id }) => globalId('AuditEntry', id) }),
    action: t.exposeString('action', { description: 'What was done, such as member.suspend.' }),
    subjectType: t.exposeString('subjectType', { description: 'The type of what it was done to, such as Member.' }),
    subjectId: t.id({
      description: 'The id of what it was done to, for node(id:).',
      resolve: ({ subjectType, subjectId }) => (UUID.test(subjectId) ? globalId(subjectType, subjectId) : subjectId),
    }),
    actor: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'Who did it; null for a platform administrator who is no member, and for the system.',
      resolve: (query, { communityId, actorMemberId: id }) =>
        id ? prisma.member.findUnique({ ...query, where: { communityId_id: { communityId, id } } }) : null,
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why.' }),
    detail: t.expose('detail', { type: 'JSON', description: 'What else is known of it: ids, numbers and states.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

type Page = Awaited<ReturnType<typeof auditPage>>;
const AuditLog = builder.objectRef<Page>('AuditLog').implement({
  description: 'A page of the audit log.',
  fields: (t) => ({
    items: t.field({
      type: [AuditEntry],
      description: 'The acts of this page, newest first.',
      resolve: ({ items }) => items,
    }),
    total: t.exposeInt('total', { description: 'How many there are on all pages.' }),
  }),
});

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Which acts the log shows.',
  fields: (t) => ({
    action: t.string({
      required: false,
      description: 'Begins with this, such as member.',
      validate: line(60, 0).nullish(),
    }),
    subjectId: t.id({ required: false, description: 'Done to this, by its global id.' }),
    actorId: t.id({ required: false, description: 'Done by this member.' }),
    from: t.field({ type: 'DateTime', required: false, description: 'At this moment or later.' }),
    to: t.field({ type: 'DateTime', required: false, description: 'Before this moment.' }),
  }),
});

builder.queryField('auditLog', (t) =>
  t.withAuth({ capability: 'auditRead' }).field({
    type: AuditLog,
    description: 'What operators did in this community, newest first.',
    args: {
      ...pageArgs,
      filter: t.arg({ type: AuditFilter, required: false, description: 'Which ones.' }),
    },
    resolve: (_root, { skip, take, filter }, { member }) => {
      const { subjectId, actorId, ...rest } = filter ?? {};
      // A subject may be of any type; its own id is what stands behind the first colon.
      const subject = subjectId
        ? /^\w+:([\w-]+)$/.exec(Buffer.from(subjectId, 'base64').toString('utf8'))?.[1]
        : undefined;
      return auditPage(member.communityId, {
        skip,
        take,
        filter: {
          ...rest,
          ...(subjectId && { subjectId: subject ?? '' }),
          ...(actorId && { actorMemberId: localId('Member', actorId) }),
        },
      });
    },
  }),
);
