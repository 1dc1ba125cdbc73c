import type { Tx } from '../db.ts';
import { CannotLeaveYet, defineObstacle } from '../communities/leaving.ts';
import { followSteps } from '../communities/membership.ts';
import { fromMinor } from '../money.ts';
import { closeAccounts, reopenAccounts } from './accounts.ts';

// Nobody leaves with the community's coins, or its credit.
defineObstacle((tx, { communityId, id }) => left(tx, communityId, id));

async function left(tx: Tx, communityId: string, memberId: string) {
  const accounts = await tx.account.findMany({
    where: { communityId, memberId, OR: [{ balance: { not: 0 } }, { reserved: { not: 0 } }] },
    orderBy: { currencyCode: 'asc' },
    take: 100,
  });
  return accounts.map(({ balance, scale, currencyCode }) => {
    const held = `${fromMinor(balance, scale)} ${currencyCode}`;
    return balance < 0n
      ? { code: 'BALANCE_BELOW_ZERO', message: `Earn ${held} back, or ask an operator to write it off.` }
      : {
          code: 'BALANCE_LEFT',
          message: `Spend ${held}, or give it to a member or to the treasury; what is reserved of it has to be free first.`,
        };
  });
}

// Asked under the locks of the accounts: what was paid since the obstacles were looked for is one too.
followSteps(async (tx, { communityId, id }, { from, to }) => {
  if (to === 'LEFT' && !(await closeAccounts(tx, id))) throw new CannotLeaveYet(await left(tx, communityId, id));
  if (to === 'ACTIVE' && from !== 'SUSPENDED') await reopenAccounts(tx, id);
});
