import { graphql } from '../graphql.ts';

export const KARMA_AWARD_LIST = graphql(`
  query KarmaAwardList($skip: Int!, $take: Int!, $filter: KarmaAwardFilter) {
    karmaAwardList(skip: $skip, take: $take, filter: $filter) {
      items {
        id
        member {
          id
          displayName
        }
        cause
        points
        reason
        awardedAt
        awardedBy {
          id
          displayName
        }
      }
      total
    }
  }
`);

export const AWARD_KARMA = graphql(`
  mutation AwardKarma($input: AwardKarmaInput!) {
    awardKarma(input: $input) {
      ... on KarmaAward {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const REVOKE_KARMA = graphql(`
  mutation RevokeKarma($input: RevokeKarmaInput!) {
    revokeKarma(input: $input)
  }
`);
