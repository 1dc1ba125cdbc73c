import { voidMintOf } from '../coinage/voiding.ts';
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

defineJob<Told>('trade.completed', async (told) => {
  await inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await awardInvitations(tx, told);
  });
  await returnGrant(told);
});
defineJob<Told>('review.unsealed', (told) =>
  inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await settleReviewKarma(tx, told);
  }),
);
defineJob<Told>('trade.undone', async (told) => {
  await inCommunity(told.communityId, async (tx) => {
    await computeAll(tx, told);
    await settleReviewKarma(tx, told);
  });
  await returnGrant(told);
});
defineJob('reputation.age', async () => void (await ageReputations()), { every: '23 * * * *' });

/** Where the payment of the trade was reversed, by an undoing or a dispute, what was minted may be earned again. */
const returnGrant = ({ communityId, tradeId }: Told) =>
  inCommunity(communityId, async (tx) => {
    const mint = await tx.coinageMint.findFirst({ where: { communityId, tradeId, voidedAt: null } });
    const isReversed = mint && (await tx.entryReversal.count({ where: { communityId, entryId: mint.entryId } }));
    if (isReversed) await voidMintOf(tx, { communityId, tradeId, reason: 'The payment of the trade was reversed.' });
  });
