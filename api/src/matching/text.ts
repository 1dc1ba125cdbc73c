/** What matching reads of a listing's text: stems by field, with repeats. */
export interface Text {
  titleStems: string[];
  /** Of tags and category names. */
  labelStems: string[];
  descriptionStems: string[];
  /** Of what the community calls equal to the words of the listing. */
  synonymStems: string[];
}

/** The community's texts as a whole: how many there are, and in how many of them a stem stands. */
export interface Corpus {
  documents: number;
  frequencies: ReadonlyMap<string, number>;
}

/** How well the text of an offer answers the text of a want, 0…1. The port that understanding by meaning will fill. */
export type TextScore = (want: Text, offer: Text, corpus: Corpus) => { score: number; shared: string[] };

const ASKED = { titleStems: 1, labelStems: 0.4, descriptionStems: 0.2, synonymStems: 0 };
const FOUND = { titleStems: 3, labelStems: 1.5, descriptionStems: 1, synonymStems: 1.5 };
const FIELDS = ['titleStems', 'labelStems', 'descriptionStems', 'synonymStems'] as const;
const SATURATION = 1.2;
const WORDS_NAMED_MOST = 5;

/**
 * The share of what the want asks for that the offer names, each stem weighted by its rarity: the idf and the saturation of
 * BM25 (Robertson & Zaragoza 2009), over fields as in BM25F, divided by the most the want could reach.
 */
export const lexicalScore: TextScore = (want, offer, corpus) => {
  const asked = weigh(want, ASKED);
  const found = weigh(offer, FOUND);
  let reached = 0;
  let reachable = 0;
  const shared: [stem: string, worth: number][] = [];
  for (const [stem, weight] of asked) {
    const worth = weight * rarity(stem, corpus);
    reachable += worth;
    const frequency = found.get(stem) ?? 0;
    if (!frequency) continue;
    // A title names a thing once and means it: three title weights count as nearly whole.
    reached += (worth * frequency * (1 + SATURATION / 3)) / (frequency + SATURATION);
    shared.push([stem, worth]);
  }
  const score = reachable === 0 ? 0 : Math.min(1, reached / reachable);
  shared.sort(([a, worthOfA], [b, worthOfB]) => worthOfB - worthOfA || (a < b ? -1 : 1));
  return { score, shared: shared.slice(0, WORDS_NAMED_MOST).map(([stem]) => stem) };
};

function weigh(text: Text, weights: Record<(typeof FIELDS)[number], number>): Map<string, number> {
  const weighed = new Map<string, number>();
  for (const field of FIELDS) {
    if (!weights[field]) continue;
    for (const stem of text[field]) weighed.set(stem, (weighed.get(stem) ?? 0) + weights[field]);
  }
  return weighed;
}

function rarity(stem: string, { documents, frequencies }: Corpus): number {
  const frequency = Math.min(documents, frequencies.get(stem) ?? 1);
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
}
