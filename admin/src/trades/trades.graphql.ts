import { graphql } from '../graphql.ts';

const TRADE_ROW = graphql(`
  fragment TradeRow on Trade {
    id
    title
    state
    buyer {
      id
      displayName
    }
    provider {
      id
      displayName
    }
    terms {
      terms
      price {
        amount
        currencyCode
      }
      globalPrice {
        amount
        currencyCode
      }
      quantity
    }
    paid {
      amount
      currencyCode
    }
    undoneAt
    createdAt
    updatedAt
  }
`);

export const TRADE_LIST = graphql(
  `
    query TradeList($skip: Int!, $take: Int!, $sort: TradeSort!, $filter: TradeFilter) {
      tradeList(skip: $skip, take: $take, sort: $sort, filter: $filter) {
        items {
          ...TradeRow
        }
        total
      }
    }
  `,
  [TRADE_ROW],
);

export const TRADE = graphql(
  `
    query Trade($id: ID!) {
      trade(id: $id) {
        ...TradeRow
        version
        viewerSide
        held {
          amount
          currencyCode
        }
        minted {
          amount
          currencyCode
        }
        globalCost {
          amount
          currencyCode
        }
        buyerConfirmedAt
        providerConfirmedAt
        expiresAt
        agreedAt
        deliveredAt
        completesAt
        cancelAskedAt
        completedAt
        completedByItself
        endReason
        proposals {
          version
          side
          terms
          price {
            amount
            currencyCode
          }
          globalPrice {
            amount
            currencyCode
          }
          quantity
          note
          createdAt
        }
        reviews {
          id
          side
          rating
          quality
          communication
          punctuality
          comment
          reply
          isTextHidden
          hiddenReason
          createdAt
        }
        dispute {
          id
          state
          side
          reason
          openedFrom
          held {
            amount
            currencyCode
          }
          evidence {
            side
            text
            links
            createdAt
          }
          decisions {
            round
            outcome
            amount {
              amount
              currencyCode
            }
            reason
            decidedBy {
              displayName
              isMe
            }
            createdAt
          }
          appealSide
          appealReason
          appealUntil
          createdAt
        }
      }
    }
  `,
  [TRADE_ROW],
);

export const DISPUTE_LIST = graphql(`
  query DisputeList($skip: Int!, $take: Int!, $filter: DisputeFilter) {
    disputeList(skip: $skip, take: $take, filter: $filter) {
      items {
        id
        state
        side
        reason
        createdAt
        trade {
          id
          title
          buyer {
            displayName
          }
          provider {
            displayName
          }
          held {
            amount
            currencyCode
          }
        }
      }
      total
    }
  }
`);

export const RESOLVE_DISPUTE = graphql(`
  mutation ResolveDispute($input: ResolveDisputeInput!) {
    resolveDispute(input: $input) {
      ... on Dispute {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const UNDO_TRADE = graphql(`
  mutation UndoTrade($input: UndoTradeInput!) {
    undoTrade(input: $input) {
      ... on Trade {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const HIDE_REVIEW_TEXT = graphql(`
  mutation HideReviewText($input: HideReviewTextInput!) {
    hideReviewText(input: $input) {
      ... on Review {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
