import { expect, test } from 'vitest';
import { cellText } from './cell.ts';

test('a cell with commas, quotes or lines is quoted', () => {
  expect(cellText('plain')).toBe('plain');
  expect(cellText('bread, jam')).toBe('"bread, jam"');
  expect(cellText('the "old" mill')).toBe('"the ""old"" mill"');
  expect(cellText('one\ntwo')).toBe('"one\ntwo"');
});

test('a text that a spreadsheet would run stays a text; a number stays a number', () => {
  expect(cellText('=HYPERLINK(1)')).toBe("'=HYPERLINK(1)");
  expect(cellText('@sum')).toBe("'@sum");
  expect(cellText(['=1', 'b'])).toBe("'=1; b");
  expect(cellText(-5)).toBe('-5');
});

test('what is not there is an empty cell', () => {
  expect([cellText(null), cellText(undefined), cellText([])]).toEqual(['', '', '']);
});
