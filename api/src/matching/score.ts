import { distanceKm, type Place } from '@kith/search';

/** What a score is made of. Each part is 0…1, or null where one of the two listings says nothing about it. */
export interface Parts {
  text: number;
  category: number;
  tags: number | null;
  price: number | null;
  distance: number | null;
  availability: number | null;
  language: number;
}

/** What the score reads of a listing beside its text. */
export interface Side {
  /** The categories the author ticked. */
  categoryIds: string[];
  /** Those and all above them. */
  categoryPath: string[];
  tags: string[];
  /** Minor units; a want's price is what its author would pay, an offer's what its author asks. */
  price: bigint | null;
  priceTo: bigint | null;
  place: Place | null;
  radiusKm: number | null;
  remote: boolean;
  availability: string[];
  language: string;
}

/** The one table of weights. `about` parts say whether it is the same thing, `fit` parts whether the two can do it together. */
export const WEIGHTS = {
  about: { text: 0.95, category: 0.45, tags: 0.4 },
  fit: { price: 0.3, distance: 0.35, availability: 0.2, language: 0.15 },
  /** What is left of a score when nothing fits but the thing itself. */
  leastFit: 0.5,
} as const;

/**
 * Below this a pair is not suggested. Of pairs judged by title alone, 42 % at this score share a category their authors ticked
 * (589 wants of 30 time banks; 14 % of the offers at random would).
 */
export const SCORE_LEAST = 0.3;

const REACH_STANDARD_KM = 15;

export function partsOf(want: Side, offer: Side, text: number): Parts {
  return {
    text,
    category: overlapOfCategories(want, offer),
    tags: share(want.tags, offer.tags),
    price: priceFit(want, offer),
    distance: distanceFit(want, offer),
    availability: share(want.availability, offer.availability),
    language: want.language === offer.language ? 1 : 0.3,
  };
}

/**
 * One number of the parts, 0…1. The `about` parts add like independent evidence (1 − ∏(1 − weight × part)); the known `fit`
 * parts are averaged by weight. A pair that cannot meet, or cannot afford it, scores 0.
 */
export function scoreOf(parts: Parts): number {
  if (parts.distance === 0 || parts.price === 0) return 0;
  const { about, fit, leastFit } = WEIGHTS;
  const same =
    1 - (1 - about.text * parts.text) * (1 - about.category * parts.category) * (1 - about.tags * (parts.tags ?? 0));
  let sum = 0;
  let weights = 0;
  for (const name of ['price', 'distance', 'availability', 'language'] as const) {
    const part = parts[name];
    if (part === null) continue;
    sum += fit[name] * part;
    weights += fit[name];
  }
  return same * (leastFit + (1 - leastFit) * (weights ? sum / weights : 1));
}

/** 1 for a category both ticked, half for one that only lies under the same parent. */
function overlapOfCategories(want: Side, offer: Side): number {
  if (!want.categoryIds.length || !offer.categoryIds.length) return 0;
  const ticked = new Set(offer.categoryIds);
  const same = want.categoryIds.filter((id) => ticked.has(id)).length;
  if (same) return same / Math.min(want.categoryIds.length, offer.categoryIds.length);
  const above = new Set(offer.categoryPath);
  return want.categoryPath.some((id) => above.has(id)) ? 0.5 / Math.max(want.categoryIds.length, 1) : 0;
}

function share(left: string[], right: string[]): number | null {
  if (!left.length || !right.length) return null;
  const known = new Set(right);
  return left.filter((one) => known.has(one)).length / Math.min(left.length, right.length);
}

/** 1 while the offer asks no more than the want would pay, 0 from twice that on. */
function priceFit(want: Side, offer: Side): number | null {
  const most = want.priceTo ?? want.price;
  if (most === null || offer.price === null) return null;
  if (offer.price <= most) return 1;
  return most === 0n ? 0 : Math.max(0, 2 - Number(offer.price) / Number(most));
}

/** 1 at the door or from afar by nature, falling to 0 where neither would travel to the other. */
function distanceFit(want: Side, offer: Side): number | null {
  if (want.remote || offer.remote) return 1;
  if (!want.place || !offer.place) return null;
  const reach = (want.radiusKm ?? REACH_STANDARD_KM) + (offer.radiusKm ?? REACH_STANDARD_KM);
  const km = distanceKm(want.place, offer.place);
  return reach === 0 ? (km === 0 ? 1 : 0) : Math.max(0, 1 - km / reach);
}
