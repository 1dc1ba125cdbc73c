import { graphql } from '../graphql.ts';

export const JOURNAL = graphql(`
  query Journal($skip: Int!, $take: Int!, $filter: JournalEntryFilter) {
    journalEntryList(skip: $skip, take: $take, filter: $filter) {
      items {
        id
        kind
        memo
        postedAt
        actor {
          displayName
        }
        reversedBy {
          id
        }
        postings {
          amount {
            amount
            currencyCode
          }
          accountKind
          member {
            displayName
          }
        }
      }
      total
    }
  }
`);

export const ENTRY = graphql(`
  query Entry($id: ID!) {
    node(id: $id) {
      ... on JournalEntry {
        id
        kind
        memo
        postedAt
        subjectId
        actor {
          id
          displayName
        }
        onBehalfOf {
          id
          displayName
        }
        parent {
          id
          kind
        }
        reversedBy {
          id
          memo
          postedAt
        }
        reverses {
          id
          kind
        }
        postings {
          amount {
            amount
            currencyCode
          }
          balanceAfter {
            amount
            currencyCode
          }
          accountKind
          account {
            id
          }
          member {
            displayName
          }
        }
      }
    }
  }
`);

export const SUBJECT = graphql(`
  query Subject($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Trade {
        title
      }
      ... on DemurrageRun {
        endsOn
      }
    }
  }
`);

export const REVERSE_ENTRY = graphql(`
  mutation ReverseEntry($input: ReverseEntryInput!) {
    reverseEntry(input: $input) {
      ... on JournalEntry {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
