import type { Sql } from '@kith/db';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { DomainError, badInput, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { audit } from './audit.ts';
import { CATEGORIES_MOST, TooManyCategories, requireTree, slug, withParents } from './categoryTree.ts';
import { lockCommunity } from './membership.ts';

export class CategoryKeyTaken extends DomainError {
  readonly code = 'CATEGORY_KEY_TAKEN';
  readonly key: string;
  constructor(key: string) {
    super(`There is a category with the key "${key}" already: choose another one.`);
    this.key = key;
  }
}

/** The whole tree as a list, in order of parents and positions; archived ones on demand. */
export const categoriesOf = (tx: Pick<Tx, 'category'>, communityId: string, { archived = true } = {}) =>
  tx.category.findMany(wholeTree(communityId, archived));
/** The question for the whole tree, for whoever adds what to load with it. */
export const wholeTree = (communityId: string, archived: boolean) =>
  ({
    where: { communityId, ...(!archived && { archivedAt: null }) },
    orderBy: [{ position: 'asc' }, { name: 'asc' }, { id: 'asc' }],
    take: CATEGORIES_MOST,
  }) satisfies Sql.CategoryFindManyArgs;
export type CategoryRow = Awaited<ReturnType<typeof categoriesOf>>[number];

/** Finds categories by what people call them: the English name of the default tree in any language, the key, or the name here. */
export async function categoryFinder(
  tx: Pick<Tx, 'category'>,
  communityId: string,
): Promise<(name: string) => CategoryRow | undefined> {
  const categories = (await categoriesOf(tx, communityId)).filter(({ archivedAt }) => !archivedAt);
  const byName = new Map(categories.map((category) => [category.name.toLowerCase(), category]));
  const byKey = new Map(categories.map((category) => [category.key, category]));
  return (name) => byName.get(name.trim().toLowerCase()) ?? byKey.get(slug(name));
}

/** One category by name; for many, ask `categoryFinder` once. */
export const categoryByName = async (tx: Pick<Tx, 'category'>, communityId: string, name: string) =>
  (await categoryFinder(tx, communityId))(name);

/** Changes the tree under its lock; what is answered tells which categories search has to look at again. */
export async function changeTree<T extends { changed: string[] }>(
  member: Member,
  {
    action,
    subjectId,
    detail,
  }: { action: string; subjectId?: string; detail?: Record<string, string | number | null> },
  change: (tx: Tx, categories: CategoryRow[]) => Promise<T>,
): Promise<T> {
  const { communityId } = member;
  return inCommunity(member, async (tx) => {
    await lockCommunity(tx, communityId);
    const result = await change(tx, await categoriesOf(tx, communityId));
    if (!result.changed.length) return result;
    await audit(tx, member, {
      action,
      subjectType: 'Category',
      subjectId: subjectId ?? result.changed[0]!,
      detail: detail ?? {},
    });
    await enqueue(tx, 'category.changed', { communityId, categoryIds: result.changed });
    return result;
  });
}

export function requireCategory(categories: CategoryRow[], id: string): CategoryRow {
  const category = categories.find((candidate) => candidate.id === id);
  if (!category) throw notFound('category');
  return category;
}
const lastPosition = (categories: CategoryRow[], parentId: string | null) =>
  Math.max(-1, ...categories.filter((category) => category.parentId === parentId).map(({ position }) => position)) + 1;

/** Adds a category. Without a key it gets one made of its name. Answers its id. */
export async function createCategory(
  member: Member,
  { name, key, parentId }: { name: string; key?: string | undefined; parentId: string | null },
): Promise<string> {
  const { communityId } = member;
  const id = newId();
  await changeTree(member, { action: 'category.create', subjectId: id }, async (tx, categories) => {
    if (categories.length >= CATEGORIES_MOST) throw new TooManyCategories();
    const parent = parentId === null ? null : requireCategory(categories, parentId);
    if (parent?.archivedAt) throw badInput('The parent is archived: bring it back first.', 'parentId');
    const wanted = key ?? freeKey(categories, name, id);
    if (categories.some((category) => category.key === wanted)) throw new CategoryKeyTaken(wanted);
    requireTree([...categories, { id, parentId }]);
    const position = lastPosition(categories, parentId);
    await tx.category.create({
      data: { communityId, id, parentId, key: wanted, name, position, createdAt: clock.now() },
    });
    return { changed: [id] };
  });
  return id;
}

/** The slug of the name, numbered when it is taken; names in other scripts get one made of the id. */
function freeKey(categories: CategoryRow[], name: string, id: string): string {
  const base = slug(name).slice(0, 58) || `c-${id.slice(-12)}`;
  const taken = new Set(categories.map(({ key }) => key));
  for (let number = 1; number <= CATEGORIES_MOST + 1; number++) {
    const key = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(key)) return key;
  }
  throw new Error('More keys are taken than there are categories.');
}

