import { graphql } from '../graphql.ts';

export const SYNONYM_LIST = graphql(`
  query SynonymList($skip: Int!, $take: Int!, $filter: String) {
    synonymList(skip: $skip, take: $take, filter: $filter) {
      items {
        id
        terms
        createdAt
      }
      total
    }
  }
`);

export const CREATE_SYNONYMS = graphql(`
  mutation CreateSynonyms($input: CreateSynonymsInput!) {
    createSynonyms(input: $input) {
      ... on SynonymSet {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const DELETE_SYNONYMS = graphql(`
  mutation DeleteSynonyms($input: DeleteSynonymsInput!) {
    deleteSynonyms(input: $input)
  }
`);

export const UPDATE_SYNONYMS = graphql(`
  mutation UpdateSynonyms($input: UpdateSynonymsInput!) {
    updateSynonyms(input: $input) {
      ... on SynonymSet {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
