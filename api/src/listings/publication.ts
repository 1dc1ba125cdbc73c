import type { ListingKind } from '@kith/db';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { policiesOf } from '../communities/policies.ts';
import { inCommunity, type Tx } from '../db.ts';
import { badInput } from '../errors.ts';
import { announce } from './changes.ts';
import { stateAfter, type ListingAction } from './lifecycle.ts';
import type { ListingRef } from './listings.ts';
import { holdOwner, recordActingFor, requirePlace, writable, type ListingRow } from './owners.ts';
import { WrongListingState } from './refusals.ts';
import { surroundingsOf } from './surroundings.ts';

type Step = Extract<ListingAction, 'publish' | 'pause' | 'resume' | 'withdraw' | 'fulfil' | 'renew'>;
const DAY_MS = 86_400_000;

/**
 * Takes a listing one step along its life. What comes into the directory gets an end: the one wished for, else the longest
 * the community allows.
 */
export async function moveListing(
  viewer: Member,
  step: Step,
  { id, expiresAt }: { id: string; expiresAt?: Date | null },
): Promise<ListingRef> {
  const { communityId } = viewer;
  return inCommunity(viewer, async (tx) => {
    const listing = await writable(tx, viewer, id);
    const { state } = listing;
    const after = stateAfter(step, listing);
    if (!after) throw new WrongListingState(state);
    const now = clock.now();
    if (after === 'PUBLISHED') {
      await holdOwner(tx, listing, ['ACTIVE']);
      if (state !== 'PUBLISHED') await requirePlace(tx, listing, 'PUBLISHED');
    }
    const { count } = await tx.listing.updateMany({
      where: { communityId, id, state },
      data: {
        state: after,
        updatedAt: now,
        ...(after === 'PUBLISHED' && (await term(tx, listing, { step, now, wished: expiresAt ?? null }))),
      },
    });
    if (count === 0) throw new WrongListingState((await writable(tx, viewer, id)).state);
    await recordActingFor(tx, viewer, step, listing);
    await announce(tx, { ...listing, before: state, after });
    return { communityId, id };
  });
}

/** When a listing came into the directory and when it leaves it. Pausing does not make it new, and does not stop its clock. */
async function term(
  tx: Tx,
  listing: ListingRow,
  { step, now, wished }: { step: Step; now: Date; wished: Date | null },
) {
  const isOver = listing.expiresAt !== null && listing.expiresAt <= now;
  if (step === 'resume' && listing.expiresAt && !isOver) return {};
  const last = lastDay(listing.kind, now, (await surroundingsOf(tx, listing.communityId)).policies);
  if (wished && (wished <= now || wished > last))
    throw badInput(`expiresAt lies after now and not after ${last.toISOString()}.`, 'expiresAt');
  const isNew = step === 'publish' || listing.state === 'EXPIRED' || !listing.publishedAt;
  return { expiresAt: wished ?? last, remindedAt: null, ...(isNew && { publishedAt: now }) };
}

/** The longest a listing may stay from now on. */
export function lastDay(kind: ListingKind, now: Date, policies: unknown): Date {
  const { listingDays, wantDays } = policiesOf({ policies });
  return new Date(now.getTime() + (kind === 'OFFER' ? listingDays : wantDays) * DAY_MS);
}
