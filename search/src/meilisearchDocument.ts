import { type Word } from './analysis/analyse.ts';
import { wellFormed } from './analysis/wellFormed.ts';
import { analyseDocument } from './analysedDocument.ts';
import { type ListingDocument, type Place } from './engine.ts';

/** A listing as Meilisearch keeps it. Listing ids are unique within a community only, so the key names both. */
export type MeilisearchDocument = ReturnType<typeof meilisearchDocument>;

/** `space` is the embedder of the index, `sense` what the listing means in it; without one it is found by its words. */
export function meilisearchDocument(document: ListingDocument, space?: string, sense?: Float32Array) {
  const { title, labels, description, synonyms } = analyseDocument(document);
  const { price, place } = document;
  return {
    key: documentKey(document.communityId, document.listingId),
    communityId: document.communityId,
    listingId: document.listingId,
    memberId: document.memberId,
    kind: document.kind,
    terms: document.terms,
    categoryIds: document.categoryIds,
    tags: document.tags.map(wellFormed),
    language: wellFormed(document.language),
    remote: document.remote,
    reputationLevel: document.reputationLevel,
    publishedAt: document.publishedAt.getTime(),
    // Left out where there is none: an absent value sorts last.
    ...(price !== null && { price: Number(price), priceTo: Number(document.priceTo ?? price) }),
    ...(place && { _geo: geo(place) }),
    title: wellFormed(document.title),
    titleStems: stems(title),
    labels: [...document.tags, ...document.categoryNames].map(wellFormed),
    labelStems: stems(labels),
    description: wellFormed(document.description),
    descriptionStems: stems(description),
    memberName: wellFormed(document.memberName),
    synonyms: stems(synonyms),
    // Null says that there is none; left out, the engine refuses the document.
    ...(space && { _vectors: { [space]: sense ? Array.from(sense) : null } }),
  };
}

export function documentKey(communityId: string, listingId: string): string {
  return `${communityId}_${listingId}`;
}

function geo({ latitude, longitude }: Place) {
  return { lat: latitude, lng: longitude };
}

function stems(words: Word[]): string {
  return words.map(({ stem }) => stem).join(' ');
}
