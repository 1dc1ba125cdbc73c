import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { Member } from '../context.ts';
import { inCommunity, prisma } from '../db.ts';
import { DomainError, badInput } from '../errors.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import type { Posted } from '../ledger/entries.ts';
import { EntryIdReused } from '../ledger/refusals.ts';
import { payIn, type NewPayment } from './calls.ts';
import { actFor, actingFor, requireOther } from './payments.ts';

/** What is wrong with one row; `line` counts the lines of the file from 1, the first of which names the columns. */
export interface BatchProblem {
  line: number;
  code: string;
  message: string;
}
export class BatchRefused extends DomainError {
  readonly code = 'BATCH_REFUSED';
  readonly problems: BatchProblem[];
  constructor(problems: BatchProblem[]) {
    super(`Nothing was paid: ${problems.length} rows cannot be. Mend them and send the file again.`);
    this.problems = problems;
  }
}

export interface Batch {
  /** Made by the client: the same id pays once. */
  id: string;
  csv: string;
  /** For whom a broker pays; the viewer when left out. */
  payerId?: string | undefined;
  isDryRun: boolean;
}
export interface BatchResult {
  count: number;
  /** Minor units. */
  total: bigint;
  isDryRun: boolean;
}
export const ROWS_MOST = 1000;
const COLUMNS = ['payee', 'amount', 'memo'];

/** Ends the transaction of a dry run. */
class DryRunOver extends Error {}

/**
 * Pays every row of a CSV file (columns payee, amount, memo), or none: a row that cannot be paid is told with its line. A payee is
 * named by the id or the external id of the member.
 */
export async function payBatch(viewer: Member, { id, csv, payerId, isDryRun }: Batch): Promise<BatchResult> {
  const payer = actingFor(viewer, payerId);
  const rows = rowsOf(csv);
  const { payments, problems } = await checked(viewer, rows, { batchId: id, payer });
  if (problems.length) throw new BatchRefused(problems);
  const total = payments.reduce((sum, { amount }) => sum + amount, 0n);
  for (const { payeeId } of payments) requireOther(viewer, { payerId: payer, payeeId });
  const act = { action: 'payment.batch', memberId: payer, subject: { type: 'PaymentBatch', id } };
  try {
    await inCommunity(viewer, async (tx) => {
      const results = await payIn(tx, payments);
      const refused = results.flatMap((result, at) => problemOf(result, rows[at]!.line));
      if (refused.length) throw new BatchRefused(refused);
      // Each row is compared by its own id; that none was added or left out is seen by their number.
      const isNew = (result: Posted | Error) => !(result instanceof Error) && !result.repeated;
      const paid = await tx.journalEntry.count({ where: { communityId: viewer.communityId, subjectId: id } });
      if (paid !== payments.length || (results.some(isNew) && !results.every(isNew))) throw new EntryIdReused();
      if (results.some(isNew)) await actFor(tx, viewer, { ...act, detail: { count: paid, total: String(total) } });
      if (isDryRun) throw new DryRunOver();
    });
  } catch (error) {
    if (!(error instanceof DryRunOver)) throw error;
  }
  return { count: payments.length, total, isDryRun };
}

const problemOf = (result: Posted | Error, line: number): BatchProblem[] =>
  result instanceof Error
    ? [{ line, code: (result as Partial<DomainError>).code ?? 'NOT_FOUND', message: result.message }]
    : [];

interface Row {
  line: number;
  payee: string;
  amount: string;
  memo: string;
}
/** As the parser answers when it is asked for the lines too. */
interface Parsed {
  record: string[];
  info: { lines: number };
}
function rowsOf(csv: string): Row[] {
  let records: Parsed[];
  try {
    records = parse(csv, {
      bom: true,
      delimiter: [',', ';', '\t'],
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as Parsed[];
  } catch (error) {
    throw badInput(`The file cannot be read: ${(error as Error).message}`, 'csv');
  }
  const [head, ...rest] = records;
  const places = COLUMNS.map((column) => head?.record.findIndex((name) => name.toLowerCase() === column) ?? -1);
  if (places[0]! < 0 || places[1]! < 0) throw badInput('The first line names the columns: payee,amount,memo.', 'csv');
  if (!rest.length) throw badInput('There is no row under the first line.', 'csv');
  if (rest.length > ROWS_MOST) throw badInput(`A file has at most ${ROWS_MOST} rows.`, 'csv');
  return rest.map(({ record, info }) => {
    const [payee, amount, memo] = places.map((place) => record[place] ?? '') as [string, string, string];
    return { line: info.lines, payee, amount, memo };
  });
}

/** Rows as payments, or what is wrong with them. */
async function checked(viewer: Member, rows: Row[], { batchId, payer }: { batchId: string; payer: string }) {
  const { communityId, memberId: actorId } = viewer;
  const { scale } = await localCurrencyOf(communityId);
  const names = [...new Set(rows.map(({ payee }) => payee))];
  const members = await prisma.member.findMany({
    where: { communityId, state: 'ACTIVE', OR: [{ externalId: { in: names } }, { id: { in: names.flatMap(idOf) } }] },
    select: { id: true, externalId: true },
    take: 2 * ROWS_MOST,
  });
  const known = new Map(
    members.flatMap(
      ({ id, externalId }) => [[id, id], ...(externalId ? [[externalId, id]] : [])] as [string, string][],
    ),
  );
  const payments: NewPayment[] = [];
  const problems: BatchProblem[] = [];
  for (const [at, { line, payee, amount, memo }] of rows.entries()) {
    const wrong = (code: string, message: string) => problems.push({ line, code, message });
    const payeeId = known.get(payee) ?? known.get(idOf(payee)[0] ?? '');
    const minor = minorOf(amount, scale);
    if (!payeeId) wrong('PAYEE_UNAVAILABLE', `There is no active member "${payee.slice(0, 80)}".`);
    else if (payeeId === payer) wrong('PAYMENT_TO_SELF', 'A payment needs two different members.');
    else if (minor instanceof Error) wrong('BAD_AMOUNT', minor.message);
    else if (memo.length > 200 || /\p{Cc}/u.test(memo))
      wrong('BAD_MEMO', 'A memo is one line of at most 200 characters.');
    else
      payments.push({
        ...{ id: rowId(batchId, at), payerId: payer, payeeId, amount: minor, memo, actorId },
        subject: { type: 'PaymentBatch', id: batchId },
        ...(payer !== actorId && { onBehalfOfId: payer }),
      });
  }
  return { payments, problems };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A member's id as it stands in the database or in the API. */
function idOf(text: string): string[] {
  if (UUID.test(text)) return [text];
  const [type, id] = Buffer.from(text, 'base64').toString('latin1').split(':');
  return type === 'Member' && id !== undefined && UUID.test(id) ? [id] : [];
}

function minorOf(amount: string, scale: number): bigint | Error {
  try {
    return amountAbove0(amount, scale);
  } catch (error) {
    return error as Error;
  }
}

/** Follows from the batch and the place of the row: the same file sent again pays nothing again, a changed one is refused. */
function rowId(batchId: string, at: number): string {
  const hex = createHash('sha256').update(`${batchId} ${at}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
