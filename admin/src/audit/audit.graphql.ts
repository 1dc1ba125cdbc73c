import { graphql } from '../graphql.ts';

export const AUDIT_LOG = graphql(`
  query AuditLog($skip: Int!, $take: Int!, $filter: AuditFilter) {
    auditLog(skip: $skip, take: $take, filter: $filter) {
      items {
        id
        action
        subjectType
        subjectId
        reason
        detail
        createdAt
        actor {
          id
          displayName
        }
      }
      total
    }
  }
`);
