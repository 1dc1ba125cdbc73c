import { z } from 'zod';
import { NO_COMMUNITY } from '@kith/db';
import { ErrorInterface, builder, localId } from '../builder.ts';
import type { Context } from '../context.ts';
import { prisma } from '../db.ts';
import {
  CategoryKeyTaken,
  archiveCategory,
  createCategory,
  mergeCategories,
  moveCategory,
  renameCategory,
  reorderCategories,
  wholeTree,
} from './categories.ts';
import { CategoryFileRefused, KEY } from './categoryFile.ts';
import { exportCategories, importCategories, type CategoryImport } from './categoryImport.ts';
import { CATEGORIES_MOST, CategoryCycle, CategoryTooDeep, TooManyCategories } from './categoryTree.ts';
import { visibleCommunities } from './communities.ts';
import { policiesOf } from './policies.ts';
import { line } from './text.ts';

export const CategoryType = builder.prismaNode('Category', {
  description: 'A node of the category tree of a community.',
  id: { resolve: ({ id }) => id },
  findUnique: (id, context) => ({
    communityId_id: { communityId: context.communityId ?? NO_COMMUNITY, id },
    // The same rule as seesTree, as a condition: a node is looked up in one query.
    ...(context.member?.state !== 'ACTIVE' && {
      community: { AND: [visibleCommunities(context)], policies: { path: ['publicListings'], equals: true } },
    }),
  }),
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Stable: imports and programs name the category by it.' }),
    name: t.exposeString('name', { description: 'Its name in the language of the community.' }),
    position: t.exposeInt('position', { description: 'Its place among its siblings.' }),
    isArchived: t.boolean({
      description: 'Out of use: no new listing can take it.',
      select: { archivedAt: true },
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    parent: t.relation('parent', { nullable: true, description: 'The category above it.' }),
    children: t.relation('children', {
      description: 'The categories right below it, in order; without archived ones.',
      query: { where: { archivedAt: null }, orderBy: [{ position: 'asc' }, { name: 'asc' }], take: CATEGORIES_MOST },
    }),
  }),
});

/** Members see the tree, and everybody where the listings are public. */
async function seesTree(context: Context): Promise<boolean> {
  const { communityId, member } = context;
  if (!communityId) return false;
  if (member?.state === 'ACTIVE') return true;
  const community = await prisma.community.findFirst({ where: { id: communityId, ...visibleCommunities(context) } });
  return community !== null && policiesOf(community).publicListings;
}

builder.queryField('categories', (t) =>
  t.prismaField({
    type: [CategoryType],
    description:
      'The whole category tree as a list, siblings in order. Empty for outsiders unless the community publishes its listings.',
    args: { archived: t.arg.boolean({ defaultValue: false, required: true, description: 'Archived categories too.' }) },
    resolve: async (query, _root, { archived }, context) =>
      (await seesTree(context))
        ? prisma.category.findMany({ ...query, ...wholeTree(context.communityId!, archived) })
        : [],
  }),
);

builder.objectType(CategoryKeyTaken, {
  name: 'CategoryKeyTaken',
  interfaces: [ErrorInterface],
  description: 'Another category has this key.',
  fields: (t) => ({ key: t.exposeString('key', { description: 'The key that is taken.' }) }),
});
builder.objectType(CategoryCycle, {
  name: 'CategoryCycle',
  interfaces: [ErrorInterface],
  description: 'A category would stand below itself.',
});
builder.objectType(CategoryTooDeep, {
  name: 'CategoryTooDeep',
  interfaces: [ErrorInterface],
  description: 'The tree would have too many levels.',
  fields: (t) => ({ depthMost: t.exposeInt('depthMost', { description: 'The most levels.' }) }),
});
builder.objectType(TooManyCategories, {
  name: 'TooManyCategories',
  interfaces: [ErrorInterface],
  description: 'The community would have too many categories.',
  fields: (t) => ({ most: t.exposeInt('most', { description: 'The most categories.' }) }),
});
builder.objectType(CategoryFileRefused, {
  name: 'CategoryFileRefused',
  interfaces: [ErrorInterface],
  description: 'The file has problems; nothing of it was imported.',
  fields: (t) => ({
    problems: t.exposeStringList('problems', { description: 'What to mend, by line; the first hundred.' }),
  }),
});

