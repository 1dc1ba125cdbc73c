import type { ImportKind, ImportState } from '@kith/db';
import { audit } from '../communities/audit.ts';
import { can } from '../communities/capabilities.ts';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import type { ImportOptions } from './plan.ts';
import type { ImportRef } from './staging.ts';

/** Who runs an import: an operator, or the command line, which is nobody's membership. */
export interface Importer {
  communityId: string;
  userId: string | null;
  memberId: string | null;
}

/** The import is in a state in which this cannot be done. */
export class WrongImportState extends DomainError {
  readonly code = 'WRONG_IMPORT_STATE';
  readonly state: ImportState;
  constructor(state: ImportState) {
    super(`The import is ${state.toLowerCase()}, so this cannot be done. Load it again to see what can.`);
    this.state = state;
  }
}

/** Some lines would not be taken; who starts has to say that this is known. */
export class ImportHasRefusedRows extends DomainError {
  readonly code = 'IMPORT_HAS_REFUSED_ROWS';
  readonly rowsRefused: number;
  constructor(rowsRefused: number) {
    super(
      `${rowsRefused} lines would be refused. Mend the file and send it again, or start with acceptRefused to leave them out.`,
    );
    this.rowsRefused = rowsRefused;
  }
}

/** Makes an import that waits for its file. */
export async function createImport(
  importer: Importer,
  { kind, fileName, options }: { kind: ImportKind; fileName: string; options: ImportOptions },
): Promise<ImportRef> {
  const { communityId, memberId } = importer;
  const importId = newId();
  const now = clock.now();
  await inCommunity(communityId, async (tx) => {
    await tx.import.create({
      data: {
        communityId,
        id: importId,
        kind,
        fileName,
        options: { ...options },
        startedBy: memberId,
        createdAt: now,
        touchedAt: now,
      },
    });
    await audit(tx, importer, {
      action: 'import.create',
      subjectType: 'Import',
      subjectId: importId,
      detail: { kind, ...options },
    });
  });
  return { communityId, importId };
}

/** Applies a checked import; of two starts one wins. With refused lines nothing happens unless they are accepted as left out. */
export async function startImport(
  importer: Importer,
  { importId, acceptRefused }: { importId: string; acceptRefused: boolean },
): Promise<ImportRef> {
  const { communityId } = importer;
  const at = { communityId, importId };
  return inCommunity(communityId, async (tx) => {
    const [started] = await tx.import.updateManyAndReturn({
      where: { communityId, id: importId, state: 'CHECKED', ...(!acceptRefused && { rowsRefused: 0 }) },
      data: {
        state: 'APPLYING',
        cursorLine: 0,
        rowsCreated: 0,
        rowsUpdated: 0,
        rowsUnchanged: 0,
        rowsDone: 0,
        touchedAt: clock.now(),
      },
    });
    if (!started) {
      const { state, rowsRefused } = await importRow(tx, at);
      throw state === 'CHECKED' ? new ImportHasRefusedRows(rowsRefused) : new WrongImportState(state);
    }
    // Refused lines are done with: progress counts to the total.
    await tx.import.updateMany({ where: { communityId, id: importId }, data: { rowsDone: started.rowsRefused } });
    await audit(tx, importer, {
      action: 'import.start',
      subjectType: 'Import',
      subjectId: importId,
      detail: { rows: started.rowsTotal, refused: started.rowsRefused },
    });
    await enqueue(tx, 'import.apply', { communityId, importId }, jobOf(importId));
    await tell(tx, at);
    return at;
  });
}

/** One job at a time, before the indexing and matching that it causes: somebody waits for it. */
export const jobOf = (importId: string) => ({ key: `import:${importId}`, priority: -10 });

const OPEN: ImportState[] = ['RECEIVING', 'CHECKING', 'CHECKED', 'APPLYING'];

/** Stops an import. What a running one has written stays: sending the file again goes on from there. */
export async function cancelImport(importer: Importer, importId: string): Promise<ImportRef> {
  const { communityId } = importer;
  const at = { communityId, importId };
  return inCommunity(communityId, async (tx) => {
    const now = clock.now();
    const { count } = await tx.import.updateMany({
      where: { communityId, id: importId, state: { in: OPEN } },
      data: { state: 'CANCELLED', finishedAt: now, touchedAt: now },
    });
    if (!count) throw new WrongImportState((await importRow(tx, at)).state);
    await audit(tx, importer, {
      action: 'import.cancel',
      subjectType: 'Import',
      subjectId: importId,
    });
    await tell(tx, at);
    return at;
  });
}

/** The import as it is now. */
export async function importRow(tx: Pick<Tx, 'import'>, { communityId, importId: id }: ImportRef) {
  const row = await tx.import.findUnique({ where: { communityId_id: { communityId, id } } });
  if (!row) throw notFound('import');
  return row;
}

/** Wakes the sockets of those who follow the import; who may, is asked when they subscribe. */
export const tell = (tx: Tx, { importId }: ImportRef) => publish(tx, 'import.changed', { importId });

/** The operator who made the import, as the member they are now; null for the command line and for who is an operator no more. */
export async function operatorOf({ communityId, importId }: ImportRef): Promise<Member | null> {
  const { startedBy } = await importRow(prisma, { communityId, importId });
  const member =
    startedBy && (await prisma.member.findUnique({ where: { communityId_id: { communityId, id: startedBy } } }));
  if (!member || member.state !== 'ACTIVE' || !member.userId || !can(member.roles, 'importRun')) return null;
  const { id: memberId, userId, state, roles } = member;
  return { communityId, memberId, userId, state, roles };
}
