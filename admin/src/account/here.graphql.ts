import { graphql } from '../graphql.ts';

export const HERE = graphql(`
  query Here {
    me {
      name
      email
      platformAdministrator
    }
    myMemberships {
      memberId
      state
      roles
      capabilities
      community {
        id
        slug
        name
      }
    }
  }
`);
