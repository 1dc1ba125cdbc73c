import type { ListingKind, ListingState } from '@kith/db';
import type { Tx } from '../db.ts';
import { publish } from '../events.ts';
import { enqueue } from '../jobs.ts';

/** A listing that is written in this transaction, with the state it had and the one it has. */
export interface Change {
  communityId: string;
  id: string;
  kind: ListingKind;
  before: ListingState;
  after: ListingState;
}

/** Tells search, matching and the community of a change in the directory. What was never in it is nobody's business. */
export async function announce(tx: Tx, { communityId, id, kind, before, after }: Change) {
  if (before !== 'PUBLISHED' && after !== 'PUBLISHED') return;
  // The community is part of the key: a client may choose the id of another community's listing, and a key replaces a waiting job.
  await enqueue(tx, 'listing.changed', { communityId, listingId: id }, { key: `listing.changed:${communityId}:${id}` });
  await publish(tx, 'listing.changed', { listingId: id, state: after, kind });
}
