import { graphql } from '../graphql.ts';

export const COINAGE_LIST = graphql(`
  query CoinageList($skip: Int!, $take: Int!, $filter: CoinageFilter) {
    coinageList(skip: $skip, take: $take, filter: $filter) {
      items {
        member {
          id
          displayName
          reputation {
            score
            level
          }
        }
        granted {
          amount
          currencyCode
        }
        minted {
          amount
          currencyCode
        }
        pending {
          amount
          currencyCode
        }
        voided {
          amount
          currencyCode
        }
        expired {
          amount
          currencyCode
        }
        remaining {
          amount
          currencyCode
        }
        expiresAt
      }
      total
    }
  }
`);

export const COINAGE_REPORT = graphql(`
  query CoinageReport {
    coinageReport {
      granted {
        amount
        currencyCode
      }
      minted {
        amount
        currencyCode
      }
      pending {
        amount
        currencyCode
      }
      voided {
        amount
        currencyCode
      }
      expired {
        amount
        currencyCode
      }
      remaining {
        amount
        currencyCode
      }
    }
    founders {
      member {
        id
        displayName
      }
    }
  }
`);

export const COINAGE_MINT_LIST = graphql(`
  query CoinageMintList($skip: Int!, $take: Int!, $filter: CoinageMintFilter) {
    coinageMintList(skip: $skip, take: $take, filter: $filter) {
      items {
        id
        tradeId
        buyer {
          id
          displayName
        }
        provider {
          id
          displayName
        }
        amount {
          amount
          currencyCode
        }
        mintedAt
        voidedAt
        voidReason
      }
      total
    }
  }
`);

export const GRANT_COINAGE = graphql(`
  mutation GrantCoinage($input: GrantCoinageInput!) {
    grantCoinage(input: $input) {
      ... on MemberCoinage {
        remaining {
          amount
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const VOID_MINT = graphql(`
  mutation VoidMint($input: VoidMintInput!) {
    voidMint(input: $input) {
      ... on CoinageMint {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const APPOINT_FOUNDER = graphql(`
  mutation AppointFounder($input: MemberDecisionInput!) {
    appointFounder(input: $input) {
      ... on CoinageFounder {
        reason
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const DISMISS_FOUNDER = graphql(`
  mutation DismissFounder($input: MemberDecisionInput!) {
    dismissFounder(input: $input)
  }
`);
