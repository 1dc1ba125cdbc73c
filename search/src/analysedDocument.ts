import { analyse, type Word } from './analysis/analyse.ts';
import { synonymsIn } from './analysis/synonyms.ts';
import { type ListingDocument } from './engine.ts';

/** A listing's words by field, as every engine indexes them. */
export type AnalysedDocument = {
  title: Word[];
  /** Tags and category names. */
  labels: Word[];
  description: Word[];
  member: Word[];
  /** What the community's synonyms add. */
  synonyms: Word[];
};

export function analyseDocument(document: ListingDocument): AnalysedDocument {
  const { language } = document;
  const title = analyse(document.title, language);
  const labels = [...document.tags, ...document.categoryNames].flatMap((label) => analyse(label, language));
  const description = analyse(document.description, language);
  const member = analyse(document.memberName, language);
  const synonyms = addedBy(document.synonyms, language)([title, labels, description]);
  return { title, labels, description, member, synonyms };
}

type Sets = ListingDocument['synonyms'];
// The documents of one batch share their community's sets: prepared once for each language.
const prepared = new WeakMap<Sets, Map<string, ReturnType<typeof synonymsIn>>>();

function addedBy(sets: Sets, language: string): ReturnType<typeof synonymsIn> {
  const byLanguage = prepared.get(sets) ?? new Map();
  prepared.set(sets, byLanguage);
  if (!byLanguage.has(language)) byLanguage.set(language, synonymsIn(sets, language));
  return byLanguage.get(language);
}
