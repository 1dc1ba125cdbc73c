import { clock } from '../clock.ts';
import { inCommunity, outsideCommunities } from '../db.ts';
import { defineJob } from '../jobs.ts';

const DAY_MS = 86_400_000;
const OPEN_DAYS = 7;
const ROWS_DAYS = 30;

/** Throws away staged lines: of imports nobody went on with for a week, and of those finished a month ago. They hold personal data. */
export async function forgetRows(): Promise<number> {
  const now = clock.now().getTime();
  const forgotten = await outsideCommunities(
    (tx) => tx.$queryRaw<{ communityId: string; importId: string }[]>`
      select community_id as "communityId", id as "importId"
      from kith.imports_forgotten(${new Date(now - OPEN_DAYS * DAY_MS)}, ${new Date(now - ROWS_DAYS * DAY_MS)})`,
  );
  for (const { communityId, importId } of forgotten) {
    await inCommunity(communityId, async (tx) => {
      await tx.import.updateMany({
        where: { communityId, id: importId, state: { in: ['RECEIVING', 'CHECKED'] } },
        data: { state: 'CANCELLED', finishedAt: clock.now(), touchedAt: clock.now() },
      });
      await tx.importRow.deleteMany({ where: { communityId, importId } });
    });
  }
  return forgotten.length;
}
defineJob('import.forget', async () => void (await forgetRows()), { every: '17 3 * * *' });
