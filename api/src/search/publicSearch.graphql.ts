import { withCommunity } from '@kith/db';
import type { SearchHit } from '@kith/search';
import { builder } from '../builder.ts';
import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { ListingKindType } from '../listings/listings.graphql.ts';
import { publicDirectory, PublicListing, publicSelect, type PublicRow } from '../listings/publicListings.graphql.ts';
import { rules } from './criteria.ts';
import { snippetParts, titleParts } from './marks.ts';
import { searchPublicly } from './publicSearch.ts';
import { SearchTextPart } from './search.graphql.ts';

const PublicSearchItem = builder.objectRef<{ listing: PublicRow; hit: SearchHit }>('PublicSearchItem').implement({
  description: 'A listing that an outsider found.',
  fields: (t) => ({
    listing: t.field({
      type: PublicListing,
      description: 'The listing, without the member.',
      resolve: ({ listing }) => listing,
    }),
    titleParts: t.field({
      type: [SearchTextPart],
      description: 'The title in pieces, what was found marked.',
      resolve: ({ listing, hit }) => titleParts(listing.title, hit.title),
    }),
    snippetParts: t.field({
      type: [SearchTextPart],
      description: 'The part of the description in which something was found, in pieces; else its beginning.',
      resolve: ({ listing, hit }) => snippetParts(listing.description, hit.snippet),
    }),
  }),
});

const TAKE_MOST = 30;

builder.queryField('publicSearch', (t) =>
  t.field({
    type: [PublicSearchItem],
    description:
      'Searches the directory of a community that shows it to outsiders; the best first. Members are not found by name. Needs no sign-in.',
    args: {
      community: t.arg.string({ required: true, description: 'The slug of the community.' }),
      text: t.arg.string({ required: true, description: 'At most 200 characters.', validate: rules.text }),
      kind: t.arg({ type: ListingKindType, description: 'Only offers, or only wants.' }),
      take: t.arg.int({ required: true, defaultValue: 10, description: `1 to ${TAKE_MOST}.` }),
    },
    resolve: async (_root, { community: slug, text, kind, take }, context) => {
      if (take < 1 || take > TAKE_MOST) throw badInput(`take is 1 to ${TAKE_MOST}.`, 'take');
      const community = await publicDirectory(slug, context);
      const hits = await searchPublicly(community, { text, kind: kind ?? null, take });
      const where = { communityId: community.id, id: { in: hits.map(({ listingId }) => listingId) } };
      const rows = await withCommunity(community.id, () =>
        prisma.listing.findMany({ select: publicSelect, where: { ...where, state: 'PUBLISHED' } }),
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      return hits.flatMap((hit) => {
        const listing = byId.get(hit.listingId);
        return listing ? [{ listing, hit }] : [];
      });
    },
  }),
);
