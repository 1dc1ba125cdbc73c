import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import type { KithDataProvider } from '../dataProvider.ts';
import { flat, treeOf } from './tree.ts';

const KEY = ['categories', 'tree'];

/** The category tree with archived ones, and the same read from top to bottom. */
export function useCategories() {
  const dataProvider = useDataProvider<KithDataProvider>();
  const { data, ...query } = useQuery({ queryKey: KEY, queryFn: () => dataProvider.categoryTree() });
  const tree = treeOf(data ?? []);
  return { ...query, tree, all: flat(tree) };
}
