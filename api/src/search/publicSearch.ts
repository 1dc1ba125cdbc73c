import { withCommunity, type ListingKind } from '@kith/db';
import { analyseQuery, type SearchHit } from '@kith/search';
import { searchIndex } from '../searchIndex.ts';
import { read, says } from './fits.ts';
import { publishedListings } from './publishedListings.ts';
import { languagesOf } from './search.ts';

/** Outsiders look at the best few; whoever wants to page through the directory joins, or reads publicListings. */
const LOOKED_AT_MOST = 60;

/**
 * The best listings for an outsider. Members' names are no word to find a listing by here: whose it is stays inside.
 * Neither do outsiders measure distances, because many of them together tell an exact place.
 */
export async function searchPublicly(
  { id: communityId, locale }: { id: string; locale: string },
  { text, kind, take }: { text: string; kind: ListingKind | null; take: number },
): Promise<SearchHit[]> {
  return withCommunity(communityId, async () => {
    const languages = languagesOf(locale);
    const filter = kind ? { kind } : {};
    const { hits } = await searchIndex.search(communityId, { text, languages, filter, take: LOOKED_AT_MOST });
    const listings = await publishedListings(
      communityId,
      hits.map(({ listingId }) => listingId),
    );
    const shown = new Set(
      listings
        .map(({ document }) => read({ ...document, memberName: '' }))
        .filter((found) => says(found, analyseQuery(text, [...languages, found.document.language])) !== 'NO')
        .map(({ document }) => document.listingId),
    );
    return hits.filter(({ listingId }) => shown.has(listingId)).slice(0, take);
  });
}
