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
/** Of more mistyped texts than that at a time the rest is not told: they would keep the index from everybody else. */
const INDEX_ASKED_MOST = 1000;

interface Surroundings {
  currencyScale: number;
  locale: string;
  says(text: string, languages: string[], found: Found): Promise<boolean>;
}

// Inverted search: the few new listings are held against all saved searches. What is told once is not told again, by its key.
defineJob<{ communityId: string; listingIds: string[] }>(
  'saved-searches.match',
  async ({ communityId, listingIds }) => {
    const listings = await publishedListings(communityId, listingIds);
    if (!listings.length) return;
    const { currencyScale, locale } = await surroundingsOf(prisma, communityId);
    const surroundings = { currencyScale, locale, says: reader() };
    for (let after: string | undefined; ;) {
      const page = await savedSearches(communityId, after);
      const notices = [];
      for (const saved of page)
        for (const found of listings)
          if (await isHit(saved, found, surroundings)) notices.push(toldOf(saved, found.document));
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
async function isHit(saved: Saved, found: Found, { currencyScale, locale, says }: Surroundings): Promise<boolean> {
  const { document } = found;
  if (document.memberId === saved.memberId || document.publishedAt < saved.createdAt) return false;
  const criteria = criteriaIn(saved);
  if (!passes(filterOf(criteria, currencyScale), document)) return false;
  const text = criteria.text?.trim();
  return !text || says(text, languagesOf(saved.member.locale, locale, document.language), found);
}

/** Whether a listing says a text. Many members look for the same: each text is asked once of each listing. */
function reader(): Surroundings['says'] {
  const known = new Map<string, Promise<boolean>>();
  let asked = 0;
  const ask = async (text: string, languages: string[], found: Found): Promise<boolean> => {
    const words = analyseQuery(text, languages);
    const answer = words.length ? says(found, words) : 'NO';
    if (answer === 'NEARLY') return asked++ < INDEX_ASKED_MOST && finds(text, languages, found);
    return answer === 'YES';
  };
  return (text, languages, found) => {
    const key = JSON.stringify([text, languages, found.document.listingId]);
    // The space ends the last word: nobody is typing any more.
    const answer = known.get(key) ?? ask(`${text} `, languages, found);
    known.set(key, answer);
    return answer;
  };
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
