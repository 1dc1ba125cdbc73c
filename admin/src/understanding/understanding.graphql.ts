import { graphql } from '../graphql.ts';

const PROGRESS = graphql(`
  fragment Progress on Understanding {
    state
    notice
    model
    listings
    done
    communitiesBehind
    behind {
      communityId
      name
      listings
      done
      serving
    }
  }
`);

export const UNDERSTANDING = graphql(
  `
    query Understanding {
      understanding {
        ...Progress
      }
      understoodListings {
        understood
        notUnderstood
        waiting
      }
    }
  `,
  [PROGRESS],
);

export const PLATFORM_UNDERSTANDING = graphql(
  `
    query PlatformUnderstanding {
      platformUnderstanding {
        ...Progress
      }
      learnedCategories {
        id
        state
        listings
        communities
        before
        after
        createdAt
      }
    }
  `,
  [PROGRESS],
);

export const TAKE_BACK = graphql(`
  mutation TakeBackLearnedCategories {
    takeBackLearnedCategories
  }
`);

export const LEARN = graphql(`
  mutation LearnCategories {
    learnCategories
  }
`);
