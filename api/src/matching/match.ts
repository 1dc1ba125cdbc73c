import { clock } from '../clock.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { phrase } from '../texts/text.ts';
import { pairsOf, scoringOf, type Pair, type Scoring } from './pairs.ts';
import { SCORE_LEAST } from './score.ts';
import { bestFirst } from './select.ts';

/** How many counterparts one listing is paired with at a time: a want needs a few providers, an offer may serve many. */
const PAIRS_MOST = { WANT: 10, OFFER: 50 } as const;

// Search says so when the index knows the listing; matching never runs before it, so one of two that are published at once sees the other.
defineJob<{ communityId: string; listingIds: string[] }>('listing.indexed', async ({ communityId, listingIds }) => {
  const scoring = await scoringOf(communityId);
  await scoring.sides.of(listingIds);
  for (const listingId of listingIds) await matchListing(communityId, listingId, scoring);
});

/** Finds the counterparts of a listing and stores them as suggestions; a listing that is not published loses its own. Safe to repeat. */
export async function matchListing(communityId: string, listingId: string, scoring: Scoring) {
  const listing = await prisma.listing.findFirst({
    where: { communityId, id: listingId },
    select: { kind: true, state: true },
  });
  if (listing?.state !== 'PUBLISHED') {
    await withdrawAll(communityId, listingId);
    return;
  }
  const { pairs, isPaired } = await pairsOf(communityId, listingId, listing.kind, scoring);
  if (isPaired || pairs.some(({ score }) => score >= SCORE_LEAST))
    await inCommunity(communityId, (tx) => store(tx, communityId, listingId, listing.kind, pairs));
}

async function store(tx: Tx, communityId: string, listingId: string, kind: 'OFFER' | 'WANT', pairs: Pair[]) {
  const known = await tx.suggestion.findMany({
    where: { communityId, OR: [{ wantId: listingId }, { offerId: listingId }] },
    take: 1000,
  });
  const keyOf = (wantId: string, offerId: string) => `${wantId} ${offerId}`;
  const stored = new Map(known.map((row) => [keyOf(row.wantId, row.offerId), row]));
  const good = pairs.filter(({ score }) => score >= SCORE_LEAST);
  const chosen = bestFirst(good).slice(0, PAIRS_MOST[kind]);

  // A pair that was stored before is kept up to date for as long as it is good, also when it is no longer among the best.
  for (const pair of good) {
    const row = stored.get(keyOf(pair.want.listingId, pair.offer.listingId));
    if (!row) continue;
    stored.delete(keyOf(row.wantId, row.offerId));
    if (row.withdrawnAt === null && row.score === Math.fround(pair.score)) continue;
    await tx.suggestion.updateMany({
      where: { communityId, wantId: row.wantId, offerId: row.offerId },
      data: {
        score: pair.score,
        parts: { ...pair.parts },
        reasons: pair.reasons as object[],
        withdrawnAt: null,
        updatedAt: clock.now(),
      },
    });
  }
  const gone = [...stored.values()].filter(({ withdrawnAt }) => !withdrawnAt).map(({ id }) => id);
  if (gone.length)
    await tx.suggestion.updateMany({
      where: { communityId, id: { in: gone } },
      data: { withdrawnAt: clock.now(), updatedAt: clock.now() },
    });
  await suggest(
    tx,
    communityId,
    chosen.filter(
      ({ want, offer }) => !known.some((row) => row.wantId === want.listingId && row.offerId === offer.listingId),
    ),
  );
}

/** Stores new pairs and tells both members; of two jobs that find the same pair at once one stores and tells it. */
async function suggest(tx: Tx, communityId: string, pairs: Pair[]) {
  if (!pairs.length) return;
  const now = clock.now();
  // In the order of the key, so that two jobs wait for each other instead of deadlocking.
  const ordered = [...pairs].sort((a, b) =>
    a.want.listingId + a.offer.listingId < b.want.listingId + b.offer.listingId ? -1 : 1,
  );
  const rows = ordered.map(({ want, offer, score, parts, reasons }) => ({
    communityId,
    id: newId(),
    wantId: want.listingId,
    offerId: offer.listingId,
    wanterId: want.memberId,
    providerId: offer.memberId,
    score,
    parts: { ...parts },
    reasons: reasons as object[],
    createdAt: now,
    updatedAt: now,
  }));
  await tx.suggestion.createMany({ data: rows, skipDuplicates: true });
  const mine = await tx.suggestion.findMany({
    where: { communityId, id: { in: rows.map(({ id }) => id) } },
    select: { id: true },
  });
  const stored = new Set(mine.map(({ id }) => id));
  const notices = [];
  for (const [index, { id }] of rows.entries()) {
    if (!stored.has(id)) continue;
    const { want, offer } = ordered[index]!;
    for (const [words, own, other] of [
      ['suggestion.found.wanter', want, offer],
      ['suggestion.found.provider', offer, want],
    ] as const) {
      // A placeholder nobody has claimed has no inbox to fill.
      if (!own.userId) continue;
      await publish(tx, 'suggestion.found', { suggestionId: id }, { memberId: own.memberId });
      notices.push({
        memberId: own.memberId,
        kind: 'suggestion.found',
        key: `suggestion:${id}`,
        title: phrase(words, { title: other.title }),
        body: own.title,
        subject: { type: 'Suggestion', id },
      });
    }
  }
  if (notices.length) await enqueue(tx, 'notify', { communityId, notices });
}

async function withdrawAll(communityId: string, listingId: string) {
  await prisma.suggestion.updateMany({
    where: { communityId, OR: [{ wantId: listingId }, { offerId: listingId }], withdrawnAt: null },
    data: { withdrawnAt: clock.now(), updatedAt: clock.now() },
  });
}
