import type { MemberState } from '@kith/db';
import { audit } from '../communities/audit.ts';
import type { Member } from '../context.ts';
import type { Tx } from '../db.ts';
import { notFound } from '../errors.ts';
import { ListingOwnerNotActive, TooManyListings } from './refusals.ts';
import { mayWrite } from './visibility.ts';

/** How many listings of one member may stand in a state. */
export const LISTINGS_MOST = { DRAFT: 200, PUBLISHED: 200 };

/** The listing, if the viewer may write it. */
export async function writable(tx: Tx, viewer: Member, id: string) {
  const listing = await tx.listing.findUnique({
    where: { communityId_id: { communityId: viewer.communityId, id } },
    include: { categories: { select: { categoryId: true } } },
  });
  if (!listing || !mayWrite(viewer, listing)) throw notFound('listing');
  return listing;
}
export type ListingRow = Awaited<ReturnType<typeof writable>>;

/**
 * Holds the member's row to the end of the transaction: two requests at once do not both take the last place, and a suspension
 * comes before or after, never in between.
 */
export async function holdOwner(
  tx: Tx,
  { communityId, memberId }: { communityId: string; memberId: string },
  states: readonly MemberState[],
) {
  // Writing the id over itself locks the row without a statement of raw SQL.
  const [owner] = await tx.member.updateManyAndReturn({
    where: { communityId, id: memberId },
    data: { id: memberId },
    select: { state: true },
  });
  if (!owner) throw notFound('member');
  if (!states.includes(owner.state)) throw new ListingOwnerNotActive();
}

/** Refuses one listing more than a member may have in the state. The member's row is held. */
export async function requirePlace(
  tx: Tx,
  { communityId, memberId }: { communityId: string; memberId: string },
  state: 'DRAFT' | 'PUBLISHED',
) {
  const count = await tx.listing.count({ where: { communityId, memberId, state } });
  if (count >= LISTINGS_MOST[state]) throw new TooManyListings(LISTINGS_MOST[state], state);
}

/** Puts on the record that somebody wrote for another member. */
export async function recordActingFor(
  tx: Tx,
  viewer: Member,
  action: string,
  listing: { id: string; memberId: string },
) {
  if (listing.memberId === viewer.memberId) return;
  await audit(tx, viewer, {
    action: `listing.${action}`,
    subjectType: 'Listing',
    subjectId: listing.id,
    detail: { memberId: listing.memberId },
  });
}
