import { graphql } from '../graphql.ts';

export const PROFILE = graphql(`
  query Profile {
    me {
      name
      email
      locale
    }
    myMember {
      displayName
      bio
      contactEmail
      phone
      locale
    }
    sessions {
      id
      label
      address
      createdAt
      lastUsedAt
      isCurrent
    }
  }
`);

export const UPDATE_USER = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      id
    }
  }
`);

export const UPDATE_MY_PROFILE = graphql(`
  mutation UpdateMyProfile($input: UpdateMyProfileInput!) {
    updateMyProfile(input: $input) {
      id
    }
  }
`);

export const CHANGE_PASSWORD = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      ... on User {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const END_SESSION = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input)
  }
`);

export const SIGN_OUT_EVERYWHERE = graphql(`
  mutation SignOutEverywhere {
    signOutEverywhere
  }
`);
