import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { prisma } from '../db.ts';
import { newId } from '../ids.ts';
import { categoriesOf, changeTree } from './categories.ts';
import { CategoryFileRefused, readCategoryFile, writeCategoryFile, type CategoryFormat } from './categoryFile.ts';
import { requireTree } from './categoryTree.ts';

export interface CategoryImport {
  created: number;
  updated: number;
  unchanged: number;
}

/** Makes the tree hold what the file says, by key; categories the file does not name stay. All of it or nothing. */
export async function importCategories(
  member: Member,
  { text, format }: { text: string; format: CategoryFormat },
): Promise<CategoryImport> {
  const { communityId } = member;
  const lines = readCategoryFile(text, format);
  const counts = { created: 0, updated: 0, unchanged: 0 };
  const detail = { lines: lines.length };
  await changeTree(member, { action: 'category.import', subjectId: communityId, detail }, async (tx, categories) => {
    const known = new Map(categories.map((category) => [category.key, category]));
    const ids = new Map([...known].map(([key, { id }]) => [key, id]));
    for (const { key } of lines) if (!ids.has(key)) ids.set(key, newId());
    // Named categories come back from the archive; a parent that stays there would hide its children.
    const inUse = new Set([
      ...lines.map(({ key }) => key),
      ...categories.filter((c) => !c.archivedAt).map(({ key }) => key),
    ]);
    const lost = lines.filter(({ parentKey }) => parentKey !== null && !inUse.has(parentKey));
    if (lost.length)
      throw new CategoryFileRefused(lost.map(({ key, parentKey }) => `${key}: there is no parent "${parentKey}".`));

    const wanted = lines.map(({ key, parentKey, name }, position) => ({
      id: ids.get(key)!,
      key,
      name,
      parentId: parentKey === null ? null : ids.get(parentKey)!,
      position,
    }));
    const named = new Set(wanted.map(({ id }) => id));
    requireTree([...categories.filter(({ id }) => !named.has(id)), ...wanted]);
    const created = wanted.filter(({ key }) => !known.has(key));
    const updated = wanted.filter(({ key, name, parentId }) => {
      const before = known.get(key);
      return before && (before.name !== name || before.parentId !== parentId || before.archivedAt !== null);
    });
    // One statement: its foreign keys are judged at its end, so children may come before parents.
    await tx.category.createMany({ data: created.map((row) => ({ ...row, communityId, createdAt: clock.now() })) });
    for (const { id, name, parentId } of updated)
      await tx.category.update({
        where: { communityId_id: { communityId, id } },
        data: { name, parentId, archivedAt: null },
      });
    counts.created = created.length;
    counts.updated = updated.length;
    counts.unchanged = wanted.length - created.length - updated.length;
    const changed = [...created, ...updated].map(({ id }) => id);
    return { changed };
  });
  return counts;
}

/** The tree in use as text that `importCategories` takes; parents before children. */
export async function exportCategories(communityId: string, format: CategoryFormat): Promise<string> {
  const categories = await categoriesOf(prisma, communityId, { archived: false });
  const keys = new Map(categories.map(({ id, key }) => [id, key]));
  const depths = requireTree(categories);
  const lines = categories
    .toSorted((a, b) => depths.get(a.id)! - depths.get(b.id)!)
    .map(({ key, parentId, name }) => ({ key, parentKey: parentId && (keys.get(parentId) ?? null), name }));
  return writeCategoryFile(lines, format);
}
