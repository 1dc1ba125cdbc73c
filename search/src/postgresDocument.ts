import { type Word } from './analysis/analyse.ts';
import { analyseDocument } from './analysedDocument.ts';
import { type ListingDocument } from './engine.ts';

// Positions of two fields are apart, so that no phrase spans them; 16,383 is the last that PostgreSQL keeps.
const FIELD_GAP = 10;
const POSITION_MOST = 16_383;

/** A document as kith.search_write takes it. */
export function postgresDocument(document: ListingDocument) {
  const { title, labels, description, member, synonyms } = analyseDocument(document);
  const words = [title, labels, description, member, synonyms].flat();
  return {
    listing_id: document.listingId,
    member_id: document.memberId,
    kind: document.kind,
    reputation_level: document.reputationLevel,
    terms: document.terms,
    category_ids: document.categoryIds,
    tags: document.tags,
    language: document.language,
    price: document.price?.toString() ?? null,
    price_to: document.priceTo?.toString() ?? null,
    latitude: document.place?.latitude ?? null,
    longitude: document.place?.longitude ?? null,
    remote: document.remote,
    published_at: document.publishedAt.toISOString(),
    words: tsvector([
      { words: title, weight: 'A' },
      { words: labels, weight: 'B' },
      { words: description, weight: 'C' },
      { words: member, weight: 'C' },
      { words: synonyms, weight: 'D' },
    ]),
    title: document.title,
    description: document.description,
    title_stems: title.map(({ stem }) => stem),
    label_stems: labels.map(({ stem }) => stem),
    description_stems: description.map(({ stem }) => stem),
    synonym_stems: synonyms.map(({ stem }) => stem),
    dictionary: [...new Set(words.map(({ word, stem }) => `${word} ${stem}`))],
  };
}

/** A tsvector's text. Words carry no quotes or backslashes: analysis lets only letters, digits and marks through. */
function tsvector(fields: { words: Word[]; weight: string }[]): string {
  const positions = new Map<string, string[]>();
  let position = 0;
  for (const { words, weight } of fields) {
    for (const { word } of words) {
      position = Math.min(position + 1, POSITION_MOST);
      const places = positions.get(word);
      if (places) places.push(`${position}${weight}`);
      else positions.set(word, [`${position}${weight}`]);
    }
    position += FIELD_GAP;
  }
  return [...positions].map(([word, places]) => `'${word}':${places.join(',')}`).join(' ');
}
