import type { Tx } from '../db.ts';
import { badInput } from '../errors.ts';

interface Node {
  id: string;
  parentId: string | null;
}

/** The category and all below it. */
export function subtree(categories: readonly Node[], rootId: string): string[] {
  const children = new Map<string | null, string[]>();
  for (const { id, parentId } of categories) children.set(parentId, [...(children.get(parentId) ?? []), id]);
  const found = new Set([rootId]);
  // A set that grows while it is walked is walked to its new end.
  for (const id of found) for (const child of children.get(id) ?? []) found.add(child);
  return [...found];
}

/** The condition that a listing stands in the category or below it. */
export async function inSubtree(client: Pick<Tx, 'category'>, communityId: string, categoryId: string) {
  const categories = await client.category.findMany({ where: { communityId }, select: { id: true, parentId: true } });
  return { categories: { some: { categoryId: { in: subtree(categories, categoryId) } } } };
}

/** Rejects categories that are not of the community, or no longer in use. */
export async function requireCategories(tx: Tx, communityId: string, ids: readonly string[]) {
  if (!ids.length) return;
  const found = await tx.category.findMany({
    where: { communityId, id: { in: [...ids] } },
    select: { id: true, archivedAt: true },
  });
  if (found.length < new Set(ids).size) throw badInput('There is no such category in this community.', 'categoryId');
  if (found.some(({ archivedAt }) => archivedAt))
    throw badInput('This category is no longer used; choose another.', 'categoryId');
}

/** Writes in which categories a listing stands: the main one and the further ones, all of them in one list. */
export async function setCategories(
  tx: Tx,
  { communityId, id: listingId }: { communityId: string; id: string },
  categoryIds: readonly string[],
) {
  await tx.listingCategory.deleteMany({ where: { communityId, listingId } });
  await tx.listingCategory.createMany({
    data: [...new Set(categoryIds)].map((categoryId) => ({ communityId, listingId, categoryId })),
  });
}
