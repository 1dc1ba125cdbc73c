import type { ImportKind } from '@kith/db';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { Rejection, badInput } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { RowRefused } from './cells.ts';
import { readHeader, toRow, type Header, type Row } from './columns.ts';
import { UnreadableFile, readCsv } from './csv.ts';
import { jobOf, tell } from './imports.ts';
import { listingId } from './listingRows.ts';
import { memberId } from './memberRows.ts';
import { attempt } from './plan.ts';

export interface ImportRef {
  communityId: string;
  importId: string;
}

const BATCH = 500;

/** The lines of one file on their way into the database, a batch at a time: who reads the file waits for each. */
export class Staging {
  private readonly at: ImportRef;
  private readonly kind: ImportKind;
  private readonly uploadId = newId();
  private waiting: { line: number; row: Row; problem: string | undefined }[] = [];
  private staged = 0;

  constructor(at: ImportRef, kind: ImportKind) {
    this.at = at;
    this.kind = kind;
  }

  /** Takes the import over: lines of an earlier upload that did not come to its end are thrown away. */
  async begin() {
    const { communityId, importId } = this.at;
    await inCommunity(communityId, async (tx) => {
      const { count } = await tx.import.updateMany({
        where: { communityId, id: importId, state: 'RECEIVING' },
        data: { uploadId: this.uploadId, rowsTotal: 0, touchedAt: clock.now() },
      });
      if (!count) throw badInput('This import has its file already: make a new one for another file.');
      await tx.importRow.deleteMany({ where: { communityId, importId } });
    });
  }

  async add(line: number, row: Row, problem?: string) {
    this.waiting.push({ line, row, problem });
    if (this.waiting.length >= BATCH) await this.flush();
  }

  private async flush() {
    const rows = this.waiting;
    const { communityId, importId } = this.at;
    await inCommunity(communityId, async (tx) => {
      await this.hold(tx, { rowsTotal: { increment: rows.length } });
      await tx.importRow.createMany({
        data: rows.map(({ line, row, problem }) => ({
          communityId,
          importId,
          line,
          row,
          externalId: problem ? null : identity(this.kind, row),
          state: problem ? ('REFUSED' as const) : ('WAITING' as const),
          reason: problem ?? null,
        })),
      });
    });
    this.waiting = [];
    this.staged += rows.length;
  }

  /** Hands the lines to the check. */
  async finish(ignoredColumns: string[]) {
    if (this.waiting.length) await this.flush();
    if (!this.staged) throw new UnreadableFile('The file has no lines below the first one.');
    const { communityId, importId } = this.at;
    await inCommunity(communityId, async (tx) => {
      await this.hold(tx, {
        state: 'CHECKING',
        ignoredColumns: ignoredColumns.slice(0, 50).map((name) => name.slice(0, 100)),
      });
      await enqueue(tx, 'import.check', { communityId, importId }, jobOf(importId));
      await tell(tx, this.at);
    });
  }

  /** Refuses the file as a whole, and keeps nothing of it. */
  async refuse(problem: string) {
    const { communityId, importId } = this.at;
    await inCommunity(communityId, async (tx) => {
      await this.hold(tx, { state: 'REFUSED', problem, rowsTotal: 0, finishedAt: clock.now() });
      await tx.importRow.deleteMany({ where: { communityId, importId } });
      await tell(tx, this.at);
    });
  }

  private async hold(tx: Tx, data: Parameters<Tx['import']['updateMany']>[0]['data']) {
    const { communityId, importId: id } = this.at;
    const { count } = await tx.import.updateMany({
      where: { communityId, id, state: 'RECEIVING', uploadId: this.uploadId },
      data: { ...data, touchedAt: clock.now() },
    });
    if (!count)
      throw new Rejection('BAD_USER_INPUT', 'The import was cancelled, or its file was sent once more, meanwhile.');
  }
}

export const identity = (kind: ImportKind, row: Row): string | null => {
  const id = attempt(() => (kind === 'LISTINGS' ? listingId(row) : memberId(row)));
  return id instanceof RowRefused ? null : id;
};

/** The lines of a CSV file as rows, with what is wrong with a line. The first one names the columns. */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  kind: ImportKind,
  onHeader: (header: Header) => void,
): AsyncGenerator<{ line: number; row: Row; problem?: string }> {
  let header: Header | undefined;
  for await (const { line, cells } of readCsv(bytes)) {
    if (header) yield { line, ...toRow(header, cells) };
    else onHeader((header = readHeader(kind, cells)));
  }
}

/** Receives the file of an import as a stream. A file that cannot be read refuses the import; a broken connection leaves it waiting for another try. */
export async function receiveFile(
  at: ImportRef & { kind: ImportKind; slug: string },
  bytes: AsyncIterable<Uint8Array>,
) {
  const staging = new Staging(at, at.kind);
  await staging.begin();
  let ignored: string[] = [];
  try {
    for await (const { line, row, problem } of readRows(bytes, at.kind, (header) => (ignored = header.ignored))) {
      const elsewhere = row.community && row.community.toLowerCase() !== at.slug;
      await staging.add(line, row, elsewhere ? `This line is for the community "${row.community}".` : problem);
    }
    await staging.finish(ignored);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    await staging.refuse(error.message);
    throw badInput(error.message);
  }
}
