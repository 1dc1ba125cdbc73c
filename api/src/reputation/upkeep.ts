import { inCommunity, type Tx } from '../db.ts';
import { defineJob } from '../jobs.ts';
import { awardInvitations, settleReviewKarma } from './earning.ts';
import { ageReputations, computeReputation } from './reputation.ts';

interface Told {
  communityId: string;
  tradeId: string;
  memberIds: string[];
  [field: string]: unknown;
}
/** In the order of their ids, so that two that concern the same members do not wait for each other. */
async function computeAll(tx: Tx, { communityId, memberIds }: Told) {
  for (const memberId of [...new Set(memberIds)].sort()) await computeReputation(tx, { communityId, memberId });
}

defineJob<Told>('trade.completed', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await awardInvitations(tx, told);
  }),
);
defineJob<Told>('review.unsealed', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await settleReviewKarma(tx, told);
  }),
);
defineJob<Told>('trade.undone', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await settleReviewKarma(tx, told);
  }),
);
defineJob('reputation.age', async () => void (await ageReputations()), { every: '23 * * * *' });
