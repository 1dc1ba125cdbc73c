import { graphql } from '../graphql.ts';

export const TREASURY = graphql(`
  query Treasury {
    treasuryReport {
      balance {
        amount
        currencyCode
      }
      income {
        amount
        currencyCode
      }
      spending {
        amount
        currencyCode
      }
      kinds {
        kind
        entries
        income {
          amount
          currencyCode
        }
        spending {
          amount
          currencyCode
        }
      }
    }
  }
`);

export const MONEY_REPORT = graphql(`
  query MoneyReport($from: DateTime, $to: DateTime) {
    moneyReport(from: $from, to: $to) {
      from
      to
      supply {
        amount
        currencyCode
      }
      minted {
        amount
        currencyCode
      }
      burned {
        amount
        currencyCode
      }
      volume {
        amount
        currencyCode
      }
      demurrage {
        amount
        currencyCode
      }
      velocity
      gini
      topTenthShare
      payments
      members
      traders
      inactive
    }
  }
`);

export const TREASURY_LINES = graphql(`
  query TreasuryLines($skip: Int!, $take: Int!, $kinds: [JournalKind!]) {
    treasuryLineList(skip: $skip, take: $take, kinds: $kinds) {
      items {
        postedAt
        kind
        reason
        amount {
          amount
          currencyCode
        }
        balanceAfter {
          amount
          currencyCode
        }
        member {
          displayName
        }
        actor {
          displayName
        }
      }
      total
    }
  }
`);

export const MEMBERS_NAMED = graphql(`
  query MembersNamed($text: String!) {
    memberList(take: 10, sort: NAME_ASC, filter: { text: $text, states: [ACTIVE] }) {
      items {
        id
        displayName
      }
    }
  }
`);

export const GRANT = graphql(`
  mutation GrantFromTreasury($input: GrantFromTreasuryInput!) {
    grantFromTreasury(input: $input) {
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
export const BUY = graphql(`
  mutation BuyForTreasury($input: BuyForTreasuryInput!) {
    buyForTreasury(input: $input) {
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
export const BURN = graphql(`
  mutation BurnFromTreasury($input: BurnFromTreasuryInput!) {
    burnFromTreasury(input: $input) {
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
