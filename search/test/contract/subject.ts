import { MARK_END, MARK_START } from '../../src/analysis/highlight.ts';
import { type ListingDocument, type SearchEngine, type SearchQuery, type SearchResult } from '../../src/engine.ts';
import { type Database } from '../database.ts';
import { listing } from '../listing.ts';

type Given = Partial<ListingDocument> & { title: string };
type Asked = Partial<SearchQuery> & { text: string };

/** An engine under test, in a community of its own for every test. */
export class Subject {
  declare database: Database;
  declare engine: SearchEngine;
  declare communityId: string;

  async put(...given: (string | Given)[]): Promise<ListingDocument[]> {
    const documents = given.map((one) => listing(this.communityId, typeof one === 'string' ? { title: one } : one));
    await this.engine.index(documents);
    return documents;
  }

  found(query: Asked): Promise<SearchResult> {
    return this.engine.search(this.communityId, { languages: ['en'], ...query });
  }

  /** The titles of what was found, in the order of the answer. */
  async titles(documents: ListingDocument[], query: Asked): Promise<(string | undefined)[]> {
    const { hits } = await this.found(query);
    return hits.map((hit) => documents.find((document) => document.listingId === hit.listingId)?.title);
  }
}

/** Marked text with brackets, to read it in a test. */
export function visible(text?: string): string | undefined {
  return text?.replaceAll(MARK_START, '[').replaceAll(MARK_END, ']');
}
