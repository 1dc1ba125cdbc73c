import type { TradeSide } from '@kith/db';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import { ListingUnavailable, TradeWithSelf } from './refusals.ts';
import { otherSide } from './transitions.ts';

/** What a proposal is about, as the client says it. */
export interface SubjectInput {
  counterpartId?: string | undefined;
  side?: TradeSide | undefined;
  listingId?: string | undefined;
  suggestionId?: string | undefined;
  title?: string | undefined;
}
/** The same, worked out: who is who, and which listings it is about. */
export interface Subject {
  side: TradeSide;
  buyerId: string;
  providerId: string;
  offerId: string | null;
  wantId: string | null;
  suggestionId: string | null;
  title: string;
}

/**
 * What a trade proposed by a member is about. A suggestion says everything; a listing says which side its author is on; without
 * either, counterpart, side and title have to be named. What is named and does not fit is rejected.
 */
export async function subjectOf(tx: Tx, { communityId, memberId }: Proposer, input: SubjectInput): Promise<Subject> {
  const { counterpartId, side, title, listingId, suggestionId } = input;
  if (listingId !== undefined && suggestionId !== undefined)
    throw badInput('A suggestion names its listings: leave listingId out.', 'listingId');
  const found =
    suggestionId !== undefined
      ? await ofSuggestion(tx, { communityId, memberId, suggestionId })
      : listingId !== undefined
        ? await ofListing(tx, { communityId, memberId, listingId, counterpartId })
        : null;
  if (found) {
    if (side !== undefined && side !== found.side)
      throw badInput('The listing says who is buyer: leave side out.', 'side');
    if (counterpartId !== undefined && counterpartId !== found.counterpartId)
      throw badInput('The listing says who the other side is: leave counterpartId out.', 'counterpartId');
  }
  const subject = found ?? { counterpartId, side, title, offerId: null, wantId: null, suggestionId: null };
  if (!subject.counterpartId) throw badInput('Name the other side: counterpartId.', 'counterpartId');
  if (!subject.side) throw badInput('Say on which side you are: side.', 'side');
  const named = title ?? subject.title;
  if (!named) throw badInput('Say what it is about: title.', 'title');
  if (subject.counterpartId === memberId) throw new TradeWithSelf();
  const sides = { [subject.side]: memberId, [otherSide(subject.side)]: subject.counterpartId };
  return {
    ...{ side: subject.side, buyerId: sides.BUYER!, providerId: sides.PROVIDER!, title: named },
    ...{ offerId: subject.offerId, wantId: subject.wantId, suggestionId: subject.suggestionId },
  };
}
export type Proposer = Pick<Member, 'communityId' | 'memberId'>;

async function ofListing(
  tx: Tx,
  {
    communityId,
    memberId,
    listingId,
    counterpartId,
  }: Proposer & { listingId: string; counterpartId?: string | undefined },
) {
  const listing = await tx.listing.findUnique({ where: { communityId_id: { communityId, id: listingId } } });
  const isOwn = listing?.memberId === memberId;
  // What others have not published is not there.
  if (!listing || (!isOwn && listing.state !== 'PUBLISHED')) throw notFound('listing');
  if (!['PUBLISHED', 'PAUSED', 'EXPIRED'].includes(listing.state)) throw new ListingUnavailable();
  const authorSide: TradeSide = listing.kind === 'OFFER' ? 'PROVIDER' : 'BUYER';
  return {
    counterpartId: isOwn ? counterpartId : listing.memberId,
    side: isOwn ? authorSide : otherSide(authorSide),
    offerId: listing.kind === 'OFFER' ? listingId : null,
    wantId: listing.kind === 'WANT' ? listingId : null,
    ...{ suggestionId: null, title: listing.title },
  };
}

/** Proposing a trade about a suggestion is accepting it. */
async function ofSuggestion(tx: Tx, { communityId, memberId, suggestionId }: Proposer & { suggestionId: string }) {
  const suggestion = await tx.suggestion.findFirst({
    where: { communityId, id: suggestionId, OR: [{ wanterId: memberId }, { providerId: memberId }] },
    include: { want: { select: { state: true } }, offer: { select: { state: true, title: true } } },
  });
  if (!suggestion) throw notFound('suggestion');
  const { wantId, offerId, wanterId, providerId, want, offer } = suggestion;
  const side: TradeSide = wanterId === memberId ? 'BUYER' : 'PROVIDER';
  const { count } = await tx.suggestion.updateMany({
    where: {
      ...{ communityId, id: suggestionId, withdrawnAt: null },
      ...{ wanterState: { not: 'DISMISSED' }, providerState: { not: 'DISMISSED' } },
    },
    data: { [side === 'BUYER' ? 'wanterState' : 'providerState']: 'ACCEPTED', updatedAt: clock.now() },
  });
  if (!count || want.state !== 'PUBLISHED' || offer.state !== 'PUBLISHED') throw new ListingUnavailable();
  return {
    ...{ side, counterpartId: side === 'BUYER' ? providerId : wanterId },
    ...{ offerId, wantId, suggestionId, title: offer.title },
  };
}
