/** A word as it stands in the text: `start` and `end` are offsets into it, `text` is lower case with its accents. */
export type Token = { text: string; start: number; end: number };

/** What is read of one text at most, so that a hostile one costs no more than a long one. */
export const TEXT_LETTERS_MOST = 20_000;
export const WORD_LETTERS_MOST = 64;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’ʼ`´][\p{L}\p{N}\p{M}]+)*/gu;
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const APOSTROPHE = /['’ʼ`´]/g;
const ELISION = /^(?:[ldjmtsnc]|qu|un|all|dell|nell|sull)['’ʼ`´](?=..)/;
const POSSESSIVE = /['’ʼ`´]s$/;

/** The words of a text, in order. Scripts without spaces are cut by the dictionary that comes with the runtime. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.slice(0, TEXT_LETTERS_MOST).matchAll(WORD)) {
    const raw = match[0];
    if (SPACELESS.test(raw)) tokens.push(...segments(raw, match.index));
    else tokens.push({ text: bare(raw.toLowerCase()), start: match.index, end: match.index + raw.length });
  }
  return tokens;
}

/** "boy's" is boy, "l'école" is école, "don't" is dont. */
function bare(word: string): string {
  const cut = word.slice(0, WORD_LETTERS_MOST);
  if (!/['’ʼ`´]/.test(cut)) return cut;
  return cut.replace(POSSESSIVE, '').replace(ELISION, '').replace(APOSTROPHE, '');
}

// Made at the first need: it loads a dictionary, and most communities never write such a script.
let segmenter: Intl.Segmenter | undefined;

function segments(run: string, offset: number): Token[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const tokens: Token[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(run)) {
    if (!isWordLike) continue;
    const start = offset + index;
    tokens.push({ text: segment.toLowerCase().slice(0, WORD_LETTERS_MOST), start, end: start + segment.length });
  }
  return tokens;
}
