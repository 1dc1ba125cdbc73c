import { type AskedWord } from './analyse.ts';
import { fold } from './fold.ts';
import { isNear } from './nearness.ts';
import { stemOf } from './stem.ts';
import { type Token, tokenise } from './tokenise.ts';

/** Stand around what was found. Private-use characters: no text contains them once marked, so escaping HTML is safe after. */
export const MARK_START = '\uE000';
export const MARK_END = '\uE001';
const MARKS = /[\uE000\uE001]/g;

const SNIPPET_LETTERS = 160;

/** The text with what was asked for marked; undefined when nothing of it is there. */
export function highlight(text: string, language: string, asked: readonly AskedWord[]): string | undefined {
  const clean = text.replace(MARKS, '');
  const found = matches(clean, language, asked);
  return found.length ? marked(clean, found, 0, clean.length) : undefined;
}

/** The part of a longer text around the first word found, marked; undefined when nothing of it is there. */
export function snippet(text: string, language: string, asked: readonly AskedWord[]): string | undefined {
  const clean = text.replace(MARKS, '');
  const found = matches(clean, language, asked);
  if (!found.length) return undefined;
  const from = clean.length <= SNIPPET_LETTERS ? 0 : wordStart(clean, found[0]!.start - SNIPPET_LETTERS / 3);
  const to = Math.max(found[0]!.end, Math.min(clean.length, from + SNIPPET_LETTERS));
  const part = marked(clean, found, from, to).replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${part}${to < clean.length ? '…' : ''}`;
}

/** Marked text as HTML: everything escaped, what was found in `<mark>`. */
export function toHtml(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return escaped.replaceAll(MARK_START, '<mark>').replaceAll(MARK_END, '</mark>');
}

/** Only what was marked, in the order of the text. */
export function markedWords(text: string): string[] {
  return [...text.matchAll(/\uE000([^\uE001]*)\uE001/g)].map((match) => match[1]!);
}

function matches(text: string, language: string, asked: readonly AskedWord[]): Token[] {
  if (!asked.length) return [];
  const words = new Set(asked.map(({ word }) => word));
  const stems = new Set(asked.flatMap((one) => one.stems));
  const beginning = asked.find(({ isPrefix }) => isPrefix)?.word;
  const isAsked = ({ text: raw }: Token) => {
    const word = fold(raw);
    if (words.has(word) || (beginning !== undefined && word.startsWith(beginning))) return true;
    return stems.has(stemOf(raw, language));
  };
  const tokens = tokenise(text);
  const exact = tokens.filter(isAsked);
  // A misspelt query marks what is near it, but only where nothing is there as it was written.
  return exact.length ? exact : tokens.filter(({ text: raw }) => asked.some(({ word }) => isNear(word, fold(raw))));
}

function marked(text: string, found: readonly Token[], from: number, to: number): string {
  let result = '';
  let position = from;
  for (const { start, end } of found) {
    if (start < position || end > to) continue;
    result += `${text.slice(position, start)}${MARK_START}${text.slice(start, end)}${MARK_END}`;
    position = end;
  }
  return result + text.slice(position, to);
}

function wordStart(text: string, offset: number): number {
  const from = Math.max(0, Math.floor(offset));
  if (from === 0) return 0;
  const space = text.indexOf(' ', from);
  return space < 0 || space - from > 30 ? from : space + 1;
}
