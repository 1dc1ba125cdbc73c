import { graphql } from '../graphql.ts';

const LISTING_ROW = graphql(`
  fragment ListingRow on Listing {
    id
    kind
    state
    title
    member {
      id
      displayName
    }
    category {
      id
      name
    }
    terms
    price {
      amount
      currencyCode
    }
    publishedAt
    expiresAt
    createdAt
    hiddenReason
  }
`);

export const LISTING_LIST = graphql(
  `
    query ListingList($skip: Int!, $take: Int!, $sort: ListingListSort, $filter: ListingListFilter) {
      listingList(skip: $skip, take: $take, sort: $sort, filter: $filter) {
        items {
          ...ListingRow
        }
        total
      }
    }
  `,
  [LISTING_ROW],
);

export const LISTING = graphql(
  `
    query Listing($id: ID!) {
      listing(id: $id) {
        ...ListingRow
        description
        categories {
          id
          name
        }
        tags
        photoUrls
        priceTo {
          amount
          currencyCode
        }
        globalPrice {
          amount
          currencyCode
        }
        globalCurrency
        unit
        quantity
        place {
          latitude
          longitude
          radiusKm
        }
        remote
        availabilityNote
        language
        updatedAt
      }
    }
  `,
  [LISTING_ROW],
);

export const HIDE_LISTING = graphql(`
  mutation HideListing($input: HideListingInput!) {
    hideListing(input: $input) {
      ... on Listing {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const UNHIDE_LISTING = graphql(`
  mutation UnhideListing($input: UnhideListingInput!) {
    unhideListing(input: $input) {
      ... on Listing {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
