/** A longer text counts up to here: what it is about stands at its beginning, and nobody waits behind a book. */
export const TEXT_MOST = 2_000;

/** The first characters of a text, no character cut in two. */
export function firstCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  const isCutInTwo = (text.charCodeAt(most - 1) & 0xfc00) === 0xd800;
  return text.slice(0, isCutInTwo ? most - 1 : most);
}

export const hasLetters = (text: string) => /\p{L}/u.test(text);

/** Part of the model's id: raise it when `prepare` changes, for the vectors change with it. */
export const PREPARATION = 1;

/**
 * How a text goes into the embedded model. Numbers move its vectors more than words do, so that one sign, which hardly moves
 * them, stands for each: "2 hours" is "3 hours". It hardly knows words in capitals, so that all are small letters; and Arabic
 * with its vowels marked, so that they go.
 */
export function prepare(text: string): string {
  return firstCharacters(text, TEXT_MOST)
    .replace(/\p{Nd}+(?:[.,:]\p{Nd}+)*/gu, '#')
    .toLowerCase()
    .replaceAll(SMALL_DOTTED_I, 'i')
    .replace(ARABIC_MARKS, '');
}

/** What İ of Turkish becomes as a small letter. */
const SMALL_DOTTED_I = 'i\u0307';
/** Vowels, doubling, and the stroke that stretches a word. */
const ARABIC_MARKS = /[\u0640\u064b-\u0652\u0670]/g;
