import type { Tx } from '../db.ts';
import { PLACED } from '../communities/states.ts';
import { NO_ROOM } from './members.ts';
import type { Verdict } from './plan.ts';
import type { ImportRef } from './staging.ts';

/** Writes what becomes of each line: foreseen by the check, or done. One statement, because a batch has hundreds. */
export async function writeVerdicts(
  tx: Tx,
  { communityId, importId }: ImportRef,
  { verdicts, done }: { verdicts: Verdict[]; done: boolean },
) {
  await tx.$executeRaw`
    update import_rows r
    set outcome = v.outcome::import_outcome, reason = v.reason, new_member = v."newMember",
        state = (case when v.outcome is null then 'REFUSED' when ${done} then 'DONE' else 'WAITING' end)::import_row_state
    from jsonb_to_recordset(${JSON.stringify(verdicts)}::jsonb) as v (line integer, outcome text, reason text, "newMember" text)
    where r.community_id = ${communityId}::uuid and r.import_id = ${importId}::uuid and r.line = v.line
      -- A batch lies together: without this the whole file may be read for it.
      and r.line between ${verdicts[0]!.line} and ${verdicts.at(-1)!.line}`;
}

/** Refuses the lines that would bring in more members than there is room for, the last ones of the file. */
export async function refuseBeyondCapacity(tx: Tx, { communityId, importId }: ImportRef, room: number) {
  await tx.$executeRaw`
    update import_rows r set outcome = null, state = 'REFUSED', reason = ${NO_ROOM}
    from (
      select new_member from import_rows
      where community_id = ${communityId}::uuid and import_id = ${importId}::uuid and new_member is not null and state = 'WAITING'
      group by new_member order by min(line) offset ${room}
    ) beyond
    where r.community_id = ${communityId}::uuid and r.import_id = ${importId}::uuid and r.new_member = beyond.new_member`;
}

/** How many more members the community takes. */
export async function roomFor(tx: Tx, communityId: string): Promise<number> {
  const { memberCapacity } = await tx.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { memberCapacity: true },
  });
  return Math.max(0, memberCapacity - (await tx.member.count({ where: { communityId, state: { in: PLACED } } })));
}

export interface Counts {
  rowsCreated: number;
  rowsUpdated: number;
  rowsUnchanged: number;
  rowsRefused: number;
}

/** How the verdicts add up. */
export function countsOf(verdicts: Pick<Verdict, 'outcome'>[]): Counts {
  const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  return {
    rowsCreated: count('CREATED'),
    rowsUpdated: count('UPDATED'),
    rowsUnchanged: count('UNCHANGED'),
    rowsRefused: count(null),
  };
}

/** The same for all lines of an import, from the table. */
export async function countsOfImport(tx: Tx, { communityId, importId }: ImportRef): Promise<Counts> {
  const groups = await tx.importRow.groupBy({
    by: ['outcome'],
    where: { communityId, importId },
    _count: { _all: true },
  });
  const count = (outcome: Verdict['outcome']) => groups.find((group) => group.outcome === outcome)?._count._all ?? 0;
  return {
    rowsCreated: count('CREATED'),
    rowsUpdated: count('UPDATED'),
    rowsUnchanged: count('UNCHANGED'),
    rowsRefused: count(null),
  };
}
