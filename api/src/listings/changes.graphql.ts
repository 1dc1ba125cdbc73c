import type { ListingKind } from '@kith/db';
import { builder, globalId } from '../builder.ts';
import { prisma } from '../db.ts';
import type { KithEvent } from '../events.ts';
import { EventStream } from '../subscriptions.ts';
import { ListingKindType, ListingType } from './listings.graphql.ts';

const DirectoryChange = builder.objectRef<KithEvent>('DirectoryChange').implement({
  description: 'A listing came into the directory, changed in it, or left it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the event: give it as `after` to continue behind it.' }),
    listingId: t.id({
      description: 'The id of the listing.',
      resolve: ({ payload }) => globalId('Listing', String(payload.listingId)),
    }),
    kind: t.field({
      type: ListingKindType,
      description: 'Offer or want.',
      resolve: ({ payload }) => payload.kind as ListingKind,
    }),
    // Not the state: that a moderator hid a listing is for its author and the moderators.
    published: t.boolean({
      description: 'Whether it was in the directory after this change.',
      resolve: ({ payload }) => payload.state === 'PUBLISHED',
    }),
    listing: t.prismaField({
      type: ListingType,
      nullable: true,
      description: 'The listing as it is now; null when it is not in the directory.',
      resolve: (query, { communityId, payload }) =>
        prisma.listing.findFirst({
          ...query,
          where: { communityId, id: String(payload.listingId), state: 'PUBLISHED' },
        }),
    }),
  }),
});

builder.subscriptionField('listingChanged', (t) =>
  t.withAuth({ member: true }).field({
    type: DirectoryChange,
    description: 'Tells members what changes in the directory, first what changed after the given event.',
    args: { after: t.arg.id({ description: 'The id of the last event that was seen.' }) },
    subscribe: (_root, { after }, { member }) =>
      new EventStream({
        communityId: member.communityId,
        topics: ['listing.changed'],
        after: after ?? null,
      }) as never,
    resolve: (event) => event as KithEvent,
  }),
);
