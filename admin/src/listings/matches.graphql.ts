import { graphql } from '../graphql.ts';

export const MATCHES = graphql(`
  query Matches($listingId: ID!) {
    explainMatches(listingId: $listingId) {
      want {
        id
        title
      }
      offer {
        id
        title
      }
      score
      least
      passes
      reasons
      parts {
        part
        value
        weight
        contribution
      }
    }
  }
`);
