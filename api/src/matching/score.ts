import { categories, distanceKm, services, type Place } from '@kith/search';
import { CALIBRATION, TOGETHER, WEIGHTS, type Weights } from './weights.ts';

export { SCORE_LEAST, WEIGHTS } from './weights.ts';

/** What a score is made of. Each part is 0…1, or null where one of the two listings says nothing about it. */
export interface Parts {
  /** Words they have in common. */
  text: number;
  /** That they mean the same thing, whatever the words and the language. */
  meaning: number | null;
  /** That their authors would put them in a category in common, by their texts; null also where nothing was learned of categories. */
  topic: number | null;
  /** Categories that their authors ticked; where only one of them did, how likely the other would. */
  category: number;
  tags: number | null;
  price: number | null;
  distance: number | null;
  availability: number | null;
  language: number;
  /** The provider's. */
  reputation: number | null;
  /** What the two thought of the trades they had. */
  dealings: number | null;
}

/** What the embedder and the categories' model make of a listing's text. */
export interface Understanding {
  /** Its vector without its wording, of unit length. */
  sense: Float32Array;
  /** What it is about, of unit length. */
  traits: Float32Array;
  /** For categories of the community, how likely its author would tick them. */
  probabilities: ReadonlyMap<string, number>;
  /** Which services it is likely about; absent where none were learned for the embedder. */
  services?: services.Services | null;
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
  /** Absent while there is no embedder, or where it does not understand the text. */
  understood?: Understanding | null;
}

/** What other domains know of the two members, 0…1 each. */
export interface Acquaintance {
  reputation?: number | null;
  dealings?: number | null;
}

const REACH_STANDARD_KM = 15;

export function partsOf(
  want: Side,
  offer: Side,
  text: number,
  { reputation = null, dealings = null }: Acquaintance = {},
): Parts {
  const [wanted, offered] = [want.understood, offer.understood];
  return {
    text,
    meaning: wanted && offered ? meaningOf(wanted, offered) : null,
    topic: wanted?.traits.length && offered?.traits.length ? topicOf(wanted, offered) : null,
    category: overlapOfCategories(want, offer),
    tags: share(want.tags, offer.tags),
    price: priceFit(want, offer),
    distance: distanceFit(want, offer),
    availability: share(want.availability, offer.availability),
    language: want.language === offer.language ? 1 : 0.3,
    reputation,
    dealings,
  };
}

/**
 * One number of the parts, 0…1. Meaning and topic, which read the same two texts, are one piece of evidence; it and the other `about`
 * parts add like independent ones (1 − ∏(1 − weight × part)); the known `fit` parts are averaged by weight. What is known of the two members moves the odds of it. A pair that cannot meet, or cannot afford it, scores 0.
 */
export function scoreOf(parts: Parts, weights: Weights = WEIGHTS): number {
  if (parts.distance === 0 || parts.price === 0) return 0;
  const { about, fit, leastFit } = weights;
  const understood = togetherOf(parts, about);
  let other = 1 - (understood === null ? about.words : about.text) * parts.text;
  other *= 1 - TOGETHER.most * (understood ?? 0);
  for (const name of ['category', 'tags'] as const) other *= 1 - about[name] * (parts[name] ?? 0);
  let sum = 0;
  let known = 0;
  for (const name of ['price', 'distance', 'availability', 'language'] as const) {
    const part = parts[name];
    // A score that was stored before a part was known has none of it.
    if (part === null || part === undefined) continue;
    sum += fit[name] * part;
    known += fit[name];
  }
  return acquainted((1 - other) * (leastFit + (1 - leastFit) * (known ? sum / known : 1)), parts, fit);
}

/** What is known of the two members, at weight 1 and at its best, makes the odds of a score e² times as high. */
const ACQUAINTED = 4;

/** A good name always speaks for a pair, a bad one against it: ½, and what is not known, leave the score as it is. */
function acquainted(score: number, { reputation, dealings }: Parts, fit: Weights['fit']): number {
  const known = fit.reputation * ((reputation ?? 0.5) - 0.5) + fit.dealings * ((dealings ?? 0.5) - 0.5);
  const odds = Math.exp(ACQUAINTED * known);
  return (score * odds) / (1 - score + score * odds);
}

/** That it is the same thing, by what is understood of the texts; null where nothing is. */
function togetherOf({ meaning, topic }: Parts, about: Weights['about']): number | null {
  if (meaning === null) return null;
  if (topic === null) return meaning;
  return probability(about.meaning * logOdds(meaning) + about.topic * logOdds(topic) + TOGETHER.level);
}

const probability = (logOdds: number) => 1 / (1 + Math.exp(-logOdds));
/** No part is surer than 999 to 1. */
const logOdds = (part: number) => {
  const bounded = Math.min(0.999, Math.max(0.001, part));
  return Math.log(bounded / (1 - bounded));
};

/** By what the two texts say, and by the service that a need and its provider meet in, though they say nothing alike. */
function meaningOf(want: Understanding, offer: Understanding): number {
  const sense = dot(want.sense, offer.sense);
  if (!want.services || !offer.services) return calibrated('meaning', sense);
  const { slope, bias, affinity } = CALIBRATION.meaningAndServices;
  return probability(slope * sense + affinity * services.affinity(want.services, offer.services) + bias);
}

const topicOf = (want: Understanding, offer: Understanding) =>
  calibrated('topic', categories.likeness(want.traits, offer.traits));

const calibrated = (part: 'meaning' | 'topic', value: number) =>
  probability(CALIBRATION[part].slope * value + CALIBRATION[part].bias);

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

/** 1 for a category both ticked, half for one that only lies under the same parent. */
function overlapOfCategories(want: Side, offer: Side): number {
  if (!want.categoryIds.length) return expected(offer.categoryIds, want.understood);
  if (!offer.categoryIds.length) return expected(want.categoryIds, offer.understood);
  const ticked = new Set(offer.categoryIds);
  const same = want.categoryIds.filter((id) => ticked.has(id)).length;
  if (same) return same / Math.min(want.categoryIds.length, offer.categoryIds.length);
  const above = new Set(offer.categoryPath);
  return want.categoryPath.some((id) => above.has(id)) ? 0.5 / Math.max(want.categoryIds.length, 1) : 0;
}

/** The part of the ticked categories that the author of the other text would tick as well. */
function expected(ticked: string[], other: Understanding | null | undefined): number {
  if (!ticked.length || !other) return 0;
  return ticked.reduce((sum, id) => sum + (other.probabilities.get(id) ?? 0), 0) / ticked.length;
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
