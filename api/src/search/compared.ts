import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';

/** Few at a time, because each of them is compared with hundreds. */
const COMPARED_AT_ONCE = 20;

/** Hands listings that search knows now to whoever compares them: matching, or saved searches. */
export async function hand(job: string, communityId: string, listingIds: string[]) {
  await inCommunity(communityId, async (tx) => {
    for (const few of batches(listingIds, COMPARED_AT_ONCE)) {
      // One that changes again while it waits is compared once, as it is then.
      const key = few.length === 1 ? { key: `${job}:${communityId}:${few[0]}` } : {};
      await enqueue(tx, job, { communityId, listingIds: few }, key);
    }
  });
}

export const batches = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
