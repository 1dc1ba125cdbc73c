import type { VariablesOf } from 'gql.tada';
import { accepted, request } from '../request.ts';
import {
  ARCHIVE_CATEGORY,
  CATEGORIES,
  CREATE_CATEGORY,
  EXPORT_CATEGORIES,
  IMPORT_CATEGORIES,
  MERGE_CATEGORIES,
  MOVE_CATEGORY,
  RENAME_CATEGORY,
  REORDER_CATEGORIES,
} from './categories.graphql.ts';

type Input<Document> = VariablesOf<Document> extends { input: infer I } ? I : never;

const verbs = {
  /** The whole tree, archived ones too, as a list in order. */
  categoryTree: async () =>
    (await request(CATEGORIES, {})).categories.map(({ parent, ...category }) => ({
      ...category,
      parentId: parent?.id ?? null,
    })),
  /** The tree in use as a CSV file. */
  exportCategories: async () => (await request(EXPORT_CATEGORIES, { format: 'CSV' })).exportCategories,
  importCategories: async (input: Input<typeof IMPORT_CATEGORIES>) =>
    void accepted((await request(IMPORT_CATEGORIES, { input })).importCategories),
  createCategory: async (input: Input<typeof CREATE_CATEGORY>) =>
    void accepted((await request(CREATE_CATEGORY, { input })).createCategory),
  renameCategory: async (input: Input<typeof RENAME_CATEGORY>) => void (await request(RENAME_CATEGORY, { input })),
  moveCategory: async (input: Input<typeof MOVE_CATEGORY>) =>
    void accepted((await request(MOVE_CATEGORY, { input })).moveCategory),
  reorderCategories: async (input: Input<typeof REORDER_CATEGORIES>) =>
    void (await request(REORDER_CATEGORIES, { input })),
  archiveCategory: async (input: Input<typeof ARCHIVE_CATEGORY>) => void (await request(ARCHIVE_CATEGORY, { input })),
  mergeCategories: async (input: Input<typeof MERGE_CATEGORIES>) =>
    void accepted((await request(MERGE_CATEGORIES, { input })).mergeCategories),
};

export type Category = Awaited<ReturnType<typeof verbs.categoryTree>>[number];
export const categories = { verbs };
