import { inCommunity, type Tx } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
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

/** Matching weighs how two got on; it comes behind what members wait for. */
async function dealingsChanged(tx: Tx, { communityId, tradeId }: Told) {
  const where = { communityId_id: { communityId, id: tradeId } };
  const trade = await tx.trade.findUnique({ where, select: { buyerId: true, providerId: true } });
  if (!trade) return;
  const memberIds = [trade.buyerId, trade.providerId].sort();
  const key = `dealings.changed:${[communityId, ...memberIds].join(':')}`;
  await enqueue(
    tx,
    'dealings.changed',
    { communityId, memberIds },
    { key, queue: `rematch:${communityId}`, priority: 10 },
  );
}

defineJob<Told>('trade.completed', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    // By itself completion says nothing of the two; a moderator's decision, which is told as one, does.
    const { communityId, tradeId } = told;
    if (await tx.disputeDecision.count({ where: { communityId, dispute: { tradeId } } }))
      await dealingsChanged(tx, told);
    await awardInvitations(tx, told);
  }),
);
defineJob<Told>('review.unsealed', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await settleReviewKarma(tx, told);
    await dealingsChanged(tx, told);
  }),
);
defineJob<Told>('trade.undone', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await settleReviewKarma(tx, told);
    await dealingsChanged(tx, told);
  }),
);
defineJob('reputation.age', async () => void (await ageReputations()), { every: '23 * * * *' });
