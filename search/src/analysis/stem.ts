import { stemmer as arabic } from '@orama/stemmers/arabic';
import { stemmer as armenian } from '@orama/stemmers/armenian';
import { stemmer as bulgarian } from '@orama/stemmers/bulgarian';
import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as greek } from '@orama/stemmers/greek';
import { stemmer as hindi } from '@orama/stemmers/indian';
import { stemmer as hungarian } from '@orama/stemmers/hungarian';
import { stemmer as indonesian } from '@orama/stemmers/indonesian';
import { stemmer as irish } from '@orama/stemmers/irish';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as lithuanian } from '@orama/stemmers/lithuanian';
import { stemmer as nepali } from '@orama/stemmers/nepali';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as romanian } from '@orama/stemmers/romanian';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as serbian } from '@orama/stemmers/serbian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stemmer as tamil } from '@orama/stemmers/tamil';
import { stemmer as turkish } from '@orama/stemmers/turkish';
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian';
import { fold } from './fold.ts';

type Stemmer = (word: string) => string;
type Script = 'latin' | 'cyrillic' | 'greek' | 'arabic' | 'armenian' | 'devanagari' | 'tamil' | 'other';

const STEMMERS: Record<string, { script: Script; stem: Stemmer }> = {
  ar: { script: 'arabic', stem: arabic },
  bg: { script: 'cyrillic', stem: bulgarian },
  da: { script: 'latin', stem: danish },
  de: { script: 'latin', stem: german },
  el: { script: 'greek', stem: greek },
  en: { script: 'latin', stem: english },
  es: { script: 'latin', stem: spanish },
  fi: { script: 'latin', stem: finnish },
  fr: { script: 'latin', stem: french },
  ga: { script: 'latin', stem: irish },
  hi: { script: 'devanagari', stem: hindi },
  hu: { script: 'latin', stem: hungarian },
  hy: { script: 'armenian', stem: armenian },
  id: { script: 'latin', stem: indonesian },
  it: { script: 'latin', stem: italian },
  lt: { script: 'latin', stem: lithuanian },
  nb: { script: 'latin', stem: norwegian },
  ne: { script: 'devanagari', stem: nepali },
  nl: { script: 'latin', stem: dutch },
  no: { script: 'latin', stem: norwegian },
  pt: { script: 'latin', stem: portuguese },
  ro: { script: 'latin', stem: romanian },
  ru: { script: 'cyrillic', stem: russian },
  sr: { script: 'cyrillic', stem: serbian },
  sv: { script: 'latin', stem: swedish },
  ta: { script: 'tamil', stem: tamil },
  tr: { script: 'latin', stem: turkish },
  uk: { script: 'cyrillic', stem: ukrainian },
};

// Who stems a word whose script none of the given languages writes: "Photoshop" in a Russian listing.
const BY_SCRIPT: Partial<Record<Script, string>> = {
  latin: 'en',
  cyrillic: 'ru',
  greek: 'el',
  arabic: 'ar',
  armenian: 'hy',
  devanagari: 'hi',
  tamil: 'ta',
};

const SCRIPTS: [RegExp, Script][] = [
  [/\p{Script=Latin}/u, 'latin'],
  [/\p{Script=Cyrillic}/u, 'cyrillic'],
  [/\p{Script=Greek}/u, 'greek'],
  [/\p{Script=Arabic}/u, 'arabic'],
  [/\p{Script=Armenian}/u, 'armenian'],
  [/\p{Script=Devanagari}/u, 'devanagari'],
  [/\p{Script=Tamil}/u, 'tamil'],
];

/** 'de' of 'de-AT' or 'DE_at'. */
export function languageOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0]!;
}

const REMEMBERED_MOST = 50_000;
const remembered = new Map<string, Map<string, string>>();

/**
 * The stem of a lower-case word with its accents, folded. Snowball's rules need the accents, so folding comes last.
 * A language without a stemmer leaves the word as it is; a word in another script goes by that script.
 */
export function stemOf(word: string, language: string): string {
  let stems = remembered.get(language);
  // Languages are what listings say: a new map for each must not go on for ever either.
  if (!stems || stems.size >= REMEMBERED_MOST) {
    if (remembered.size >= 100) remembered.clear();
    remembered.set(language, (stems = new Map()));
  }
  let stem = stems.get(word);
  if (stem === undefined) stems.set(word, (stem = fold(stemmed(word, language)) || fold(word)));
  return stem;
}

function stemmed(word: string, language: string): string {
  const script = scriptOf(word);
  if (/\p{N}/u.test(word)) return word;
  const own = STEMMERS[languageOf(language)];
  if (own?.script === script) return own.stem(word);
  // A language of this script that has no stemmer must not be cut by another's rules.
  if (!own && script === 'latin') return word;
  return STEMMERS[BY_SCRIPT[script] ?? '']?.stem(word) ?? word;
}

function scriptOf(word: string): Script {
  if (/^[a-z]/.test(word)) return 'latin';
  return SCRIPTS.find(([letters]) => letters.test(word.charAt(0)))?.[1] ?? 'other';
}