/** Gives a category another name; its key stays. */
export async function renameCategory(member: Member, { id, name }: { id: string; name: string }): Promise<void> {
  await changeTree(member, { action: 'category.rename', subjectId: id }, async (tx, categories) => {
    if (requireCategory(categories, id).name === name) return { changed: [] };
    await tx.category.update({ where: { communityId_id: { communityId: member.communityId, id } }, data: { name } });
    return { changed: [id] };
  });
}

/** Hangs a category, with all below it, under another parent, as its last child. */
export async function moveCategory(
  member: Member,
  { id, parentId }: { id: string; parentId: string | null },
): Promise<void> {
  const { communityId } = member;
  await changeTree(member, { action: 'category.move', subjectId: id, detail: { parentId } }, async (tx, categories) => {
    if (requireCategory(categories, id).parentId === parentId) return { changed: [] };
    const parent = parentId === null ? null : requireCategory(categories, parentId);
    if (parent?.archivedAt) throw badInput('The parent is archived: bring it back first.', 'parentId');
    requireTree(withParents(categories, new Map([[id, parentId]])));
    const position = lastPosition(categories, parentId);
    await tx.category.update({ where: { communityId_id: { communityId, id } }, data: { parentId, position } });
    return { changed: [id] };
  });
}

/** Puts the children of one parent into the given order; those not named come behind. */
export async function reorderCategories(
  member: Member,
  { parentId, ids }: { parentId: string | null; ids: string[] },
): Promise<void> {
  const { communityId } = member;
  if (new Set(ids).size < ids.length) throw badInput('Name each category once.', 'ids');
  await inCommunity(member, async (tx) => {
    await lockCommunity(tx, communityId);
    const children = (await categoriesOf(tx, communityId)).filter((category) => category.parentId === parentId);
    const named = ids.map((id) => requireCategory(children, id));
    const order = [...named, ...children.filter(({ id }) => !ids.includes(id))];
    for (const [position, category] of order.entries())
      if (category.position !== position)
        await tx.category.update({ where: { communityId_id: { communityId, id: category.id } }, data: { position } });
    await audit(tx, member, {
      action: 'category.reorder',
      subjectType: 'Category',
      subjectId: parentId ?? communityId,
    });
  });
}

/** Takes a category with all below it out of use, or brings it and all above it back. Listings keep theirs. */
export async function archiveCategory(
  member: Member,
  { id, isArchived }: { id: string; isArchived: boolean },
): Promise<void> {
  const { communityId } = member;
  await changeTree(
    member,
    { action: isArchived ? 'category.archive' : 'category.restore', subjectId: id },
    async (tx, categories) => {
      requireCategory(categories, id);
      const changed = (isArchived ? subtree(categories, id) : ancestry(categories, id))
        .filter(({ archivedAt }) => (archivedAt !== null) !== isArchived)
        .map((category) => category.id);
      await tx.category.updateMany({
        where: { communityId, id: { in: changed } },
        data: { archivedAt: isArchived ? clock.now() : null },
      });
      return { changed };
    },
  );
}

/** A category and everything below it. */
export function subtree<N extends { id: string; parentId: string | null }>(categories: readonly N[], id: string): N[] {
  const found = categories.filter((category) => category.id === id);
  // The list grows while it is walked: children come behind their parents.
  for (const category of found) found.push(...categories.filter(({ parentId }) => parentId === category.id));
  return found;
}
function ancestry(categories: CategoryRow[], id: string): CategoryRow[] {
  const above: CategoryRow[] = [];
  for (
    let at = categories.find((category) => category.id === id);
    at;
    at = categories.find(({ id }) => id === at!.parentId)
  )
    above.push(at);
  return above;
}

/** Moves the listings and children of one category to another, and archives the one that is empty then. */
export async function mergeCategories(
  member: Member,
  { fromId, intoId }: { fromId: string; intoId: string },
): Promise<void> {
  const { communityId } = member;
  if (fromId === intoId) throw badInput('Name two different categories.', 'intoId');
  await changeTree(
    member,
    { action: 'category.merge', subjectId: fromId, detail: { intoId } },
    async (tx, categories) => {
      requireCategory(categories, fromId);
      if (requireCategory(categories, intoId).archivedAt)
        throw badInput('That category is archived: bring it back first.', 'intoId');
      const children = categories.filter(({ parentId }) => parentId === fromId);
      requireTree(withParents(categories, new Map(children.map(({ id }) => [id, intoId]))));
      await tx.category.updateMany({ where: { communityId, parentId: fromId }, data: { parentId: intoId } });
      await tx.listing.updateMany({ where: { communityId, categoryId: fromId }, data: { categoryId: intoId } });
      const standing = await tx.listingCategory.findMany({
        where: { communityId, categoryId: fromId },
        select: { listingId: true },
      });
      await tx.listingCategory.createMany({
        data: standing.map(({ listingId }) => ({ communityId, listingId, categoryId: intoId })),
        skipDuplicates: true,
      });
      await tx.listingCategory.deleteMany({ where: { communityId, categoryId: fromId } });
      await tx.category.update({
        where: { communityId_id: { communityId, id: fromId } },
        data: { archivedAt: clock.now() },
      });
      return { changed: [fromId, intoId] };
    },
  );
}
