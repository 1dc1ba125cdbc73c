import { graphql } from '../graphql.ts';

const MEMBER_ROW = graphql(`
  fragment MemberRow on Member {
    id
    displayName
    email
    state
    roles
    appliedAt
    memberSince
    isMe
    isPlaceholder
    externalId
    decisionReason
  }
`);

export const MEMBER_LIST = graphql(
  `
    query MemberList($skip: Int!, $take: Int!, $sort: MemberSort!, $filter: MemberFilter) {
      memberList(skip: $skip, take: $take, sort: $sort, filter: $filter) {
        items {
          ...MemberRow
        }
        total
      }
    }
  `,
  [MEMBER_ROW],
);

export const MEMBER = graphql(
  `
    query Member($id: ID!) {
      member(id: $id) {
        ...MemberRow
        bio
        photoUrl
        contactEmail
        phone
        locale
        application
        charterAccepted
        invitedBy {
          id
          displayName
        }
      }
    }
  `,
  [MEMBER_ROW],
);

export const APPROVE_MEMBER = graphql(`
  mutation ApproveMember($input: ApproveMemberInput!) {
    approveMember(input: $input) {
      ... on Member {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const REJECT_MEMBER = graphql(`
  mutation RejectMember($input: MemberDecisionInput!) {
    rejectMember(input: $input) {
      ... on Member {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const SUSPEND_MEMBER = graphql(`
  mutation SuspendMember($input: MemberDecisionInput!) {
    suspendMember(input: $input) {
      ... on Member {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const REINSTATE_MEMBER = graphql(`
  mutation ReinstateMember($input: MemberDecisionInput!) {
    reinstateMember(input: $input) {
      ... on Member {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const SET_MEMBER_ROLES = graphql(`
  mutation SetMemberRoles($input: SetMemberRolesInput!) {
    setMemberRoles(input: $input) {
      ... on Member {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const ERASE_MEMBER = graphql(`
  mutation EraseMember($input: EraseMemberInput!) {
    eraseMember(input: $input) {
      ... on Member {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
