import { NO_COMMUNITY, withCommunity } from '@kith/db';
import type { Ticked } from '@kith/search';
import { prisma } from '../db.ts';
import { defineJob } from '../jobs.ts';
import { log } from '../log.ts';
import { searchIndex } from '../searchIndex.ts';

/** Of a large installation the newest are enough, and of one community no more than it takes to leave room for others. */
const LISTINGS_MOST = 20_000;
const OF_ONE_MOST = 2_000;

// Every night, from what authors ticked in all communities; only sums leave them. What is not better than what ships is not used.
defineJob(
  'categories.learn',
  async () => {
    const became = await searchIndex.meaning.learn(await tickedListings());
    if (became) log.info({ became }, 'categories were learned from the listings of this installation');
  },
  { every: '30 2 * * *' },
);

async function tickedListings(): Promise<Ticked[]> {
  const communities = await withCommunity(NO_COMMUNITY, () =>
    prisma.community.findMany({ select: { id: true }, orderBy: { id: 'asc' } }),
  );
  const ticked: Ticked[] = [];
  for (const { id: communityId } of communities) {
    if (ticked.length >= LISTINGS_MOST) break;
    await withCommunity(communityId, async () => {
      const rows = await prisma.listing.findMany({
        where: { communityId, state: 'PUBLISHED', categoryId: { not: null } },
        select: {
          id: true,
          category: { select: { key: true } },
          categories: { select: { category: { select: { key: true } } } },
        },
        orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
        take: Math.min(OF_ONE_MOST, LISTINGS_MOST - ticked.length),
      });
      for (const { id, category, categories } of rows) {
        const keys = [category!.key, ...categories.map((further) => further.category.key)];
        ticked.push({ communityId, listingId: id, keys: [...new Set(keys)] });
      }
    });
  }
  return ticked;
}
