import { createHash } from 'node:crypto';
import { wellFormed } from '../analysis/wellFormed.ts';
import { firstCharacters } from './prepare.ts';

/** Part of every text's hash: raise it when what goes into a vector changes. */
const COMPOSITION = 1;
/** The beginning of a description says what a listing is about; the rest, on what terms. */
const DESCRIPTION_MOST = 400;
/** The title names the thing; the description counts a third of it all, and alone where the title says nothing. */
const TITLE_WEIGHT = 2;

/** What of a listing is understood, and the hash that tells it from every other text. */
export interface Composed {
  hash: Buffer;
  title: string;
  description: string;
}

export function compose(listing: { title: string; description: string }): Composed {
  const title = wellFormed(listing.title).trim();
  const description = firstCharacters(wellFormed(listing.description).trim(), DESCRIPTION_MOST);
  const hash = createHash('sha256')
    .update(JSON.stringify([COMPOSITION, title, description]))
    .digest();
  return { hash, title, description };
}

/** The vector of a listing, of those of its title and its description; null where neither is understood. */
export function joined(title: Float32Array | null, description: Float32Array | null): Float32Array | null {
  if (!title || !description) return title ?? description;
  const sum = title.map((value, index) => TITLE_WEIGHT * value + description[index]!);
  const length = Math.hypot(...sum);
  return length > 0 ? sum.map((value) => value / length) : title;
}
