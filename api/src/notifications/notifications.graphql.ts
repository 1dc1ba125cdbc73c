import { z } from 'zod';
import { NO_COMMUNITY } from '@kith/db';
import { builder, localId } from '../builder.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { EventStream } from '../subscriptions.ts';
import { markRead } from './notifications.ts';

const NotificationType = builder.prismaNode('Notification', {
  description: 'A line in the inbox of a member.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, { member }) => ({
    communityId_id: { communityId: member?.communityId ?? NO_COMMUNITY, id },
    memberId: member?.memberId ?? NO_COMMUNITY,
  }),
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'What happened, such as listing.expiring.' }),
    title: t.exposeString('title', { description: 'What happened, in one line.' }),
    body: t.exposeString('body', { description: 'More about it; may be empty.' }),
    subjectType: t.exposeString('subjectType', {
      nullable: true,
      description: 'The type of what it is about, such as Listing.',
    }),
    subjectId: t.id({
      nullable: true,
      description: 'The id of what it is about, for node(id:).',
      resolve: ({ subjectType, subjectId }) =>
        subjectType && subjectId ? Buffer.from(`${subjectType}:${subjectId}`).toString('base64') : null,
    }),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true, description: 'When it was marked as read.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it came.' }),
  }),
});

builder.queryField('notifications', (t) =>
  t.withAuth({ member: true }).prismaConnection({
    type: NotificationType,
    cursor: 'communityId_id',
    description: 'The inbox of the viewer in this community, newest first.',
    args: {
      unreadOnly: t.arg.boolean({ defaultValue: false, required: true, description: 'Leave out what was read.' }),
    },
    totalCount: (_root, { unreadOnly }, { member }) => prisma.notification.count({ where: inbox(member, unreadOnly) }),
    resolve: (query, _root, { unreadOnly }, { member }) =>
      prisma.notification.findMany({
        ...query,
        where: inbox(member, unreadOnly),
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),
  }),
);

const IDS_MOST = 1000;
builder.mutationField('markNotificationsRead', (t) =>
  t.withAuth({ member: true }).int({
    description: 'Marks notifications as read, all of them when no ids are given. Answers how many were unread.',
    args: {
      ids: t.arg.idList({
        required: false,
        description: `At most ${IDS_MOST}.`,
        validate: z.array(z.string()).max(IDS_MOST).nullish(),
      }),
    },
    resolve: (_root, { ids }, { member }) => markRead(member, ids?.map((id) => localId('Notification', id)) ?? null),
  }),
);

const Received = builder.objectRef<KithEvent>('NotificationReceived').implement({
  description: 'A new line in the inbox.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    notification: t.prismaField({
      type: NotificationType,
      nullable: true,
      description: 'The line; null when it is gone.',
      resolve: (query, { communityId, payload }) =>
        prisma.notification.findFirst({ ...query, where: { communityId, id: String(payload.notificationId) } }),
    }),
  }),
});

builder.subscriptionField('notificationReceived', (t) =>
  t.withAuth({ member: true }).field({
    type: Received,
    description: 'Tells the viewer of new notifications, first those after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['notification.received'],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);

const inbox = ({ communityId, memberId }: { communityId: string; memberId: string }, unreadOnly: boolean) => ({
  communityId,
  memberId,
  ...(unreadOnly && { readAt: null }),
});
