import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ru } from './ru.ts';
import { inLocale, phrase, text, type TextKey } from './text.ts';
import { zh } from './zh.ts';

const names = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test.each(Object.entries({ ru, de, es, fr, zh }))('%s says everything, with the same values as English', (_, texts) => {
  expect(Object.keys(texts)).toEqual(Object.keys(en));
  for (const key of Object.keys(en) as TextKey[]) {
    expect([key, texts[key].trim()]).not.toEqual([key, '']);
    expect([key, names(texts[key])]).toEqual([key, names(en[key])]);
  }
});

test('a text is said in the language of the locale, in English where we have no words in it', () => {
  const say = (locale: string) => text(locale, 'listing.unhidden', { title: 'Soup' });
  expect(['en-GB', 'DE', 'ru-RU', 'zh-Hant-TW', 'fi', 'constructor', ''].map(say)).toEqual([
    '“Soup” is no longer hidden',
    '„Soup“ ist nicht mehr verborgen',
    'Объявление «Soup» больше не скрыто',
    '“Soup”已不再隐藏',
    '“Soup” is no longer hidden',
    '“Soup” is no longer hidden',
    '“Soup” is no longer hidden',
  ]);
});

test('numbers, days and lists are written as the language writes them', () => {
  const near = (locale: string) => text(locale, 'reason.near', { km: 1.5 });
  expect([near('en'), near('de'), near('zh')]).toEqual(['1.5 km away', '1,5 km entfernt', '相距 1.5 公里']);
  const date = { date: '2026-06-03T22:30:00Z', timeZone: 'Europe/Berlin' };
  const ends = (locale: string) => text(locale, 'listing.expiring', { title: 'Soup', date });
  expect([ends('en'), ends('de'), ends('fr')]).toEqual([
    '“Soup” expires on June 4, 2026',
    '„Soup“ läuft am 4. Juni 2026 ab',
    '« Soup » expire le 4 juin 2026',
  ]);
  expect(text('es', 'reason.tags', { tags: ['a', 'b'] })).toBe('etiquetas en común: a y b');
});

test('what a member wrote is filled in as it is', () => {
  expect(inLocale('en', phrase('listing.hidden', { title: '{title} $& {date}' }))).toBe(
    '“{title} $& {date}” was hidden by a moderator',
  );
  expect(() => text('en', 'listing.hidden')).toThrow('needs a value for title');
  expect(inLocale('de', 'as it is')).toBe('as it is');
});
