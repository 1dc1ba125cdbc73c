import { MARK_END, MARK_START } from '@kith/search';

/** A piece of a text, and whether it was asked for. */
export interface TextPart {
  text: string;
  marked: boolean;
}

const BEGINNING = 160;

/**
 * A title in pieces. The words of the row hold: what the index marked in another text, from before a change, is not shown.
 */
export function titleParts(title: string, marked: string | undefined): TextPart[] {
  const parts = partsOf(marked ?? '');
  return sameText(parts, title) ? parts : [{ text: title, marked: false }];
}

/** The part of the description that was found, in pieces; its beginning where nothing of it was, or it has changed since. */
export function snippetParts(description: string, marked: string | undefined): TextPart[] {
  const parts = partsOf(marked ?? '');
  const found = parts.map(({ text }) => text).join('');
  const plain = description.replace(/\s+/g, ' ').trim();
  if (found && plain.includes(found.replace(/^…|…$/g, ''))) return parts;
  if (!plain) return [];
  return [{ text: plain.length > BEGINNING ? `${beginning(plain)}…` : plain, marked: false }];
}

function partsOf(marked: string): TextPart[] {
  const pattern = new RegExp(`${MARK_START}([^${MARK_END}]*)${MARK_END}|([^${MARK_START}]+)`, 'gu');
  return [...marked.matchAll(pattern)].map(([, found, between]) => ({
    text: found ?? between ?? '',
    marked: found !== undefined,
  }));
}

const sameText = (parts: TextPart[], text: string) =>
  parts.length > 0 && parts.map((part) => part.text).join('') === text;

/** Ends at a word where there is one, and never inside a character. */
function beginning(text: string): string {
  const cut = [...text.slice(0, BEGINNING + 1)].slice(0, BEGINNING).join('');
  const space = cut.lastIndexOf(' ');
  return space > BEGINNING / 2 ? cut.slice(0, space) : cut;
}
