import { defineExported } from '../communities/export.ts';
import { prisma } from '../db.ts';

const ROWS_MOST = 10_000;

defineExported(async ({ communityId, memberId }) => {
  const own = { communityId, memberId };
  const [reputation, karmaAwards] = await Promise.all([
    prisma.reputation.findFirst({ where: own }),
    prisma.karmaAward.findMany({
      // Who gave them is another member's data; the key names whom a review was about.
      ...{ where: own, omit: { awardedBy: true, key: true } },
      ...{ orderBy: [{ awardedAt: 'asc' }, { id: 'asc' }], take: ROWS_MOST },
    }),
  ]);
  return { reputation, karmaAwards };
});
