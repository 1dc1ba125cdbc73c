import { expect, test } from 'vitest';
import { flat, idsOf, treeOf } from './tree.ts';

const category = (id: string, parentId: string | null) => ({ id, parentId, key: id, name: id, isArchived: false });
const tree = treeOf([
  category('home', null),
  category('arts', null),
  category('paint', 'home'),
  category('walls', 'paint'),
]);

test('the list becomes a tree in its own order', () => {
  expect(flat(tree).map(({ id, depth }) => `${depth} ${id}`)).toEqual(['0 home', '1 paint', '2 walls', '0 arts']);
});

test('a branch knows itself and all below it', () => {
  expect(idsOf(tree[0]!)).toEqual(['home', 'paint', 'walls']);
});
