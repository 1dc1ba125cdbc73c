import { randomUUID } from 'node:crypto';
import { type ListingDocument } from '../src/engine.ts';

let made = 0;

/** A published listing with only what a test says of it. Each is a minute older than the one made before. */
export function listing(communityId: string, given: Partial<ListingDocument> & { title: string }): ListingDocument {
  return {
    communityId,
    listingId: randomUUID(),
    memberId: randomUUID(),
    kind: 'OFFER',
    description: '',
    tags: [],
    categoryIds: [],
    categoryNames: [],
    memberName: 'Robin',
    reputationLevel: 0,
    terms: 'AFTER',
    price: null,
    priceTo: null,
    place: null,
    remote: false,
    language: 'en',
    publishedAt: new Date(Date.UTC(2026, 0, 1) - ++made * 60_000),
    synonyms: [],
    ...given,
  };
}
