import { unit } from '../categories/linear.ts';
import { senseOf, type Wording } from '../categories/wording.ts';

/** What people do for each other, thing by thing, and how texts that mean the same thing differ. */
export interface ServicesModel {
  /** What each is called, in English. */
  names: readonly string[];
  wording: Wording;
  /** The middle of each service's wants and offers without their wording, of unit length, one after another; a multiple of four numbers each. */
  centres: Float32Array;
}

/** Which services a text is likely about, likeliest first. */
export interface Services {
  places: Uint16Array;
  /** The square root of each one's probability. */
  amplitudes: Float32Array;
}

/** The services kept of a text: those behind them change no ranking. */
const KEPT = 32;
/** How sharply likenesses become probabilities. */
const SHARPNESS = 25;
/** Services are many and texts of each few: less of the wording is left standing than where single texts are compared. */
const RIDGE = 1;

export const withoutWording = (wording: Wording) => senseOf(wording, RIDGE);

/**
 * Tells of a text's vector which services it is about. A need and its provider, which say nothing alike, meet in the service that
 * both are likely about.
 */
export function servicesOf(model: ServicesModel): (vector: Float32Array) => Services {
  const sense = withoutWording(model.wording);
  return (vector) => {
    const weights = likenesses(model, sense(vector)).map((likeness) => Math.exp(SHARPNESS * (likeness - 1)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const places = Uint16Array.from(weights.keys())
      .sort((a, b) => weights[b]! - weights[a]!)
      .slice(0, KEPT);
    return { places, amplitudes: Float32Array.from(places, (place) => Math.sqrt(weights[place]! / sum)) };
  };
}

/** Of a sense to every centre; in four sums at a time, for this is what a text costs. */
function likenesses({ names, centres }: ServicesModel, sense: Float32Array): Float64Array {
  const found = new Float64Array(names.length);
  const dimensions = sense.length;
  for (let place = 0, start = 0; place < found.length; place++, start += dimensions) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let index = 0; index < dimensions; index += 4) {
      a += sense[index]! * centres[start + index]!;
      b += sense[index + 1]! * centres[start + index + 1]!;
      c += sense[index + 2]! * centres[start + index + 2]!;
      d += sense[index + 3]! * centres[start + index + 3]!;
    }
    found[place] = a + b + c + d;
  }
  return found;
}

/** How likely two texts are about one service, 0…1: the Bhattacharyya coefficient of their probabilities. */
export function affinity(one: Services, other: Services): number {
  return pairs(one, other).reduce((sum, { worth }) => sum + worth, 0);
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

/** The middle of a service: its wants count as much as its offers, however many there are of each. */
export function centreOf(wants: readonly Float32Array[], offers: readonly Float32Array[]): Float32Array {
  const sides = [wants, offers].filter(({ length }) => length).map((vectors) => unit(sumOf(vectors)));
  return unit(sumOf(sides));
}

function sumOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let index = 0; index < sum.length; index++) sum[index]! += vector[index]!;
  return sum;
}