const parentOf = (id: string | null | undefined) => (id === null || id === undefined ? null : localId('Category', id));
const one = (query: object, communityId: string, id: string) =>
  prisma.category.findUniqueOrThrow({ ...query, where: { communityId_id: { communityId, id } } });

const CreateCategoryInput = builder.inputType('CreateCategoryInput', {
  description: 'A new category.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name.', validate: line(100) }),
    key: t.string({
      required: false,
      description: 'Its key, for good; made of the name when left out.',
      validate: z.string().regex(KEY, 'Take small letters, digits and hyphens, at most 63.').nullish(),
    }),
    parentId: t.id({ required: false, description: 'The category above it; none: at the top.' }),
  }),
});
builder.mutationField('createCategory', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).prismaField({
    type: CategoryType,
    description: 'Adds a category, as the last child of its parent.',
    errors: { types: [CategoryKeyTaken, CategoryTooDeep, TooManyCategories] },
    args: { input: t.arg({ type: CreateCategoryInput, required: true, description: 'The category.' }) },
    resolve: async (query, _root, { input: { name, key, parentId } }, { member }) => {
      const id = await createCategory(member, { name, key: key ?? undefined, parentId: parentOf(parentId) });
      return one(query, member.communityId, id);
    },
  }),
);

const RenameCategoryInput = builder.inputType('RenameCategoryInput', {
  description: 'Another name.',
  fields: (t) => ({
    categoryId: t.id({ required: true, description: 'The category.' }),
    name: t.string({ required: true, description: 'Its new name.', validate: line(100) }),
  }),
});
builder.mutationField('renameCategory', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).prismaField({
    type: CategoryType,
    description: 'Gives a category another name; its key stays.',
    args: { input: t.arg({ type: RenameCategoryInput, required: true, description: 'Which one, and the name.' }) },
    resolve: async (query, _root, { input: { categoryId, name } }, { member }) => {
      const id = localId('Category', categoryId);
      await renameCategory(member, { id, name });
      return one(query, member.communityId, id);
    },
  }),
);

const MoveCategoryInput = builder.inputType('MoveCategoryInput', {
  description: 'Another place in the tree.',
  fields: (t) => ({
    categoryId: t.id({ required: true, description: 'The category.' }),
    parentId: t.id({ required: false, description: 'The category above it from now on; none: at the top.' }),
  }),
});
builder.mutationField('moveCategory', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).prismaField({
    type: CategoryType,
    description: 'Hangs a category with all below it under another one.',
    errors: { types: [CategoryCycle, CategoryTooDeep] },
    args: { input: t.arg({ type: MoveCategoryInput, required: true, description: 'Which one, and where to.' }) },
    resolve: async (query, _root, { input: { categoryId, parentId } }, { member }) => {
      const id = localId('Category', categoryId);
      await moveCategory(member, { id, parentId: parentOf(parentId) });
      return one(query, member.communityId, id);
    },
  }),
);

const ReorderCategoriesInput = builder.inputType('ReorderCategoriesInput', {
  description: 'An order of siblings.',
  fields: (t) => ({
    parentId: t.id({ required: false, description: 'The parent of the siblings; none: the top.' }),
    categoryIds: t.idList({
      required: true,
      description: 'The siblings in order; those not named come behind.',
      validate: z.array(z.string()).min(1).max(CATEGORIES_MOST),
    }),
  }),
});
builder.mutationField('reorderCategories', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).prismaField({
    type: [CategoryType],
    description: 'Puts siblings into the given order. Answers the tree as a list.',
    args: { input: t.arg({ type: ReorderCategoriesInput, required: true, description: 'The order.' }) },
    resolve: async (query, _root, { input: { parentId, categoryIds } }, { member }) => {
      await reorderCategories(member, {
        parentId: parentOf(parentId),
        ids: categoryIds.map((id) => localId('Category', id)),
      });
      return prisma.category.findMany({ ...query, ...wholeTree(member.communityId, false) });
    },
  }),
);

