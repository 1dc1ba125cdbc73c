import { analyse, type Word } from './analyse.ts';

const ADDED_MOST = 200;

type Term = { stems: string[]; others: Word[] };

/**
 * Prepares a community's sets of equal terms ("bike, bicycle, push bike") for texts of one language. The answer gives, for
 * the texts of one listing, the words to index besides its own; a term of several words counts where they stand together.
 */
export function synonymsIn(sets: readonly (readonly string[])[], language: string): (texts: Word[][]) => Word[] {
  const byFirstStem = new Map<string, Term[]>();
  for (const set of sets) {
    const terms = set.map((term) => analyse(term, language)).filter((words) => words.length > 0);
    terms.forEach((words, index) => {
      const others = terms.flatMap((other, position) => (position === index ? [] : other));
      const first = words[0]!.stem;
      byFirstStem.set(first, [...(byFirstStem.get(first) ?? []), { stems: words.map(({ stem }) => stem), others }]);
    });
  }
  return (texts) => {
    if (byFirstStem.size === 0) return [];
    const own = new Set(texts.flat().map(({ word }) => word));
    const added = new Map<string, Word>();
    for (const text of texts)
      for (const [position, { stem }] of text.entries())
        for (const term of byFirstStem.get(stem) ?? []) {
          if (!standsAt(text, position, term.stems)) continue;
          for (const word of term.others) if (!own.has(word.word)) added.set(`${word.word} ${word.stem}`, word);
        }
    return [...added.values()].slice(0, ADDED_MOST);
  };
}

function standsAt(text: Word[], position: number, stems: string[]): boolean {
  return stems.every((stem, index) => text[position + index]?.stem === stem);
}
