import { type ListingDocument } from '../src/engine.ts';

/** A repeatable stream of numbers in 0…1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SERVICES =
  'haircut gardening babysitting bicycle repair cooking lessons translation plumbing painting sewing massage yoga guitar piano computer help carpentry cleaning moving driving photography baking knitting tutoring dog walking pet sitting accounting tailoring welding roofing tiling'.split(
    ' ',
  );
const SYLLABLES =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu'.split(
    ' ',
  );

/** Words as communities use them: few common ones, and a long tail of which new ones keep coming (Zipf). */
function vocabulary(random: () => number, size: number): string[] {
  const words = new Set(SERVICES);
  while (words.size < size)
    words.add(
      Array.from(
        { length: 2 + Math.floor(random() * 3) },
        () => SYLLABLES[Math.floor(random() * SYLLABLES.length)],
      ).join(''),
    );
  return [...words];
}

/** Listings of one community with words, categories, tags, prices and places spread as in a real directory. */
export function syntheticListings(communityId: string, number: number, seed = 1): ListingDocument[] {
  const random = seeded(seed);
  const uuid = (kind: number, index: number) =>
    `${String(kind).padStart(8, '0')}-0000-7000-8000-${String(index).padStart(12, '0')}`;
  const words = vocabulary(random, Math.round(5_000 + number / 5));
  const word = () => words[Math.floor(words.length ** random()) - 1 + (random() < 0.5 ? 0 : 1)] ?? words[0]!;
  const text = (least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least)) }, word).join(' ');
  return Array.from({ length: number }, (_, index) => {
    const leaf = Math.floor(random() * 200);
    return {
      communityId,
      listingId: uuid(1, index),
      memberId: uuid(2, Math.floor(random() * (number / 5))),
      kind: random() < 0.7 ? 'OFFER' : 'WANT',
      title: text(2, 6),
      description: text(10, 40),
      tags: [text(1, 2), text(1, 2)],
      categoryIds: [uuid(3, leaf), uuid(4, leaf % 20)],
      categoryNames: [`category${leaf}`, `area${leaf % 20}`],
      memberName: text(1, 2),
      reputationLevel: index % 6,
      terms: 'AFTER',
      price: BigInt(Math.floor(random() * 10_000)),
      priceTo: null,
      place: random() < 0.8 ? { latitude: 52 + random(), longitude: 13 + random() } : null,
      remote: random() < 0.1,
      language: 'en',
      publishedAt: new Date(1_760_000_000_000 + Math.floor(random() * 30_000_000) * 1_000),
      synonyms: [],
    };
  });
}