const ArchiveCategoryInput = builder.inputType('ArchiveCategoryInput', {
  description: 'A category to take out of use, or to bring back.',
  fields: (t) => ({
    categoryId: t.id({ required: true, description: 'The category.' }),
    isArchived: t.boolean({
      defaultValue: true,
      required: true,
      description: 'False brings it back, with those above it.',
    }),
  }),
});
builder.mutationField('archiveCategory', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).prismaField({
    type: CategoryType,
    description: 'Takes a category with all below it out of use; listings keep theirs.',
    args: { input: t.arg({ type: ArchiveCategoryInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input: { categoryId, isArchived } }, { member }) => {
      const id = localId('Category', categoryId);
      await archiveCategory(member, { id, isArchived });
      return one(query, member.communityId, id);
    },
  }),
);

const MergeCategoriesInput = builder.inputType('MergeCategoriesInput', {
  description: 'Two categories that are one.',
  fields: (t) => ({
    fromId: t.id({ required: true, description: 'The one that goes; it is archived.' }),
    intoId: t.id({ required: true, description: 'The one that takes its listings and children.' }),
  }),
});
builder.mutationField('mergeCategories', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).prismaField({
    type: CategoryType,
    description: 'Moves the listings and children of one category to another, and archives it. Answers the other.',
    errors: { types: [CategoryCycle, CategoryTooDeep] },
    args: { input: t.arg({ type: MergeCategoriesInput, required: true, description: 'Which two.' }) },
    resolve: async (query, _root, { input }, { member }) => {
      const [fromId, intoId] = [localId('Category', input.fromId), localId('Category', input.intoId)];
      await mergeCategories(member, { fromId, intoId });
      return one(query, member.communityId, intoId);
    },
  }),
);

const Format = builder.enumType('CategoryFormat', {
  description: 'CSV with the columns key, parent_key, name; or JSON, a list of objects with these fields.',
  values: ['CSV', 'JSON'] as const,
});
const ImportCategoriesInput = builder.inputType('ImportCategoriesInput', {
  description: 'A category tree as text.',
  fields: (t) => ({
    format: t.field({ type: Format, required: true, description: 'How it is written.' }),
    text: t.string({
      required: true,
      description: 'The text, at most 500,000 characters.',
      validate: z.string().max(500_000),
    }),
  }),
});
const ImportedCategories = builder.objectRef<CategoryImport>('ImportedCategories').implement({
  description: 'What an import did.',
  fields: (t) => ({
    created: t.exposeInt('created', { description: 'New categories.' }),
    updated: t.exposeInt('updated', {
      description: 'Categories with another name or parent, or back from the archive.',
    }),
    unchanged: t.exposeInt('unchanged', { description: 'Categories that were so already.' }),
  }),
});
builder.mutationField('importCategories', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).field({
    type: ImportedCategories,
    description: 'Adds and changes categories by key, all or none; categories the text does not name stay.',
    errors: { types: [CategoryFileRefused, CategoryCycle, CategoryTooDeep, TooManyCategories] },
    args: { input: t.arg({ type: ImportCategoriesInput, required: true, description: 'The tree.' }) },
    resolve: (_root, { input }, { member }) => importCategories(member, input),
  }),
);
builder.queryField('exportCategories', (t) =>
  t.withAuth({ capability: 'categoriesEdit' }).string({
    description: 'The category tree in use as text that importCategories takes.',
    args: { format: t.arg({ type: Format, required: true, description: 'How to write it.' }) },
    resolve: (_root, { format }, { member }) => exportCategories(member.communityId, format),
  }),
);
