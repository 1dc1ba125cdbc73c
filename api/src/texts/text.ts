import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ru } from './ru.ts';
import { zh } from './zh.ts';

export type TextKey = keyof typeof en;
export type Texts = Record<TextKey, string>;
/** What is filled in: words, numbers, a list, or a day of a time zone (ISO 8601). All of it survives JSON. */
export type Value = string | number | readonly string[] | { date: string; timeZone: string };
export type Values = Record<string, Value>;
/** A text that is said later, in the language of whoever will read it. */
export interface Phrase {
  text: TextKey;
  values: Values;
}

const languages = new Map<string, Texts>(Object.entries({ en, ru, de, es, fr, zh }));
/** The language of a locale, English where we have no texts in it. */
export const languageOf = (locale: string): string => {
  const language = locale.split('-')[0]!.toLowerCase();
  return languages.has(language) ? language : 'en';
};

/** The text of a key in the language of the locale, with the values filled in as that language writes them. */
export function text(locale: string, key: TextKey, values: Values = {}): string {
  const language = languageOf(locale);
  return languages.get(language)![key].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The text ${key} needs a value for ${name}.`);
    return written(value, language);
  });
}

/** A phrase for later. */
export const phrase = (key: TextKey, values: Values = {}): Phrase => ({ text: key, values });

/** What stands as words already, or is said in the language of the locale. */
export const inLocale = (locale: string, said: string | Phrase): string =>
  typeof said === 'string' ? said : text(locale, said.text, said.values);

function written(value: Value, language: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return value.toLocaleString(language);
  if ('date' in value)
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: value.timeZone }).format(
      new Date(value.date),
    );
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(value);
}
