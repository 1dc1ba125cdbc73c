import { analyseQuery, TAKE_MOST } from '@kith/search';
import { inCommunity, prisma } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { surroundingsOf } from '../listings/surroundings.ts';
import { searchIndex } from '../searchIndex.ts';
import { filterOf } from './criteria.ts';
import { passes, says, type Found } from './fits.ts';
import { publishedListings } from './publishedListings.ts';
import { toldOf } from './savedSearchNotice.ts';
import { criteriaIn } from './savedSearches.ts';
import { languagesOf } from './search.ts';

/** Saved searches are read so many at a time; between two pages other work gets its turn. */
const PAGE = 500;
const NOTICES_AT_ONCE = 100;

// Inverted search: the few new listings are held against all saved searches. What is told once is not told again, by its key.
defineJob<{ communityId: string; listingIds: string[] }>(
  'saved-searches.match',
  async ({ communityId, listingIds }) => {
    const listings = await publishedListings(communityId, listingIds);
    if (!listings.length) return;
    const { currencyScale, locale } = await surroundingsOf(prisma, communityId);
    for (let after: string | undefined; ;) {
      const page = await savedSearches(communityId, after);
      const notices = [];
      for (const saved of page)
        for (const found of listings)
          if (await isHit(saved, found, { currencyScale, locale })) notices.push(toldOf(saved, found.document));
      for (let from = 0; from < notices.length; from += NOTICES_AT_ONCE) {
        const some = notices.slice(from, from + NOTICES_AT_ONCE);
        await inCommunity(communityId, (tx) => enqueue(tx, 'notify', { communityId, notices: some }));
      }
      if (page.length < PAGE) return;
      after = page.at(-1)!.id;
    }
  },
);

const savedSearches = (communityId: string, after: string | undefined) =>
  prisma.savedSearch.findMany({
    where: {
      communityId,
      notify: true,
      member: { state: 'ACTIVE', userId: { not: null } },
      ...(after && { id: { gt: after } }),
    },
    include: { member: { select: { locale: true } } },
    orderBy: { id: 'asc' },
    take: PAGE,
  });
type Saved = Awaited<ReturnType<typeof savedSearches>>[number];

/** Whether the member is to be told: it is somebody else's, came after the search was saved, and fits. */
async function isHit(
  saved: Saved,
  found: Found,
  { currencyScale, locale }: { currencyScale: number; locale: string },
): Promise<boolean> {
  const { document } = found;
  if (document.memberId === saved.memberId || document.publishedAt < saved.createdAt) return false;
  const criteria = criteriaIn(saved);
  if (!passes(filterOf(criteria, currencyScale), document)) return false;
  const text = criteria.text?.trim();
  if (!text) return true;
  const languages = languagesOf(saved.member.locale, locale, document.language);
  // The space ends the last word: nobody is typing any more.
  const asked = analyseQuery(`${text} `, languages);
  if (!asked.length) return false;
  const answer = says(found, asked);
  return answer === 'NEARLY' ? finds(`${text} `, languages, found) : answer === 'YES';
}

/** The index has the last word on typing mistakes, because it knows which words the community uses. */
async function finds(text: string, languages: string[], { document }: Found): Promise<boolean> {
  const { communityId, listingId, memberId, kind, publishedAt } = document;
  const { hits } = await searchIndex.search(communityId, {
    text,
    languages,
    // Of one member since that moment there are few.
    filter: { memberId, kind, publishedAfter: new Date(publishedAt.getTime() - 1) },
    highlights: false,
    take: TAKE_MOST,
  });
  return hits.some((hit) => hit.listingId === listingId);
}
