import { fold } from './fold.ts';
import { stemOf } from './stem.ts';
import { isStopWord } from './stopWords.ts';
import { tokenise } from './tokenise.ts';

/** A word as it is searched: `word` is folded, `stem` is what its inflected forms share. Both are free of spaces and quotes. */
export type Word = { word: string; stem: string };

/** What is kept of one text at most. */
export const WORDS_MOST = 2_000;

/**
 * The words of a text that carry meaning, in order and with repeats, stemmed by the language of the text (a BCP 47 tag).
 * Search and matching read every text through this, so that they agree on what a word is.
 */
export function analyse(text: string, language: string): Word[] {
  const words: Word[] = [];
  for (const { text: raw } of tokenise(text)) {
    const word = fold(raw);
    if (!word || isStopWord(word, language)) continue;
    words.push({ word, stem: stemOf(raw, language) });
    if (words.length === WORDS_MOST) break;
  }
  return words;
}

/** What was asked for: each word with its stems in the languages of whoever asks; the last may still be being typed. */
export type AskedWord = { word: string; stems: string[]; isPrefix: boolean };

export const ASKED_WORDS_MOST = 12;

/** A query's words. Stop words go, unless nothing else was said; the last word counts as a beginning unless a space follows it. */
export function analyseQuery(text: string, languages: readonly string[]): AskedWord[] {
  const asked = new Map<string, AskedWord>();
  const tokens = tokenise(text);
  const meaningful = tokens.filter(({ text: raw }) => !languages.some((language) => isStopWord(fold(raw), language)));
  const last = tokens.at(-1);
  for (const token of meaningful.length ? meaningful : tokens) {
    const word = fold(token.text);
    if (!word) continue;
    // Without any language, scripts that have one of their own are stemmed by it.
    const stems = [...new Set((languages.length ? languages : ['']).map((language) => stemOf(token.text, language)))];
    const isPrefix = token === last && token.end === text.length;
    asked.set(word, { word, stems, isPrefix: isPrefix || (asked.get(word)?.isPrefix ?? false) });
    if (asked.size === ASKED_WORDS_MOST) break;
  }
  return [...asked.values()];
}
