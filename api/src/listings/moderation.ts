import type { ListingState } from '@kith/db';
import { audit } from '../communities/audit.ts';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, type Tx } from '../db.ts';
import { notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { phrase } from '../texts/text.ts';
import { announce } from './changes.ts';
import { stateAfter } from './lifecycle.ts';
import type { ListingRef } from './listings.ts';
import { WrongListingState } from './refusals.ts';

interface Decision {
  id: string;
  reason: string;
}

/** Takes a listing out of everybody's sight but its author's and the moderators', and tells the author why. */
export const hideListing = (moderator: Member, { id, reason }: Decision): Promise<ListingRef> =>
  decide(moderator, 'hide', { id, reason }, (state) => ({ hiddenReason: reason, stateBeforeHidden: state }));

/** Puts a hidden listing back where it was. */
export const unhideListing = (moderator: Member, { id, reason }: Decision): Promise<ListingRef> =>
  decide(moderator, 'unhide', { id, reason }, () => ({ hiddenReason: null, stateBeforeHidden: null }));

async function decide(
  moderator: Member,
  action: 'hide' | 'unhide',
  { id, reason }: Decision,
  columns: (state: ListingState) => { hiddenReason: string | null; stateBeforeHidden: ListingState | null },
): Promise<ListingRef> {
  const { communityId } = moderator;
  return inCommunity(moderator, async (tx) => {
    const listing = await tx.listing.findUnique({ where: { communityId_id: { communityId, id } } });
    if (!listing) throw notFound('listing');
    const { state, stateBeforeHidden } = listing;
    const after = stateAfter(action, listing);
    if (!after) throw new WrongListingState(state);
    const { count } = await tx.listing.updateMany({
      where: { communityId, id, state, stateBeforeHidden },
      data: { ...columns(state), state: after, updatedAt: clock.now() },
    });
    // Another moderator or the author was faster.
    if (count === 0) throw new WrongListingState(await stateOf(tx, { communityId, id }));
    await audit(tx, moderator, {
      action: `listing.${action}`,
      subjectType: 'Listing',
      subjectId: id,
      reason,
      detail: { before: state, after },
    });
    await announce(tx, { ...listing, before: state, after });
    await tellAuthor(tx, action, { ...listing, reason });
    return { communityId, id };
  });
}

const stateOf = async (tx: Tx, { communityId, id }: ListingRef) =>
  (await tx.listing.findUniqueOrThrow({ where: { communityId_id: { communityId, id } }, select: { state: true } }))
    .state;

async function tellAuthor(
  tx: Tx,
  action: 'hide' | 'unhide',
  { communityId, id, memberId, title, reason }: ListingRef & { memberId: string; title: string; reason: string },
) {
  const kind = action === 'hide' ? 'listing.hidden' : 'listing.unhidden';
  await enqueue(tx, 'notify', {
    communityId,
    notices: [
      {
        memberId,
        kind,
        key: `listing.${action}:${id}:${newId()}`,
        subject: { type: 'Listing', id },
        title: phrase(kind, { title }),
        body: phrase('reason', { reason }),
      },
    ],
  });
}
