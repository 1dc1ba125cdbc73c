import { defineObstacle } from '../communities/leaving.ts';
import { OPEN_STATES } from './transitions.ts';

// Nobody leaves somebody else waiting.
defineObstacle(async (tx, { communityId, id: memberId }) => {
  const open = await tx.trade.count({
    where: { communityId, state: { in: OPEN_STATES }, OR: [{ buyerId: memberId }, { providerId: memberId }] },
  });
  return open ? [{ code: 'OPEN_TRADES', message: `End your open trades first: there are ${open}.` }] : [];
});
