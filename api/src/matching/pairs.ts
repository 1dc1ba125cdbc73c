import { EmbedderUnavailable, type ListingMeaning } from '@kith/search';
import { searchIndex } from '../searchIndex.ts';
import { acquaintances } from './acquaintance.ts';
import { weightsOf } from './communityWeights.ts';
import { reasonsFor, type Reason } from './reasons.ts';
import { partsOf, scoreOf, type Parts, type Understanding } from './score.ts';
import { Sides, treeOf, type CandidateSide, type Tree } from './sides.ts';
import { lexicalScore } from './text.ts';
import type { Weights } from './weights.ts';

/** How many are looked at because they share words, and because they mean the same. */
const BY_WORDS_MOST = 100;
const BY_MEANING_MOST = 100;

/** A want and an offer with their score, ready to be stored. */
export interface Pair {
  want: CandidateSide;
  offer: CandidateSide;
  memberId: string;
  score: number;
  parts: Parts;
  reasons: Reason[];
}

/** What all pairs of one job are scored by. */
export interface Scoring {
  tree: Tree;
  sides: Sides;
  weights: Weights;
}

export async function scoringOf(communityId: string): Promise<Scoring> {
  const [tree, weights] = await Promise.all([treeOf(communityId), weightsOf(communityId)]);
  return { tree, sides: new Sides(communityId, tree), weights };
}

/**
 * The listing with each of its possible counterparts: those that share words with it, mean the same, stand in its categories, or were
 * paired with it before. With `only` these are among them, whatever they say.
 */
export async function pairsOf(
  communityId: string,
  listingId: string,
  kind: 'OFFER' | 'WANT',
  { tree, sides, weights }: Scoring,
  only?: string[],
): Promise<{ pairs: Pair[]; isPaired: boolean }> {
  const counterpart = kind === 'WANT' ? 'OFFER' : 'WANT';
  const [found, near] = await Promise.all([
    searchIndex.candidates(communityId, listingId, { kind: counterpart, most: BY_WORDS_MOST, ...(only && { only }) }),
    quietly([], () =>
      searchIndex.meaning.nearest(communityId, listingId, { kind: counterpart, most: BY_MEANING_MOST }),
    ),
  ]);
  const ids = only ?? [...found.candidates, ...near].map((candidate) => candidate.listingId);
  const { own, others, isPaired } = await sides.around(listingId, ids);
  if (!own) return { pairs: [], isPaired };
  const otherIds = others.map(({ memberId }) => memberId);
  const [known] = await Promise.all([
    acquaintances(communityId, { memberId: own.memberId, provides: kind === 'OFFER', otherIds }),
    understand(communityId, [own, ...others], tree),
  ]);
  const texts = new Map(found.candidates.map((candidate) => [candidate.listingId, candidate]));
  const pairs = others.map((other) => {
    const [want, offer] = kind === 'WANT' ? [own, other] : [other, own];
    const text = texts.get(other.listingId);
    const { score: textScore, shared } = !text
      ? { score: 0, shared: [] }
      : kind === 'WANT'
        ? lexicalScore(found.asked, text, found.corpus)
        : lexicalScore(text, found.asked, found.corpus);
    const parts = partsOf(want, offer, textScore, known(other.memberId));
    return {
      want,
      offer,
      memberId: other.memberId,
      parts,
      score: scoreOf(parts, weights),
      reasons: reasonsFor(want, offer, parts, searchIndex.wordsOf(want, shared)),
    };
  });
  return { pairs, isPaired };
}

async function understand(communityId: string, sides: CandidateSide[], tree: Tree) {
  const meanings = await quietly(new Map<string, ListingMeaning>(), () =>
    searchIndex.meaning.meanings(
      communityId,
      sides.map(({ listingId }) => listingId),
    ),
  );
  for (const side of sides) side.understood = understandingOf(meanings.get(side.listingId), tree);
}

/** While what understands texts is out, words serve. */
async function quietly<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof EmbedderUnavailable) return otherwise;
    throw error;
  }
}

function understandingOf(meaning: ListingMeaning | undefined, { ids }: Tree): Understanding | null {
  if (!meaning) return null;
  const probabilities = new Map<string, number>();
  for (const [key, probability] of meaning.probabilities) {
    const id = ids.get(key);
    if (id) probabilities.set(id, probability);
  }
  const { sense, traits, services } = meaning;
  return { sense, traits, services, probabilities };
}
