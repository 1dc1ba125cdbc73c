import { defineObstacle } from '../communities/leaving.ts';
import { fromMinor } from '../money.ts';

// Nobody leaves with the community's coins, or its credit.
defineObstacle(async (tx, { communityId, id: memberId }) => {
  const accounts = await tx.account.findMany({
    where: { communityId, memberId, OR: [{ balance: { not: 0 } }, { reserved: { not: 0 } }] },
    orderBy: { currencyCode: 'asc' },
    take: 100,
  });
  return accounts.map(({ balance, scale, currencyCode }) => {
    const held = `${fromMinor(balance, scale)} ${currencyCode}`;
    return balance < 0n
      ? { code: 'BALANCE_BELOW_ZERO', message: `Earn ${held} back, or ask an operator to write it off.` }
      : { code: 'BALANCE_LEFT', message: `Spend or give away ${held}, and what is reserved of it.` };
  });
});
