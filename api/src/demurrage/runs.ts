import { withCommunity } from '@kith/db';
import { clock } from '../clock.ts';
import { inCommunity, prisma } from '../db.ts';
import { newId } from '../ids.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { defineSqlState } from '../ledger/refusals.ts';
import { log } from '../log.ts';
import { beginRun, chargeRun, schedules, tellCharged } from './calls.ts';
import { nextDue } from './schedule.ts';

defineSqlState('KL050', null); // a run that is not there

/** What was said before the end of a period may still be on its way to the ledger for so long. */
export const SETTLE_MS = 5000;
const RUNS_MOST = 10_000;

/**
 * Charges every period of a community that has ended by now and was not charged, the oldest first, each with the balances of its own
 * moment. May be started anywhere, twice at once and again after any failure: a period is charged once. Answers the runs done now.
 */
export async function runDue(communityId: string): Promise<string[]> {
  const done: string[] = [];
  for (let turn = 0; turn < RUNS_MOST; turn++) {
    const run = (await begun(communityId)) ?? (await begin(communityId));
    if (!run) return done;
    if (await chargeRun(communityId, run)) done.push(run);
  }
  return done;
}

/** What a worker that died has left: it goes before everything else. */
const begun = async (communityId: string): Promise<string | undefined> =>
  withCommunity(communityId, async () => {
    const where = { communityId, state: 'RUNNING' as const };
    return (await prisma.demurrageRun.findFirst({ where, orderBy: { endsOn: 'asc' } }))?.id;
  });

async function begin(communityId: string): Promise<string | undefined> {
  const schedule = (await schedules(communityId)).get(communityId);
  const due = schedule && nextDue(schedule);
  if (!due || due.endsAt.getTime() + SETTLE_MS > clock.now().getTime()) return undefined;
  log.info({ communityId, endsOn: due.endsOn }, 'demurrage is being charged');
  return beginRun(communityId, newId(), due);
}

/** Says that the periods of a community should be looked at: whatever is due is charged soon. */
export const startRuns = (communityId: string): Promise<void> =>
  inCommunity(communityId, (tx) =>
    enqueue(tx, 'demurrage.run', { communityId }, { key: `demurrage.run:${communityId}` }),
  );

defineJob<{ communityId: string }>('demurrage.run', async ({ communityId }) => {
  const done = await runDue(communityId);
  if (!done.length) return;
  const { _count, _sum } = await prisma.demurrageRun.aggregate({
    where: { communityId, id: { in: done } },
    ...{ _count: true, _sum: { chargedAccounts: true, arrearsAccounts: true } },
  });
  log.info({ communityId, runs: _count, ..._sum }, 'demurrage was charged');
});

defineJob<{ communityId: string; runId: string }>('demurrage.charged', ({ communityId, runId }) =>
  tellCharged(communityId, runId),
);

// A job for each community: one that fails or takes long holds up no other.
defineJob(
  'demurrage.due',
  async () => {
    const settled = clock.now().getTime() - SETTLE_MS;
    const due = [...(await schedules())].filter(
      ([, schedule]) => (nextDue(schedule)?.endsAt.getTime() ?? Infinity) <= settled,
    );
    for (const [at, [communityId]] of due.entries()) {
      await startRuns(communityId);
      if (at % 100 === 0) log.info({ communities: due.length, started: at + 1 }, 'demurrage is due');
    }
  },
  { every: '* * * * *' },
);
