import { graphql } from '../graphql.ts';

const IMPORT_ROW = graphql(`
  fragment ImportSummary on Import {
    id
    kind
    state
    fileName
    rowsTotal
    rowsChecked
    rowsDone
    rowsCreated
    rowsUpdated
    rowsUnchanged
    rowsRefused
    createdAt
    finishedAt
  }
`);

export const IMPORT_LIST = graphql(
  `
    query ImportList($skip: Int!, $take: Int!, $filter: ImportFilter) {
      importList(skip: $skip, take: $take, filter: $filter) {
        items {
          ...ImportSummary
        }
        total
      }
    }
  `,
  [IMPORT_ROW],
);

export const IMPORT = graphql(
  `
    query Import($id: ID!) {
      import(id: $id) {
        ...ImportSummary
        problem
        ignoredColumns
        options {
          createMissingCategories
          placeholderMembers
          invite
        }
      }
    }
  `,
  [IMPORT_ROW],
);

export const IMPORT_ROWS = graphql(`
  query ImportRows($importId: ID!, $state: ImportRowState, $skip: Int!, $take: Int!) {
    importRows(importId: $importId, state: $state, skip: $skip, take: $take) {
      items {
        line
        row
        state
        outcome
        reason
      }
      total
    }
  }
`);

export const CREATE_IMPORT = graphql(`
  mutation CreateImport($input: CreateImportInput!) {
    createImport(input: $input) {
      id
      uploadUrl
    }
  }
`);

export const START_IMPORT = graphql(`
  mutation StartImport($input: StartImportInput!) {
    startImport(input: $input) {
      ... on Import {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const CANCEL_IMPORT = graphql(`
  mutation CancelImport($input: CancelImportInput!) {
    cancelImport(input: $input) {
      ... on Import {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
