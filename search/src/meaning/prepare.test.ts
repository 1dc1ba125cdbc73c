import { expect, test } from 'vitest';
import { firstCharacters, prepare, TEXT_MOST } from './prepare.ts';

test('every number becomes one sign, in whatever digits it is written', () => {
  expect(prepare('2 hours, 12:30, 1.250,50 €, ３つ, ٣ أشجار')).toBe('# hours, #, # €, #つ, # أشجار');
});

test('capitals become small letters, of Turkish too', () => {
  expect(prepare('WANTED: HAIRCUT')).toBe('wanted: haircut');
  expect(prepare('İNGİLİZCE')).toBe('ingilizce');
});

test('Arabic with vowels is Arabic without', () => {
  expect(prepare('أُعِيرُ عِدَّةَ النِّجَارَةِ')).toBe('أعير عدة النجارة');
});

test('a long text is cut between characters', () => {
  expect(prepare('b'.repeat(TEXT_MOST + 1))).toHaveLength(TEXT_MOST);
  expect(firstCharacters('ab😀c', 3)).toBe('ab');
  expect(firstCharacters('ab😀c', 4)).toBe('ab😀');
});
