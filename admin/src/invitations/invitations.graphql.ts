import { graphql } from '../graphql.ts';

export const INVITATION_LIST = graphql(`
  query InvitationList($skip: Int!, $take: Int!, $mine: Boolean!) {
    invitationList(skip: $skip, take: $take, mine: $mine) {
      items {
        id
        state
        email
        maxUses
        uses
        createdAt
        expiresAt
        inviter {
          id
          displayName
        }
        claimsMember {
          id
          displayName
        }
      }
      total
    }
  }
`);

export const INVITE_MEMBERS = graphql(`
  mutation InviteMembers($input: InviteMembersInput!) {
    inviteMembers(input: $input) {
      ... on Invited {
        invitations {
          link
          invitation {
            id
            email
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const REVOKE_INVITATION = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      id
    }
  }
`);
