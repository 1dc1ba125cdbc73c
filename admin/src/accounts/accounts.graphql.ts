import { graphql } from '../graphql.ts';

export const ACCOUNT_LIST = graphql(`
  query AccountList($skip: Int!, $take: Int!, $sort: AccountSort!, $filter: AccountFilter) {
    accountList(skip: $skip, take: $take, sort: $sort, filter: $filter) {
      items {
        id
        kind
        currencyCode
        member {
          id
          displayName
        }
        balance {
          amount
          currencyCode
        }
        reserved {
          amount
          currencyCode
        }
        available {
          amount
          currencyCode
        }
        creditLimit {
          amount
          currencyCode
        }
      }
      total
    }
  }
`);

export const ACCOUNT = graphql(`
  query Account($id: ID!, $after: String) {
    node(id: $id) {
      ... on Account {
        id
        kind
        isLocal
        currencyCode
        openedAt
        member {
          id
          displayName
        }
        balance {
          amount
          currencyCode
        }
        reserved {
          amount
          currencyCode
        }
        available {
          amount
          currencyCode
        }
        creditLimit {
          amount
          currencyCode
        }
        ceiling {
          amount
          currencyCode
        }
        statement(first: 25, after: $after) {
          edges {
            node {
              postedAt
              kind
              memo
              amount {
                amount
                currencyCode
              }
              balanceAfter {
                amount
                currencyCode
              }
              counterparty {
                id
                displayName
              }
              entry {
                id
              }
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  }
`);

export const TRIAL_BALANCE = graphql(`
  query TrialBalance {
    trialBalance {
      kind
      accounts
      balance {
        amount
        currencyCode
      }
    }
  }
`);
