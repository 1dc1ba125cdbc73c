import { type TenantPool } from '@kith/db';
import { stemOf } from './analysis/stem.ts';
import { tokenise } from './analysis/tokenise.ts';
import { connectionOf } from './connection.ts';
import { type ListingKind } from './engine.ts';

/** The stems of a listing by field, in order and with repeats. */
export type ListingStems = {
  listingId: string;
  titleStems: string[];
  /** Of tags and category names. */
  labelStems: string[];
  descriptionStems: string[];
  /** Of what the community's synonyms add. */
  synonymStems: string[];
};

export type Candidates = {
  /** The listing asked about; without any stem while it is not in the index. */
  asked: ListingStems;
  /** Likeliest first. None is of the same member. */
  candidates: ListingStems[];
  /** All searchable listings of the community, and in how many stands each stem of the one asked about, at most. */
  corpus: { documents: number; frequencies: Map<string, number> };
};

/** `only`: these listings, whether they share a word or not. */
export type CandidatesAsked = { kind: ListingKind; most: number; only?: readonly string[] };

/**
 * Listings of a kind that share a word, a stem or a synonym with this one, with what is needed to weigh them (BM25).
 * Always from the embedded index, which is as old as the last `indexListings`.
 */
export async function candidates(
  pool: TenantPool,
  communityId: string,
  listingId: string,
  { kind, most, only }: CandidatesAsked,
): Promise<Candidates> {
  const connection = connectionOf(pool, communityId);
  const run = async (text: string, values: unknown[]) => (await connection.query(text, values)).rows;
  const [found, own] = await Promise.all([
    only
      ? run(STEMS, [communityId, only])
      : run('select * from kith.search_candidates($1, $2, $3)', [listingId, kind, most]),
    run(STEMS, [communityId, [listingId]]),
  ]);
  const asked = own[0] ? stemsOf(own[0]) : unknown(listingId);
  const stems = [asked.titleStems, asked.labelStems, asked.descriptionStems, asked.synonymStems].flat();
  const [{ listings: documents }, ...counted] = await run(FREQUENCIES, [communityId, [...new Set(stems)]]);
  const frequencies = new Map<string, number>(counted.map(({ stem, listings }) => [stem, listings]));
  return { asked, candidates: found.map(stemsOf), corpus: { documents, frequencies } };
}

/** The words of a listing's title and tags, as written but in lower case, whose stems are among these: to name them to people. */
export function wordsOf(
  { title, tags = [], language }: { title: string; tags?: readonly string[]; language: string },
  stems: readonly string[],
): string[] {
  const wanted = new Set(stems);
  const named = new Map<string, string>();
  for (const { text } of [title, ...tags].flatMap(tokenise)) {
    const stem = stemOf(text, language);
    if (wanted.has(stem) && !named.has(stem)) named.set(stem, text);
  }
  return stems.flatMap((stem) => named.get(stem) ?? []);
}

const STEMS = `
  select listing_id, title_stems, label_stems, description_stems, synonym_stems
  from search_texts where community_id = $1 and listing_id = any ($2::uuid[])`;

// The first row is the number of listings; no stem is more frequent than that. Words of one stem in one listing count twice.
const FREQUENCIES = `
  with total as (select coalesce((select listings from search_totals where community_id = $1), 0) as listings)
  select null as stem, listings from total
  union all
  select w.stem, least((select listings from total), sum(w.listings))::integer from search_words w
  where w.community_id = $1 and w.stem = any ($2::text[]) group by w.stem`;

type Row = {
  listing_id: string;
  title_stems: string[];
  label_stems: string[];
  description_stems: string[];
  synonym_stems: string[];
};

function stemsOf(row: Row): ListingStems {
  return {
    listingId: row.listing_id,
    titleStems: row.title_stems,
    labelStems: row.label_stems,
    descriptionStems: row.description_stems,
    synonymStems: row.synonym_stems,
  };
}

function unknown(listingId: string): ListingStems {
  return { listingId, titleStems: [], labelStems: [], descriptionStems: [], synonymStems: [] };
}
