import type { Category } from './categories.ts';

export interface Branch extends Category {
  depth: number;
  children: Branch[];
}

/** The flat list as a tree, in its order. */
export function treeOf(categories: readonly Category[]): Branch[] {
  const below = (parentId: string | null, depth: number): Branch[] =>
    categories
      .filter((category) => (category.parentId ?? null) === parentId)
      .map((category) => ({ ...category, depth, children: below(category.id, depth + 1) }));
  return below(null, 0);
}

/** The tree read from top to bottom. */
export const flat = (branches: readonly Branch[]): Branch[] =>
  branches.flatMap((branch) => [branch, ...flat(branch.children)]);

/** The ids of a branch and of all below it. */
export const idsOf = (branch: Branch): string[] => flat([branch]).map(({ id }) => id);
