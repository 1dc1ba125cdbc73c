/** The port of search: two engines (PostgreSQL, Meilisearch) keep this contract, and one suite of tests holds them to it. */

export type ListingKind = 'OFFER' | 'WANT';
export type PaymentTerms = 'FIXED' | 'AFTER' | 'SPLIT' | 'COST_PLUS';
export type Place = { latitude: number; longitude: number };

/** What an engine knows of one published listing. */
export type ListingDocument = {
  communityId: string;
  listingId: string;
  memberId: string;
  kind: ListingKind;
  title: string;
  description: string;
  tags: string[];
  /** The listing's categories and every category above them. */
  categoryIds: string[];
  /** Their names. */
  categoryNames: string[];
  memberName: string;
  /** The level of the member's reputation; 0 while nothing is known of them. */
  reputationLevel: number;
  terms: PaymentTerms;
  /** Minor units of the community's currency; null where the listing names no price. `priceTo` ends a range. */
  price: bigint | null;
  priceTo: bigint | null;
  place: Place | null;
  remote: boolean;
  /** BCP 47. */
  language: string;
  publishedAt: Date;
  /** The community's sets of equal terms. */
  synonyms: readonly (readonly string[])[];
};

/** All that are given must hold. Listings without a price, or without a place, fail a filter on it. */
export type SearchFilter = {
  kind?: ListingKind;
  /** In any of these categories or below them. */
  categoryIds?: string[];
  /** With all of these tags, written as the listings write them. */
  tags?: string[];
  languages?: string[];
  terms?: PaymentTerms[];
  memberId?: string;
  exceptMemberId?: string;
  remote?: boolean;
  /** Minor units, inclusive; a listing with a price range passes when the ranges meet. */
  priceFrom?: bigint;
  priceTo?: bigint;
  near?: Place & { withinKm: number };
  publishedAfter?: Date;
  /** Of members whose reputation has reached this level. */
  reputationLevelFrom?: number;
};

export type SearchSort = 'RELEVANCE' | 'NEWEST' | 'NEAREST' | 'CHEAPEST';
export type Facet = 'kind' | 'category' | 'tag' | 'language';

export type SearchQuery = {
  /** Empty lists everything the filter lets through, newest first. */
  text: string;
  /** In which languages the text may be written, likeliest first (BCP 47): the viewer's and the community's. */
  languages?: string[];
  filter?: SearchFilter;
  /** NEAREST measures from `filter.near`, else from `from`; what has no place comes last. */
  sort?: SearchSort;
  from?: Place;
  /** Counted over all that the query and its whole filter match; the commonest 100 values of each. */
  facets?: Facet[];
  /** skip + take at most 1,000; take at most 100. */
  skip?: number;
  take?: number;
  /** Marks what was found in titles and descriptions. Default true. */
  highlights?: boolean;
  /** Finds also what means the same in other words, or in another language. Left out: words alone. */
  meaning?: QueryMeaning;
};

/** What a text means to an engine: the listings that are like it, nearest first, and the vector by which they are (of unit length). */
export type QueryMeaning = {
  sense: Float32Array;
  /** Cosines, from about 0.3 (as likely as not of one thing) to 1. */
  near: readonly { listingId: string; likeness: number }[];
};

export type SearchHit = {
  listingId: string;
  /** Where the query named a place and the listing has one. */
  distanceKm?: number;
  /** The title with what was found between MARK_START and MARK_END; absent where nothing of it was. */
  title?: string;
  /** The same for a part of the description. */
  snippet?: string;
};

export type FacetCount = { value: string; count: number };

export type SearchResult = {
  /** Listings with every word first; where none has every word, those with some of them. What only means the same fills in where words meet badly. */
  hits: SearchHit[];
  total: number;
  /** False: there are more than counted, or the engine estimated. */
  totalIsExact: boolean;
  facets: Partial<Record<Facet, FacetCount[]>>;
};

/** A listing by its title, for completions. */
export type Titled = { listingId: string; title: string; language: string };
export type SuggestOptions = {
  kind?: ListingKind;
  languages?: string[];
  most: number;
  /** What the found listings are now, without those that may not be shown; left out, the index is believed. */
  current?: (listingIds: string[]) => Promise<readonly Titled[]>;
};

export interface SearchEngine {
  readonly name: 'postgresql' | 'meilisearch';
  /** Puts documents in, replacing what was there of them; once it answers, a search finds them. Twice is as once. */
  index(documents: readonly ListingDocument[]): Promise<void>;
  /** Takes listings out; those that are not in are passed over. */
  remove(communityId: string, listingIds: readonly string[]): Promise<void>;
  /** Answers only listings of that community. Hostile text finds nothing and breaks nothing. */
  search(communityId: string, query: SearchQuery): Promise<SearchResult>;
  /** Completions of what is being typed: words first, then titles; at most `most`. */
  suggest(communityId: string, text: string, options: SuggestOptions): Promise<string[]>;
  /** Makes the index hold these documents and no others, while searches go on and see the old or the new. */
  rebuild(documents: AsyncIterable<readonly ListingDocument[]>): Promise<void>;
  /** Throws when the engine cannot answer. */
  health(): Promise<void>;
}

export const TAKE_MOST = 100;
export const REACH_MOST = 1_000;

/** The page a query asks for, within the bounds of the contract. */
export function pageOf({ skip = 0, take = 20 }: SearchQuery): { skip: number; take: number } {
  const start = Math.min(Math.max(0, Math.trunc(skip)), REACH_MOST);
  return { skip: start, take: Math.min(Math.max(0, Math.trunc(take)), TAKE_MOST, REACH_MOST - start) };
}

/** The answer to text without a single word. */
export function nothing(facets: Facet[] = []): SearchResult {
  return { hits: [], total: 0, totalIsExact: true, facets: Object.fromEntries(facets.map((facet) => [facet, []])) };
}
