import {
  analyse,
  distanceKm,
  isNear,
  synonymsIn,
  type AskedWord,
  type ListingDocument,
  type SearchFilter,
} from '@kith/search';

/** A listing as a search kept or made by an outsider meets it: its document, and every word by which it is found. */
export interface Found {
  document: ListingDocument;
  words: ReadonlySet<string>;
  stems: ReadonlySet<string>;
}

/** Reads a listing's texts as the index does. */
export function read(document: ListingDocument): Found {
  const { language, title, description, tags, categoryNames, memberName, synonyms } = document;
  const labels = [...tags, ...categoryNames].flatMap((label) => analyse(label, language));
  const texts = [analyse(title, language), labels, analyse(description, language)];
  const all = [...texts.flat(), ...analyse(memberName, language), ...synonymsIn(synonyms, language)(texts)];
  return { document, words: new Set(all.map(({ word }) => word)), stems: new Set(all.map(({ stem }) => stem)) };
}

/** Whether every condition of the filter holds, by the rules of the port: without a price or a place a filter on it fails. */
export function passes(filter: SearchFilter, document: ListingDocument): boolean {
  const { kind, categoryIds, tags, languages, terms, remote, priceFrom, priceTo, near, reputationLevelFrom } = filter;
  const { price, place, reputationLevel } = document;
  return (
    (!kind || kind === document.kind) &&
    (!categoryIds || categoryIds.some((id) => document.categoryIds.includes(id))) &&
    (!tags || tags.every((tag) => document.tags.includes(tag))) &&
    (!languages || languages.includes(document.language)) &&
    (!terms || terms.includes(document.terms)) &&
    (remote === undefined || remote === document.remote) &&
    (priceFrom === undefined || (price !== null && (document.priceTo ?? price) >= priceFrom)) &&
    (priceTo === undefined || (price !== null && price <= priceTo)) &&
    (reputationLevelFrom === undefined || reputationLevel >= reputationLevelFrom) &&
    (!near || (place !== null && distanceKm(place, near) <= near.withinKm))
  );
}

/**
 * Whether a listing says everything that was asked: YES when each word stands in it, itself or inflected; NEARLY when some
 * are only near one of its words, which is a typing mistake or another word: that the index knows.
 */
export function says({ words, stems }: Found, asked: readonly AskedWord[]): 'YES' | 'NEARLY' | 'NO' {
  const has = (word: AskedWord) =>
    words.has(word.word) ||
    word.stems.some((stem) => stems.has(stem)) ||
    (word.isPrefix && [...words].some((other) => other.startsWith(word.word)));
  const missing = asked.filter((word) => !has(word));
  if (!missing.length) return 'YES';
  return missing.every(({ word }) => [...words].some((other) => isNear(word, other))) ? 'NEARLY' : 'NO';
}
