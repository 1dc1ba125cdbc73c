import type { Import } from './batches.ts';
import { inBatches } from './batches.ts';
import type { Tx } from '../db.ts';
import { defineJob } from '../jobs.ts';
import { directoryOf } from './directory.ts';
import { listingsOf, planListings } from './listingPlan.ts';
import { membersOf, planMembers } from './memberPlan.ts';
import type { ImportOptions, StagedRow, Verdict } from './plan.ts';
import type { ImportRef } from './staging.ts';
import { understand } from './understand.ts';
import { countsOfImport, refuseBeyondCapacity, roomFor, writeVerdicts } from './verdicts.ts';

// Looks at every line and writes down what would become of it; nothing else is written.
defineJob<ImportRef & { [key: string]: unknown }>('import.check', ({ communityId, importId }) =>
  checkImport({ communityId, importId }),
);

/** Goes on with the check of an import, from wherever it is; `turnMs` is when another job takes over. */
export const checkImport = (at: ImportRef, turn?: { turnMs: number }) =>
  inBatches(at, { job: 'import.check', state: 'CHECKING', batch, finish }, turn);

async function batch(tx: Tx, row: Import, rows: StagedRow[]) {
  const verdicts = await foresee(tx, row, rows);
  await writeVerdicts(tx, { communityId: row.communityId, importId: row.id }, { verdicts, done: false });
  return { rowsChecked: { increment: rows.length } };
}

async function foresee(tx: Tx, row: Import, rows: StagedRow[]): Promise<Verdict[]> {
  const { communityId } = row;
  // Room is looked at for the whole file at the end: two batches may name the same new member.
  const place = {
    directory: await directoryOf(tx, row),
    options: row.options as unknown as ImportOptions,
    room: Infinity,
    understand,
  };
  const plan =
    row.kind === 'LISTINGS'
      ? await planListings(rows, place, (ids) => listingsOf(tx, communityId, ids))
      : await planMembers(rows, place, (wanted) => membersOf(tx, communityId, wanted));
  return plan.verdicts;
}

async function finish(tx: Tx, { communityId, id: importId }: Import) {
  const at = { communityId, importId };
  await refuseBeyondCapacity(tx, at, await roomFor(tx, communityId));
  return { state: 'CHECKED' as const, ...(await countsOfImport(tx, at)) };
}
