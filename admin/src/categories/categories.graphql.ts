import { graphql } from '../graphql.ts';

export const CATEGORIES = graphql(`
  query Categories {
    categories(archived: true) {
      id
      key
      name
      isArchived
      parent {
        id
      }
    }
  }
`);

export const EXPORT_CATEGORIES = graphql(`
  query ExportCategories($format: CategoryFormat!) {
    exportCategories(format: $format)
  }
`);

export const IMPORT_CATEGORIES = graphql(`
  mutation ImportCategories($input: ImportCategoriesInput!) {
    importCategories(input: $input) {
      ... on ImportedCategories {
        __typename
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const CREATE_CATEGORY = graphql(`
  mutation CreateCategory($input: CreateCategoryInput!) {
    createCategory(input: $input) {
      ... on Category {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const RENAME_CATEGORY = graphql(`
  mutation RenameCategory($input: RenameCategoryInput!) {
    renameCategory(input: $input) {
      id
    }
  }
`);

export const MOVE_CATEGORY = graphql(`
  mutation MoveCategory($input: MoveCategoryInput!) {
    moveCategory(input: $input) {
      ... on Category {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export const REORDER_CATEGORIES = graphql(`
  mutation ReorderCategories($input: ReorderCategoriesInput!) {
    reorderCategories(input: $input) {
      id
    }
  }
`);

export const ARCHIVE_CATEGORY = graphql(`
  mutation ArchiveCategory($input: ArchiveCategoryInput!) {
    archiveCategory(input: $input) {
      id
    }
  }
`);

export const MERGE_CATEGORIES = graphql(`
  mutation MergeCategories($input: MergeCategoriesInput!) {
    mergeCategories(input: $input) {
      ... on Category {
        id
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
