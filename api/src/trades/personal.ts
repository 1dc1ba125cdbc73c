import { defineErasing } from '../communities/erasure.ts';
import { defineExported } from '../communities/export.ts';
import { prisma } from '../db.ts';
import { eraseMemos } from '../ledger/personal.ts';

const ROWS_MOST = 10_000;

/** A side's own words, by what its member is in a trade. */
const sides = (memberId: string) =>
  [
    { side: 'BUYER', trade: { buyerId: memberId } },
    { side: 'PROVIDER', trade: { providerId: memberId } },
  ] as const;

// What was agreed, paid and rated stays, as history; what the person wrote goes, also for somebody else, and what names their trades
// in the inboxes of others.
defineErasing(async (tx, { communityId, memberId }) => {
  const own = { communityId, OR: [{ buyerId: memberId }, { providerId: memberId }] };
  for (const { side, trade } of sides(memberId)) {
    await tx.tradeProposal.updateMany({ where: { communityId, side, trade }, data: { note: '' } });
    await tx.dispute.updateMany({ where: { communityId, side, trade }, data: { reason: '—' } });
    await tx.dispute.updateMany({ where: { communityId, appealSide: side, trade }, data: { appealReason: '—' } });
    const disputes = { where: { communityId, side, dispute: { trade } }, data: { text: '—', links: [] } };
    await tx.disputeEvidence.updateMany(disputes);
  }
  await tx.tradeProposal.updateMany({ where: { communityId, actorId: memberId }, data: { note: '' } });
  await tx.dispute.updateMany({ where: { communityId, actorId: memberId }, data: { reason: '—' } });
  await tx.disputeEvidence.updateMany({ where: { communityId, actorId: memberId }, data: { text: '—', links: [] } });
  await tx.review.updateMany({
    where: { communityId, OR: [{ authorId: memberId }, { actorId: memberId }] },
    data: { comment: '' },
  });
  await tx.review.updateMany({
    where: { communityId, subjectId: memberId, reply: { not: null } },
    data: { reply: '—' },
  });
  for (let after = ''; ;) {
    const found = await tx.trade.findMany({
      where: { ...own, ...(after && { id: { gt: after } }) },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: 1000,
    });
    const ids = found.map(({ id }) => id);
    await tx.notification.deleteMany({ where: { communityId, subjectType: 'Trade', subjectId: { in: ids } } });
    // The memo of a payment for a trade is its title.
    const entries = await tx.journalEntry.findMany({
      where: { communityId, subjectType: 'Trade', subjectId: { in: ids }, kind: 'TRADE' },
      select: { id: true },
    });
    await eraseMemos(
      tx,
      entries.map(({ id }) => id),
    );
    if (found.length < 1000) break;
    after = ids.at(-1)!;
  }
  // Why one of the two ended it is about both; why an operator undid it is theirs to say.
  await tx.trade.updateMany({ where: { ...own, undoneAt: null }, data: { endReason: null } });
  await tx.trade.updateMany({ where: own, data: { title: '—' } });
});

defineExported(async ({ communityId, memberId }, money) => {
  const [trades, reviews] = await Promise.all([
    prisma.trade.findMany({
      where: { communityId, OR: [{ buyerId: memberId }, { providerId: memberId }] },
      include: { proposals: true, dispute: { include: { evidence: true, decisions: true } } },
      take: ROWS_MOST,
    }),
    prisma.review.findMany({
      // A sealed review is its author's alone.
      where: { communityId, OR: [{ authorId: memberId }, { subjectId: memberId, unsealedAt: { not: null } }] },
      take: ROWS_MOST,
    }),
  ]);
  return {
    trades: trades.map(({ paid, minted, globalCost, proposals, dispute, ...trade }) => ({
      ...{ ...trade, paid: money(paid), minted: money(minted), globalCostMinor: minorText(globalCost) },
      proposals: proposals.map(({ price, priceTo, globalPrice, ...proposal }) => ({
        ...{ ...proposal, price: money(price), priceTo: money(priceTo), globalPriceMinor: minorText(globalPrice) },
      })),
      dispute: dispute && {
        ...dispute,
        decisions: dispute.decisions.map(({ amount, ...decision }) => ({ ...decision, amount: money(amount) })),
      },
    })),
    // Why a text was hidden is told to its author.
    reviews: reviews.map(({ hiddenReason, ...review }) => ({
      ...review,
      ...(review.authorId === memberId && { hiddenReason }),
    })),
  };
});
// In minor units of its own currency: how many decimals that has is not stored here.
const minorText = (minor: bigint | null) => (minor === null ? null : String(minor));
