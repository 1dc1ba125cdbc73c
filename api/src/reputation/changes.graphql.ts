import { builder } from '../builder.ts';
import { MemberType } from '../communities/members.graphql.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { EventStream } from '../subscriptions.ts';

const ReputationChange = builder.objectRef<KithEvent>('ReputationChange').implement({
  description: 'A trade, a review, or time made another reputation of the viewer’s.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    member: t.prismaField({
      type: MemberType,
      nullable: true,
      description: 'The viewer with the reputation they have now.',
      resolve: (query, { communityId, memberId }) =>
        prisma.member.findFirst({ ...query, where: { communityId, id: String(memberId) } }),
    }),
  }),
});

builder.subscriptionField('reputationChanged', (t) =>
  t.withAuth({ member: true }).field({
    type: ReputationChange,
    description:
      'Tells the viewer when their own level, reviews or completed trades are others than before, first what changed after the given event. That a score fades with time is not told.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['reputation.changed'],
        memberId: member.memberId,
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
