import { graphql } from '../graphql.ts';

export const DEMURRAGE_RULES = graphql(`
  query DemurrageRules {
    community {
      timeZone
      currency {
        code
      }
      policies {
        demurrage
        demurrageRatePpm
        demurragePeriod
        demurrageDay
        demurrageTime
        demurrageAllowance
        demurrageGraceDays
      }
    }
    policyChangeList(take: 50) {
      items {
        policy
        before
        after
        effectiveAt
        reason
        decidedBy {
          displayName
        }
      }
    }
  }
`);

export const DEMURRAGE_PREVIEW = graphql(`
  query DemurragePreview($policies: PoliciesInput, $skip: Int!, $take: Int!) {
    demurragePreview(policies: $policies, skip: $skip, take: $take) {
      endsAt
      ratePpm
      total
      spared
      charge {
        amount
        currencyCode
      }
      arrears {
        amount
        currencyCode
      }
      items {
        member {
          id
          displayName
        }
        balance {
          amount
          currencyCode
        }
        charge {
          amount
          currencyCode
        }
        arrears {
          amount
          currencyCode
        }
      }
    }
  }
`);

export const DEMURRAGE_RUNS = graphql(`
  query DemurrageRuns($skip: Int!, $take: Int!) {
    demurrageRunList(skip: $skip, take: $take) {
      items {
        id
        endsOn
        endsAt
        period
        ratePpm
        state
        accounts
        chargedAccounts
        charged {
          amount
          currencyCode
        }
        arrearsAccounts
        arrears {
          amount
          currencyCode
        }
        startedAt
      }
      total
    }
  }
`);

export const DEMURRAGE_RUN = graphql(`
  query DemurrageRun($id: ID!) {
    node(id: $id) {
      ... on DemurrageRun {
        id
        endsOn
        endsAt
        period
        ratePpm
        graceDays
        state
        accounts
        chargedAccounts
        allowance {
          amount
          currencyCode
        }
        charged {
          amount
          currencyCode
        }
        arrearsAccounts
        arrears {
          amount
          currencyCode
        }
        startedAt
        finishedAt
        entry {
          id
        }
        chargeList(take: 100) {
          total
          items {
            member {
              id
              displayName
            }
            paid {
              amount
              currencyCode
            }
            balanceAfter {
              amount
              currencyCode
            }
          }
        }
        arrearsList(take: 100) {
          total
          items {
            member {
              id
              displayName
            }
            charge {
              amount
              currencyCode
            }
            paid {
              amount
              currencyCode
            }
          }
        }
      }
    }
  }
`);

export const START_DEMURRAGE = graphql(`
  mutation StartDemurrage {
    startDemurrage
  }
`);

export const SCHEDULE_POLICIES = graphql(`
  mutation SchedulePolicies($input: SchedulePoliciesInput!) {
    schedulePolicies(input: $input) {
      id
    }
  }
`);
