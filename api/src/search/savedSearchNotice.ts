import type { ListingDocument } from '@kith/search';
import { phrase } from '../texts/text.ts';

/** What a member is told of a listing that fits a search they keep; the key makes it once for the two. */
export const toldOf = (
  { id, memberId, name }: { id: string; memberId: string; name: string },
  { listingId, title }: ListingDocument,
) => ({
  memberId,
  kind: 'saved-search.found',
  key: `saved-search:${id}:${listingId}`,
  title: phrase('savedSearch.found', { name }),
  body: title,
  subject: { type: 'Listing', id: listingId },
});
