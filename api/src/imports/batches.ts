import type { ImportState } from '@kith/db';
import { lockCommunity } from '../communities/membership.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { enqueue } from '../jobs.ts';
import type { Row } from './columns.ts';
import { jobOf, tell, type importRow } from './imports.ts';
import type { StagedRow } from './plan.ts';
import type { ImportRef } from './staging.ts';

export type Import = Awaited<ReturnType<typeof importRow>>;
type Changes = Parameters<Tx['import']['updateMany']>[0]['data'];

interface Phase {
  job: 'import.check' | 'import.apply';
  state: ImportState;
  /** Does some lines; answers what changes in the import. */
  batch(tx: Tx, row: Import, rows: StagedRow[]): Promise<Changes>;
  /** Ends the phase; answers what changes in the import. */
  finish(tx: Tx, row: Import): Promise<Changes>;
}

const BATCH = 500;
/** Somebody wrote what a batch was about to write: the batch is done again. */
export class ChangedMeanwhile extends Error {}
const ATTEMPTS = 5;
const TURN_MS = 5_000;

/**
 * Takes an import through a phase, one transaction a batch. The cursor moves with the batch, so that whoever goes on, after a
 * crash or at the same time, goes on behind it. After some seconds another job goes on: a worker that has to stop, or has other
 * work, does not wait for the end.
 */
export async function inBatches(at: ImportRef, phase: Phase, { turnMs = TURN_MS } = {}): Promise<void> {
  const until = performance.now() + turnMs;
  for (let attempt = 1; ;) {
    try {
      if (!(await next(at, phase))) return;
      if (performance.now() > until) return await goOn(at, phase);
      attempt = 1;
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt++ === ATTEMPTS) throw error;
    }
  }
}

/** One batch; false when the phase is over. */
const next = ({ communityId, importId }: ImportRef, { state, batch, finish }: Phase): Promise<boolean> =>
  inCommunity(communityId, async (tx) => {
    // What writes takes its turn with everything that counts members or shapes the category tree.
    if (state === 'APPLYING') await lockCommunity(tx, communityId);
    const where = { communityId, id: importId, state };
    const [row] = await tx.import.updateManyAndReturn({ where, data: { touchedAt: clock.now() } });
    if (!row) return false;
    const rows = await tx.importRow.findMany({
      where: { communityId, importId, state: 'WAITING', line: { gt: row.cursorLine } },
      orderBy: { line: 'asc' },
      take: BATCH,
      select: { line: true, row: true, externalId: true },
    });
    const staged = rows.map(({ row, ...rest }) => ({ ...rest, row: row as Row }));
    const changes = staged.length ? await batch(tx, row, staged) : await finish(tx, row);
    await tx.import.updateMany({
      where,
      data: { ...changes, cursorLine: staged.at(-1)?.line ?? 0, touchedAt: clock.now() },
    });
    await tell(tx, { communityId, importId });
    return staged.length > 0;
  });

const goOn = ({ communityId, importId }: ImportRef, { job }: Phase) =>
  inCommunity(communityId, (tx) => enqueue(tx, job, { communityId, importId }, jobOf(importId)));
