import type { ListingState, Sql } from '@kith/db';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { defineJob } from '../jobs.ts';
import { announce } from './changes.ts';

const BATCH = 200;
const OPEN: ListingState[] = ['PUBLISHED', 'PAUSED', 'EXPIRED'];

/**
 * A member who may no longer act has nothing in the directory. One who can come back (suspended, leaving) finds it paused; of one
 * who has left it is withdrawn, with the drafts deleted. May run twice; a member who is active again keeps all.
 */
export async function closeListingsOf({ communityId, memberId }: { communityId: string; memberId: string }) {
  for (;;) {
    const count = await inCommunity(communityId, async (tx) => {
      const member = await tx.member.findUnique({ where: { communityId_id: { communityId, id: memberId } } });
      if (!member || member.state === 'ACTIVE') return 0;
      const own = { communityId, memberId };
      if (member.state !== 'LEFT') {
        await tx.listing.updateMany({
          where: { ...own, state: 'HIDDEN', stateBeforeHidden: 'PUBLISHED' },
          data: { stateBeforeHidden: 'PAUSED' },
        });
        return close(tx, { ...own, state: 'PUBLISHED' }, 'PAUSED');
      }
      await tx.listing.deleteMany({ where: { ...own, state: 'DRAFT' } });
      await tx.listing.updateMany({
        where: { ...own, state: 'HIDDEN', stateBeforeHidden: { in: OPEN } },
        data: { stateBeforeHidden: 'WITHDRAWN' },
      });
      return close(tx, { ...own, state: { in: OPEN } }, 'WITHDRAWN');
    });
    if (count < BATCH) return;
  }
}

async function close(tx: Tx, where: Sql.ListingWhereInput, after: ListingState): Promise<number> {
  const found = await tx.listing.findMany({ where, orderBy: { id: 'asc' }, take: BATCH });
  for (const { communityId, id, kind, state } of found) {
    const { count } = await tx.listing.updateMany({
      where: { communityId, id, state },
      data: { state: after, updatedAt: clock.now() },
    });
    if (count) await announce(tx, { communityId, id, kind, before: state, after });
  }
  return found.length;
}

defineJob<{ communityId: string; memberId: string }>('member.ended', (member) => closeListingsOf(member));
