import { newId } from '../api/src/ids.ts';

interface Trades {
  put: (table: string, row: Record<string, unknown>) => Promise<void>;
  mark: string;
  ownerId: string;
  neighbourId: string;
  operatorId: string;
  offerId: string;
}
const DAY_MS = 86_400_000;

/** Trades of a whole community: one proposed to the owner, one completed with reviews, and one in dispute that was decided once. */
export async function fillTrades({ put, mark, ownerId, neighbourId, operatorId, offerId }: Trades) {
  const [proposed, completed, disputed, dispute, review] = [newId(), newId(), newId(), newId(), newId()];
  const soon = new Date(Date.now() + DAY_MS);
  const ago = new Date(Date.now() - DAY_MS);
  const trade = async (id: string, row: Record<string, unknown>) => {
    const sides = { buyer_id: neighbourId, provider_id: ownerId };
    await put('trades', { id, ...sides, created_from: mark, title: mark, expires_at: soon, end_reason: mark, ...row });
    await put('trade_proposals', {
      ...{ trade_id: id, version: 1, side: 'BUYER', terms: 'SPLIT', price: 150, note: mark },
      ...{ global_price: 150, global_currency: 'EUR' },
    });
  };
  await trade(proposed, { offer_id: offerId });
  await trade(completed, {
    state: 'COMPLETED',
    agreed_at: ago,
    delivered_at: ago,
    completed_at: ago,
    ended_at: ago,
    paid: 0,
  });
  await trade(disputed, { state: 'DISPUTED', agreed_at: ago });
  const stars = { rating: 1, quality: 5, communication: 4, punctuality: 3 };
  const written = { trade_id: completed, ...stars, comment: mark, hidden_reason: mark, unsealed_at: ago };
  await put('reviews', { id: review, side: 'BUYER', author_id: neighbourId, subject_id: ownerId, ...written });
  const own = newId();
  await put('reviews', {
    id: own,
    side: 'PROVIDER',
    author_id: ownerId,
    subject_id: neighbourId,
    ...written,
    reply: mark,
  });
  await put('disputes', {
    ...{ id: dispute, trade_id: disputed, side: 'BUYER', reason: mark, opened_from: 'AGREED', state: 'APPEALED' },
    ...{ appeal_side: 'PROVIDER', appeal_reason: mark, appealed_at: ago, appeal_until: soon },
  });
  await put('dispute_evidence', {
    ...{
      id: newId(),
      dispute_id: dispute,
      side: 'BUYER',
      text: mark,
      links: [`https://${mark.toLowerCase()}.example`],
    },
  });
  await put('dispute_decisions', {
    ...{ dispute_id: dispute, round: 1, decided_by_id: operatorId, outcome: 'REFUND', amount: 0, reason: mark },
  });
  return { Trade: [proposed, completed, disputed], Review: [review, own], Dispute: [dispute] };
}
