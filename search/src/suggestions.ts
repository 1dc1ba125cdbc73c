import { type AskedWord } from './analysis/analyse.ts';
import { fold } from './analysis/fold.ts';
import { type SuggestOptions, type Titled } from './engine.ts';
import { highlight, markedWords } from './analysis/highlight.ts';

/** The titles to complete from, in the order found; of listings that have left the directory since, none. */
export async function titlesOf(
  hits: readonly Titled[],
  current: SuggestOptions['current'],
): Promise<readonly Titled[]> {
  if (!current || !hits.length) return hits;
  const rows = await current(hits.map(({ listingId }) => listingId));
  const byId = new Map(rows.map((row) => [row.listingId, row]));
  return hits.flatMap(({ listingId }) => byId.get(listingId) ?? []);
}

/** How many of the best titles completions are taken from. */
export const SUGGESTION_TITLES_MOST = 50;
const WORDS_MOST = 3;

/**
 * What someone may be about to type, from the titles their text finds so far: first the text with its last word completed
 * (or corrected) as the titles have it, commonest first, then whole titles. None is what was typed already.
 */
export function completions(
  text: string,
  titles: readonly { title: string; language: string }[],
  asked: readonly AskedWord[],
  most: number,
): string[] {
  const last = asked.at(-1)!;
  const typedBefore = text.trimEnd().slice(0, Math.max(0, text.trimEnd().search(/\S+$/)));
  const words = new Map<string, number>();
  const found: string[] = [];
  for (const { title, language } of titles) {
    // Some were found by their description: they complete nothing.
    if (highlight(title, language, asked)) found.push(title.trim());
    for (const word of markedWords(highlight(title, language, [last]) ?? ''))
      words.set(word.toLowerCase(), (words.get(word.toLowerCase()) ?? 0) + 1);
  }
  const commonest = [...words].sort(
    ([a, times], [b, others]) => others - times || a.length - b.length || (a < b ? -1 : 1),
  );

  const seen = new Set([fold(text.trim())]);
  const suggestions: string[] = [];
  const suggest = (suggestion: string) => {
    if (suggestions.length >= most || seen.has(fold(suggestion))) return;
    seen.add(fold(suggestion));
    suggestions.push(suggestion);
  };
  for (const [word] of commonest.slice(0, WORDS_MOST)) suggest(typedBefore + word);
  found.forEach(suggest);
  return suggestions;
}
