import { DomainError } from '../errors.ts';

/** What the rules of the tree need of a category. */
export interface Node {
  id: string;
  parentId: string | null;
}

export const DEPTH_MOST = 5;
export const CATEGORIES_MOST = 2000;

export class CategoryCycle extends DomainError {
  readonly code = 'CATEGORY_CYCLE';
  constructor() {
    super('A category cannot stand below itself: choose another parent.');
  }
}
export class CategoryTooDeep extends DomainError {
  readonly code = 'CATEGORY_TOO_DEEP';
  readonly depthMost = DEPTH_MOST;
  constructor() {
    super(`Categories go ${DEPTH_MOST} levels deep at most: choose a parent higher up.`);
  }
}
export class TooManyCategories extends DomainError {
  readonly code = 'TOO_MANY_CATEGORIES';
  readonly most = CATEGORIES_MOST;
  constructor() {
    super(`A community has ${CATEGORIES_MOST} categories at most: merge or reuse some.`);
  }
}

/** Refuses a tree with a cycle or too many levels. Answers the depth of each node, 1 for the top. */
export function requireTree(nodes: readonly Node[]): Map<string, number> {
  if (nodes.length > CATEGORIES_MOST) throw new TooManyCategories();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depths = new Map<string, number>();
  for (const node of nodes) {
    let depth = 0;
    for (let at: Node | undefined = node; at; at = at.parentId ? byId.get(at.parentId) : undefined) {
      depth++;
      if (depth > nodes.length) throw new CategoryCycle();
    }
    depths.set(node.id, depth);
  }
  if (Math.max(0, ...depths.values()) > DEPTH_MOST) throw new CategoryTooDeep();
  return depths;
}

/** The tree as it would be with some nodes under other parents. */
export const withParents = <N extends Node>(nodes: readonly N[], parents: ReadonlyMap<string, string | null>): N[] =>
  nodes.map((node) => (parents.has(node.id) ? { ...node, parentId: parents.get(node.id)! } : node));

/** "Arts, Crafts & Music" is arts-crafts-music. Empty when nothing of the name can be written so. */
export const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
