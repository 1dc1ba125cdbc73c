import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { announce } from '../listings/changes.ts';
import { stateAfter } from '../listings/lifecycle.ts';
import { LISTINGS_MOST } from '../listings/owners.ts';
import { ListingUnavailable, OutOfStock } from './refusals.ts';
import type { Trade } from './trade.ts';

type ListingRow = NonNullable<Awaited<ReturnType<Tx['listing']['findUnique']>>>;
type About = Pick<Trade, 'communityId' | 'offerId' | 'wantId'>;

/** The listings of a trade, locked in the order of their ids. */
async function hold(tx: Tx, { communityId, offerId, wantId }: About): Promise<ListingRow[]> {
  const listings: ListingRow[] = [];
  for (const id of [offerId, wantId].filter((id) => id !== null).sort())
    listings.push(...(await tx.listing.updateManyAndReturn({ where: { communityId, id }, data: { id } })));
  return listings;
}

/**
 * Takes what is agreed from the stock of the trade's listings; what comes to nothing is fulfilled. A listing without a quantity
 * is never used up. Answers what was taken of each. Throws ListingUnavailable, OutOfStock.
 */
export async function takeStock(tx: Tx, trade: Trade): Promise<{ offerTaken: number; wantTaken: number }> {
  const { communityId, offerId, wantId, proposal } = trade;
  const taken = { offerTaken: 0, wantTaken: 0 };
  const listings = await hold(tx, trade);
  if (listings.length < [offerId, wantId].filter((id) => id !== null).length) throw new ListingUnavailable();
  for (const listing of listings) {
    const { id, kind, state: before, quantity } = listing;
    const fulfilled = stateAfter('fulfil', listing);
    if (!fulfilled) throw new ListingUnavailable();
    if (quantity === null) continue;
    if (quantity < proposal.quantity) throw new OutOfStock(quantity);
    const left = quantity - proposal.quantity;
    const after = left === 0 ? fulfilled : before;
    await tx.listing.update({
      where: { communityId_id: { communityId, id } },
      // Its author, who may be changing the quantity at this moment, has to look again.
      data: { quantity: left, state: after, version: { increment: 1 }, updatedAt: clock.now() },
    });
    await announce(tx, { communityId, id, kind, before, after });
    taken[id === offerId ? 'offerTaken' : 'wantTaken'] = proposal.quantity;
  }
  return taken;
}

/** Gives back what was taken; a listing that was fulfilled by it goes back to where it can be. */
export async function giveBack(tx: Tx, trade: Trade): Promise<void> {
  const { communityId, offerId, offerTaken, wantTaken } = trade;
  if (offerTaken + wantTaken === 0) return;
  for (const listing of await hold(tx, trade)) {
    const { id, kind, state: before, quantity, stateBeforeHidden } = listing;
    const count = id === offerId ? offerTaken : wantTaken;
    if (count === 0 || quantity === null) continue;
    const wasUsedUp = quantity === 0;
    const after = before === 'FULFILLED' && wasUsedUp ? await reopened(tx, listing) : before;
    const isHiddenEnd = before === 'HIDDEN' && stateBeforeHidden === 'FULFILLED' && wasUsedUp;
    await tx.listing.update({
      where: { communityId_id: { communityId, id } },
      data: {
        ...{ quantity: quantity + count, state: after, version: { increment: 1 }, updatedAt: clock.now() },
        ...(isHiddenEnd && { stateBeforeHidden: 'PAUSED' as const }),
        ...(after === 'PUBLISHED' && before !== after && { publishedAt: clock.now() }),
      },
    });
    await announce(tx, { communityId, id, kind, before, after });
  }
}

/** Back into the directory where its time has not run out, its author is there and has room for it. */
async function reopened(tx: Tx, { communityId, memberId, expiresAt }: ListingRow) {
  if (expiresAt && expiresAt <= clock.now()) return 'EXPIRED' as const;
  const [active, published] = [
    await tx.member.count({ where: { communityId, id: memberId, state: 'ACTIVE' } }),
    await tx.listing.count({ where: { communityId, memberId, state: 'PUBLISHED' } }),
  ];
  return active && published < LISTINGS_MOST.PUBLISHED ? ('PUBLISHED' as const) : ('PAUSED' as const);
}
