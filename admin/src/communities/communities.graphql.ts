import { graphql } from '../graphql.ts';

export const COMMUNITY = graphql(`
  query Community {
    community {
      id
      slug
      name
      description
      visibility
      locale
      timeZone
      memberCapacity
      currency {
        code
        name
        symbol
        scale
      }
      policies {
        admission
        invitedNeedApproval
        openInvitationsPerMember
        minimumOffers
        minimumWants
        publicListings
        publishStatistics
        listingDays
        wantDays
        reminderDays
        creditLimit
        paymentMost
        paymentsPerDayMost
        requestDays
        proposalDays
        completionDays
        disputeDays
        reviewDays
        coinage
        coinageGrant
        coinageGrantDays
        coinageShare
        coinageReputation
        coinageNewcomerDays
        coinageBuyerLimit
        coinagePeriod
        karma
        karmaForReview
        karmaForInvitation
      }
      charter {
        version
        text
        publishedAt
      }
    }
  }
`);

export const UPDATE_COMMUNITY = graphql(`
  mutation UpdateCommunity($input: UpdateCommunityInput!) {
    updateCommunity(input: $input) {
      id
    }
  }
`);

export const UPDATE_POLICIES = graphql(`
  mutation UpdatePolicies($input: PoliciesInput!, $reason: String) {
    updatePolicies(input: $input, reason: $reason) {
      id
    }
  }
`);

export const PUBLISH_CHARTER = graphql(`
  mutation PublishCharter($input: PublishCharterInput!) {
    publishCharter(input: $input) {
      version
    }
  }
`);

export const CREATE_COMMUNITY = graphql(`
  mutation CreateCommunity($input: CreateCommunityInput!) {
    createCommunity(input: $input) {
      ... on Community {
        slug
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
