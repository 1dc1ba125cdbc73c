import { prisma } from '../db.ts';
import { searchIndex } from '../searchIndex.ts';
import { withCommunity } from '@kith/db';

export type Progress = (listings: { done: number; total: number }) => void;

const BATCH = 200;

/** Builds the index of one community anew, in place: what is published goes in, everything else of it out. */
export async function rebuildCommunity(communityId: string, progress: Progress) {
  await withCommunity(communityId, async () => {
    const total = await prisma.listing.count({ where: { communityId } });
    for (let done = 0, after: string | undefined; ;) {
      const rows = await prisma.listing.findMany({
        where: { communityId, ...(after && { id: { gt: after } }) },
        select: { id: true },
        orderBy: { id: 'asc' },
        take: BATCH,
      });
      await searchIndex.indexListings(
        communityId,
        rows.map(({ id }) => id),
      );
      progress({ done: (done += rows.length), total });
      if (rows.length < BATCH) return;
      after = rows.at(-1)!.id;
    }
  });
}
