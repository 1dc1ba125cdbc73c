import { inCommunity, prisma } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { affectedListings, type Affected } from '../listings/affected.ts';
import { matchListing } from './match.ts';
import { scoringOf } from './pairs.ts';

/** Few for each job: each is compared with hundreds, and a worker that stops waits for one batch at most. */
const BATCH = 20;
/** Behind what members wait for. */
const PRIORITY = 10;

// What listings are found by has changed without them: equal words, the tree, a member. One batch after another in each community;
// what follows has no key, because it would replace a newer beginning that waits.
defineJob<Affected & { after?: string }>('listings.reindexed', async ({ after, ...affected }) => {
  const { communityId } = affected;
  const ids = await affectedListings(affected, { after, take: BATCH });
  const scoring = await scoringOf(communityId);
  for (const id of ids) await matchListing(communityId, id, scoring);
  if (ids.length < BATCH) return;
  const rest = { ...affected, after: ids.at(-1)! };
  await inCommunity(communityId, (tx) =>
    enqueue(tx, 'listings.reindexed', rest, { queue: `rematch:${communityId}`, priority: PRIORITY }),
  );
});

/** Newest first; what is behind follows when it is compared next. */
const WANTS_MOST = 50;

// Two members think otherwise of each other: what one of them wants and the other offers stands between their wants and offers alone.
defineJob<{ communityId: string; memberIds: string[] }>('dealings.changed', async ({ communityId, memberIds }) => {
  const wants = await prisma.listing.findMany({
    where: { communityId, memberId: { in: memberIds }, kind: 'WANT', state: 'PUBLISHED' },
    select: { id: true },
    orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
    take: WANTS_MOST,
  });
  if (!wants.length) return;
  const scoring = await scoringOf(communityId);
  for (const { id } of wants) await matchListing(communityId, id, scoring);
});
