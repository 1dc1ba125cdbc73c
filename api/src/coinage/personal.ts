import { defineExported } from '../communities/export.ts';
import { prisma } from '../db.ts';

const ROWS_MOST = 10_000;

// Who granted, appointed or voided is another member's data.
defineExported(async ({ communityId, memberId }, money) => {
  const own = { communityId, memberId };
  const [grants, standing, founder, mints] = await Promise.all([
    prisma.coinageGrant.findMany({
      ...{ where: own, omit: { grantedBy: true } },
      ...{ orderBy: { grantedAt: 'asc' }, take: ROWS_MOST },
    }),
    prisma.coinageStanding.findFirst({ where: own }),
    prisma.coinageFounder.findFirst({ where: own, omit: { appointedBy: true } }),
    prisma.coinageMint.findMany({
      where: { communityId, OR: [{ buyerId: memberId }, { providerId: memberId }] },
      omit: { voidedBy: true },
      orderBy: { mintedAt: 'asc' },
      take: ROWS_MOST,
    }),
  ]);
  return {
    coinage: {
      grants: grants.map(({ amount, ...grant }) => ({ ...grant, amount: money(amount) })),
      standing: standing && {
        ...{ granted: money(standing.granted), minted: money(standing.minted), expired: money(standing.expired) },
        expiresAt: standing.expiresAt,
      },
      founder,
      mints: mints.map(({ amount, ...mint }) => ({ ...mint, amount: money(amount) })),
    },
  };
});
