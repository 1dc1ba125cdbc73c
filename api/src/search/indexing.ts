import { inCommunity, prisma, type Tx } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { affectedKey, affectedListings, type Affected } from '../listings/affected.ts';
import { subtree } from '../listings/categories.ts';
import { searchIndex } from '../searchIndex.ts';
import { batches, hand } from './compared.ts';
import { understandLater } from './understanding.ts';

/** How many listings are read and indexed at once. */
const BATCH = 200;
/** The priority of what nobody waits for. */
const LATER = 10;

type Listings = { communityId: string; listingId?: string; listingIds?: string[] };

/**
 * Brings the index to what these listings are now, and only then has them compared with others and with saved searches:
 * of two that come at once, whoever is indexed last finds the other.
 */
async function indexListings({ communityId, listingId, listingIds = [listingId!] }: Listings) {
  for (const batch of batches(listingIds, BATCH)) {
    // Matching reads the embedded index and need not wait for an engine outside; saved searches ask whichever engine serves.
    const failure = await searchIndex.indexListings(communityId, batch, () =>
      hand('listing.indexed', communityId, batch),
    );
    if (failure) await understandLater(communityId, failure);
    await hand('saved-searches.match', communityId, batch);
  }
}
defineJob<Listings>('listing.changed', indexListings);
defineJob<Listings>('listings.imported', indexListings);

// A listing is found by the names of its categories and by those above them.
defineJob<{ communityId: string; categoryIds: string[] }>('category.changed', async ({ communityId, categoryIds }) => {
  const tree = await prisma.category.findMany({ where: { communityId }, select: { id: true, parentId: true } });
  const below = [...new Set(categoryIds.flatMap((id) => subtree(tree, id)))];
  await inCommunity(communityId, (tx) => enqueue(tx, 'search.reindex', { communityId, categoryIds: below }));
});

/** Has every published listing indexed anew, because what all of them are found by has changed. */
export const reindexAll = (tx: Tx, communityId: string) =>
  enqueue(tx, 'search.reindex', { communityId }, { key: `search.reindex:${communityId}` });

type Reindex = Affected & { after?: string };

/**
 * A batch for each job, so that a worker that stops waits for one batch at most. What follows has no key: it would replace a newer
 * beginning that waits. When all are in, they are compared anew, once for many changes.
 */
async function reindex({ after, ...affected }: Reindex) {
  const { communityId } = affected;
  const ids = await affectedListings(affected, { after, take: BATCH });
  const failure = ids.length ? await searchIndex.indexListings(communityId, ids) : undefined;
  if (failure) await understandLater(communityId, failure);
  await inCommunity(communityId, (tx) =>
    ids.length < BATCH
      ? enqueue(
          tx,
          'listings.reindexed',
          { ...affected },
          { key: `listings.reindexed:${affectedKey(affected)}`, queue: `rematch:${communityId}`, priority: LATER },
        )
      : enqueue(tx, 'search.reindex', { ...affected, after: ids.at(-1)! }),
  );
}
defineJob<Reindex>('search.reindex', reindex);
// A listing is found by the name of its member, and by how far their reputation has come.
defineJob<Reindex>('member.changed', reindex);
defineJob<Reindex>('reputation.levelChanged', reindex);
