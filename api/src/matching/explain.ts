import type { Member } from '../context.ts';
import { prisma } from '../db.ts';
import { notFound } from '../errors.ts';
import { pairsOf, scoringOf, type Pair, type Scoring } from './pairs.ts';
import type { Reason } from './reasons.ts';
import { SCORE_LEAST, scoreOf, type Parts } from './score.ts';
import type { Weights } from './weights.ts';

export interface PartExplained {
  name: keyof Parts;
  value: number | null;
  weight: number;
  /** How much of the score it brings: what the score would lack if the part were not known. Below zero where it takes away. */
  contribution: number;
}
export interface Explanation {
  communityId: string;
  wantId: string;
  offerId: string;
  score: number;
  least: number;
  passes: boolean;
  parts: PartExplained[];
  reasons: Reason[];
}

/** How a want and an offer of the community fit, as matching would score them now, whether they were suggested or not. */
export async function explainMatch(
  { communityId }: Member,
  { wantId, offerId }: { wantId: string; offerId: string },
): Promise<Explanation> {
  const rows = await prisma.listing.findMany({
    where: { communityId, id: { in: [wantId, offerId] }, state: 'PUBLISHED' },
    select: { id: true, kind: true },
  });
  const kindOf = new Map(rows.map(({ id, kind }) => [id, kind]));
  if (kindOf.get(wantId) !== 'WANT') throw notFound('published want');
  if (kindOf.get(offerId) !== 'OFFER') throw notFound('published offer');
  const scoring = await scoringOf(communityId);
  const { pairs } = await pairsOf(communityId, wantId, 'WANT', scoring, [offerId]);
  const pair = pairs.find(({ offer }) => offer.listingId === offerId);
  if (!pair) throw notFound('pair of listings of two active members');
  return explained(communityId, pair, scoring);
}

const COUNTERPARTS_MOST = 10;

/** The best counterparts of a published listing, as matching would score them now, also those that do not reach the minimum. */
export async function explainMatches({ communityId }: Member, listingId: string): Promise<Explanation[]> {
  const listing = await prisma.listing.findFirst({
    where: { communityId, id: listingId, state: 'PUBLISHED' },
    select: { kind: true },
  });
  if (!listing) throw notFound('published listing');
  const scoring = await scoringOf(communityId);
  const { pairs } = await pairsOf(communityId, listingId, listing.kind, scoring);
  const best = pairs.sort((a, b) => b.score - a.score).slice(0, COUNTERPARTS_MOST);
  return best.map((pair) => explained(communityId, pair, scoring));
}

function explained(
  communityId: string,
  { want, offer, score, parts, reasons }: Pair,
  { weights }: Scoring,
): Explanation {
  return {
    ...{ communityId, wantId: want.listingId, offerId: offer.listingId, reasons },
    ...{ score, least: SCORE_LEAST, passes: score >= SCORE_LEAST },
    parts: (Object.keys(parts) as (keyof Parts)[]).map((name) => ({
      name,
      value: parts[name],
      weight: weightOf(name, parts, weights),
      contribution: score - scoreOf(without(parts, name), weights),
    })),
  };
}

function weightOf(name: keyof Parts, { meaning, topic }: Parts, { about, fit }: Weights): number {
  // Words count for less beside an understanding of both texts.
  if (name === 'text') return meaning !== null && topic !== null ? about.text : about.words;
  return name in about ? about[name as keyof Weights['about']] : fit[name as keyof Weights['fit']];
}

/** Nothing is known of the part; where it must be a number, it says nothing for the pair. */
function without(parts: Parts, name: keyof Parts): Parts {
  // Both or none make a pair understood, and with it how much words count.
  const isNumber = ['text', 'category', 'meaning', 'topic'].includes(name);
  return { ...parts, [name]: isNumber && parts[name] !== null ? 0 : null };
}
