import { graphql } from '../graphql.ts';

export const DASHBOARD = graphql(`
  query Dashboard {
    dashboard {
      members {
        applied
        active
        suspended
        leaving
      }
      offers {
        published
        paused
        hidden
        expired
      }
      wants {
        published
        paused
        hidden
        expired
      }
      newMembers
      newListings
      membersWithoutOffers
      openSuggestions
      undecidedDisputes
      checkedImports
      accountsInArrears
      notices {
        part
        text
      }
    }
  }
`);
