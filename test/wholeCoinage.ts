import { newId } from '../api/src/ids.ts';

interface Coinage {
  put: (table: string, row: Record<string, unknown>) => Promise<void>;
  mark: string;
  ownerId: string;
  neighbourId: string;
  operatorId: string;
  /** Of the trade that was completed, and an entry that gave new coins. */
  tradeId: string;
  entryId: string;
}

/** Coinage, reputation and karma of a whole community: the owner sold to the neighbour, who is a founder, and helped. */
export async function fillCoinage({ put, mark, ownerId, neighbourId, operatorId, tradeId, entryId }: Coinage) {
  const [mint, award] = [newId(), newId()];
  const grant = { member_id: ownerId, amount: 10_000, granted_by: operatorId, reason: mark };
  await put('coinage_grants', { id: newId(), cause: 'OPERATOR', ...grant });
  await put('coinage_standings', { member_id: ownerId, granted: 10_000, minted: 100 });
  await put('coinage_mints', {
    ...{ id: mint, trade_id: tradeId, entry_id: entryId, amount: 100 },
    ...{ buyer_id: neighbourId, provider_id: ownerId },
  });
  await put('coinage_founders', { member_id: neighbourId, appointed_by: operatorId, reason: mark });
  for (const id of [ownerId, neighbourId])
    await put('reputations', {
      ...{ member_id: id, score_milli: 1000, level: 1, stars_milli: 3750, reviews: 1, trades_completed: 1 },
      ...{ positive_recent: 1, computed_at: new Date() },
    });
  await put('karma_awards', {
    ...{ id: award, member_id: ownerId, cause: 'COMMUNITY_WORK', key: award, points: 5 },
    ...{ reason: mark, awarded_by: operatorId },
  });
  const rule = { name: mark, description: mark, least: 1, position: 0 };
  for (const kind of ['LEVEL', 'BADGE']) await put('karma_rules', { id: newId(), kind, ...rule });
  return { CoinageMint: [mint], KarmaAward: [award] };
}
