import { graphql } from '../graphql.ts';

export const INVITATION = graphql(`
  query Invitation($token: String!) {
    invitation(token: $token) {
      state
      inviterName
      claimsName
      expiresAt
      community {
        slug
        name
        description
        charter {
          version
          text
        }
      }
    }
  }
`);

export const ACCEPT_INVITATION = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      ... on Membership {
        state
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
