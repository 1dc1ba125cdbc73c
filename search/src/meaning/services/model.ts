import { unit } from '../categories/linear.ts';
import { senseOf, type Wording } from '../categories/wording.ts';

/** What people do for each other, thing by thing, and how texts that mean the same thing differ. */
export interface ServicesModel {
  /** What each is called, in English. */
  names: readonly string[];
  wording: Wording;
  /** A direction of each service for wants and one for offers, one after another; a multiple of four numbers each. */
  directions: Record<Kind, Float32Array>;
  /** Added to what a text has in the direction of each service: together its logit. */
  levels: Float32Array;
}

/** Of a listing. */
export type Kind = 'WANT' | 'OFFER';

/** Which services a text is likely about, likeliest first. */
export interface Services {
  places: Uint16Array;
  /** The square root of each one's probability. */
  amplitudes: Float32Array;
}

/** The services kept of a text: those behind them change no ranking. */
const KEPT = 32;
/** How sharply likenesses to the middles of services become probabilities. */
const SHARPNESS = 40;
/** As where single texts are compared. */
const RIDGE = 3;

export const withoutWording = (wording: Wording) => senseOf(wording, RIDGE);

/**
 * Tells of a text's vector which services it is about. A need and its provider, which say nothing alike, meet in the service that
 * both are likely about.
 */
export function servicesOf({
  wording,
  directions,
  levels,
}: ServicesModel): (vector: Float32Array, kind: Kind) => Services {
  const sense = withoutWording(wording);
  return (vector, kind) => {
    const logits = products(directions[kind], sense(vector)).map((product, place) => product + levels[place]!);
    const most = logits.reduce((one, other) => Math.max(one, other));
    const weights = logits.map((logit) => Math.exp(logit - most));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const places = Uint16Array.from(weights.keys())
      .sort((a, b) => weights[b]! - weights[a]!)
      .slice(0, KEPT);
    return { places, amplitudes: Float32Array.from(places, (place) => Math.sqrt(weights[place]! / sum)) };
  };
}

/** Of a sense with every direction; in four sums at a time, for this is what a text costs. */
function products(directions: Float32Array, sense: Float32Array): Float64Array {
  const dimensions = sense.length;
  const found = new Float64Array(directions.length / dimensions);
  for (let place = 0, start = 0; place < found.length; place++, start += dimensions) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let index = 0; index < dimensions; index += 4) {
      a += sense[index]! * directions[start + index]!;
      b += sense[index + 1]! * directions[start + index + 1]!;
      c += sense[index + 2]! * directions[start + index + 2]!;
      d += sense[index + 3]! * directions[start + index + 3]!;
    }
    found[place] = a + b + c + d;
  }
  return found;
}

/** How likely two texts are about one service, 0…1: the Bhattacharyya coefficient of their probabilities. */
export function affinity(one: Services, other: Services): number {
  return pairs(one, other).reduce((sum, { worth }) => sum + worth, 0);
}

/** The affinity of one text with many, by one look at each of their services. */
export function affinitiesWith({ places, amplitudes }: Services): (other: Services) => number {
  const known = new Float32Array(Math.max(0, ...places) + 1);
  places.forEach((place, index) => (known[place] = amplitudes[index]!));
  return (other) => {
    let sum = 0;
    for (let index = 0; index < other.places.length; index++)
      sum += (known[other.places[index]!] ?? 0) * other.amplitudes[index]!;
    return sum;
  };
}

/** The service that two texts are most likely both about, and what part of 1 it is likely; undefined where they have none in common. */
export function sharedService(one: Services, other: Services): { place: number; worth: number } | undefined {
  return pairs(one, other).reduce<{ place: number; worth: number } | undefined>(
    (best, pair) => (best && best.worth >= pair.worth ? best : pair),
    undefined,
  );
}

function pairs(one: Services, other: Services): { place: number; worth: number }[] {
  const found: { place: number; worth: number }[] = [];
  for (let index = 0; index < one.places.length; index++) {
    const at = other.places.indexOf(one.places[index]!);
    if (at >= 0) found.push({ place: one.places[index]!, worth: one.amplitudes[index]! * other.amplitudes[at]! });
  }
  return found;
}

/**
 * The directions of a service by its texts without their wording, before services are told apart: for wants half the middle of its
 * wants, half that of all, where wants count as much as offers, however many there are of each; for offers likewise.
 */
export function middlesOf(wants: readonly Float32Array[], offers: readonly Float32Array[]): Record<Kind, Float32Array> {
  const [want, offer] = [unit(sumOf(wants)), unit(sumOf(offers))];
  const both = unit(sumOf([want, offer]));
  const halfway = (own: Float32Array) => own.map((value, index) => (SHARPNESS * (value + both[index]!)) / 2);
  return { WANT: halfway(want), OFFER: halfway(offer) };
}

function sumOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let index = 0; index < sum.length; index++) sum[index]! += vector[index]!;
  return sum;
}
