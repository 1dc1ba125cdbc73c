import type { ListingKind } from '@kith/db';
import type { Facet, SearchQuery, SearchSort } from '@kith/search';
import type { Member } from '../context.ts';
import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { primaryTag } from '../listings/content.ts';
import { visibleTo } from '../listings/visibility.ts';
import { searchIndex } from '../searchIndex.ts';
import { filterOf, type Criteria } from './criteria.ts';

/** Who asks, as far as a search depends on it. */
export interface Asker {
  communityId: string;
  currencyScale: number;
  /** Languages in which the text may be written, likeliest first. */
  languages: string[];
}

export interface SearchRequest extends Criteria {
  sort?: SearchSort | null;
  facets?: Facet[] | null;
  skip?: number | null;
  take?: number | null;
  highlight?: boolean | null;
  semantic?: boolean | null;
}

export const TAKE_MOST = 100;
export const TAKE_STANDARD = 20;
/** How far pages reach; further than that nobody reads, and counting costs. */
export const REACH_MOST = 1000;

/** Ids in order, with counts. Answered by the index; rows are loaded under the rights of whoever asks. */
export function search(asker: Asker, request: SearchRequest) {
  const { text, near, sort, facets, highlight, skip, take, semantic } = request;
  if (sort === 'NEAREST' && !near) throw badInput('Sorting by NEAREST needs near: from where?', 'near');
  const query: SearchQuery & { semantic: boolean } = {
    text: text ?? '',
    languages: asker.languages,
    filter: filterOf(request, asker.currencyScale),
    highlights: highlight ?? true,
    semantic: semantic ?? true,
    ...pageOf({ skip, take }),
    ...(sort && { sort }),
    ...(near && { from: { latitude: near.latitude, longitude: near.longitude } }),
    ...(facets?.length && { facets: [...new Set(facets)] }),
  };
  return searchIndex.search(asker.communityId, query);
}
export type Found = Awaited<ReturnType<typeof search>>;

function pageOf({ skip, take }: { skip?: number | null | undefined; take?: number | null | undefined }) {
  const page = { skip: skip ?? 0, take: take ?? TAKE_STANDARD };
  if (page.skip < 0 || page.take < 0 || page.take > TAKE_MOST)
    throw badInput(`skip is at least 0, and take from 0 to ${TAKE_MOST}.`, page.skip < 0 ? 'skip' : 'take');
  if (page.skip + page.take > REACH_MOST)
    throw badInput(`Pages reach to the first ${REACH_MOST}: narrow the search by filters instead.`, 'skip');
  return page;
}

/** Completions of what is being typed, from titles that `member` may see at this moment, whatever the index still holds. */
export const suggest = (
  { communityId, languages }: Asker,
  text: string,
  { member, kind, most }: { member: Member; kind: ListingKind | null; most: number },
) =>
  searchIndex.suggest(communityId, text, {
    ...{ languages, most, ...(kind && { kind }) },
    current: async (listingIds) => {
      const rows = await prisma.listing.findMany({
        where: { communityId, id: { in: listingIds }, state: 'PUBLISHED', AND: [visibleTo(member)] },
        select: { id: true, title: true, language: true },
      });
      return rows.map(({ id, ...row }) => ({ listingId: id, ...row }));
    },
  });

/** The languages to read a text in: the viewer's, then the community's. */
export const languagesOf = (...locales: (string | null | undefined)[]) => [
  ...new Set(locales.flatMap((locale) => (locale ? [primaryTag(locale)] : []))),
];
