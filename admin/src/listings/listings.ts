import type { ResultOf, VariablesOf } from 'gql.tada';
import type { Page, Resource } from '../dataProvider.ts';
import { ApiError } from '../errors.ts';
import { accepted, request } from '../request.ts';
import { MATCHES } from './matches.graphql.ts';
import { HIDE_LISTING, LISTING, LISTING_LIST, UNHIDE_LISTING } from './listings.graphql.ts';

export type ListingRow = ResultOf<typeof LISTING_LIST>['listingList']['items'][number];
export type Match = ResultOf<typeof MATCHES>['explainMatches'][number];
export type Listing = NonNullable<ResultOf<typeof LISTING>['listing']>;
type Variables = VariablesOf<typeof LISTING_LIST>;
type Filter = NonNullable<Variables['filter']>;
type SortField = NonNullable<Variables['sort']>['field'];

interface Decision {
  id: string;
  reason: string;
}

const resource: Resource = {
  async list({ skip, take, sort, filter }: Page) {
    const { state, kind, title, memberId, categoryId } = filter as { state?: string } & Filter;
    const given: Filter = { kind, title, memberId, categoryId, ...(state && { states: [state] as Filter['states'] }) };
    const { listingList } = await request(LISTING_LIST, {
      skip,
      take,
      sort: { field: sort.field as SortField, descending: sort.order === 'DESC' },
      filter: given,
    });
    return listingList;
  },
  async one(id: string) {
    const { listing } = await request(LISTING, { id });
    if (!listing) throw new ApiError('NOT_FOUND', 'There is no such listing.');
    return listing;
  },
};

const verbs = {
  /** The best counterparts of a listing, with every part of their scores. */
  matches: async (listingId: string) => (await request(MATCHES, { listingId })).explainMatches,
  hideListing: async (input: Decision) => void accepted((await request(HIDE_LISTING, { input })).hideListing),
  unhideListing: async (input: Decision) => void accepted((await request(UNHIDE_LISTING, { input })).unhideListing),
};

export const listings = { resource, verbs };
