import type { JournalKind } from '@kith/db';
import { announce } from '../announce.ts';
import { clock } from '../clock.ts';
import { afterCommit, type Tx } from '../db.ts';
import type { AccountRef } from './accounts.ts';
import { refusalOf, throwRefusal } from './refusals.ts';

/** One line of an entry: made by `debit` and `credit`. */
export interface Line {
  account: AccountRef;
  /** Minor units; + credits, - debits. */
  amount: bigint;
  reservationId?: string | undefined;
}
export interface NewEntry {
  /** Made by the client, or derived from what causes the entry, so that a repetition is seen. */
  id: string;
  kind: JournalKind;
  memo?: string | undefined;
  /** The member who acts; left out: the system. */
  actorId?: string | null | undefined;
  /** For whom they act, when that is somebody else. */
  onBehalfOfId?: string | null | undefined;
  /** The entry this one hangs on: a fee, a mint, a refund. It is undone together with it. */
  parentId?: string | null | undefined;
  subject?: { type: string; id: string } | null | undefined;
  postings: Line[];
}
export interface Posted {
  id: string;
  postedAt: Date;
  /** The same entry was there already; nothing was posted now. */
  repeated: boolean;
}

/** Takes an amount in minor units, above zero, from an account; from a reservation of it where one is named. */
export const debit = (account: AccountRef, amount: bigint, reservationId?: string): Line => ({
  account,
  amount: -above0(amount),
  reservationId,
});
/** Gives an amount in minor units, above zero, to an account. */
export const credit = (account: AccountRef, amount: bigint): Line => ({ account, amount: above0(amount) });

function above0(amount: bigint): bigint {
  if (amount <= 0n) throw new Error('A posting moves more than nothing.');
  return amount;
}

interface PostOptions {
  /** Tells nobody, because the caller publishes events of its own. Else each member whose account is touched hears `account.changed`. */
  quiet?: boolean;
}

/**
 * Posts an entry, once for each id: the same again answers what was posted. All or nothing, under the locks of its accounts.
 * Throws InsufficientFunds, CeilingExceeded, ReservationSpent, EntryIdReused, AlreadyReversed (of the parent).
 */
export async function post(tx: Tx, entry: NewEntry, { quiet = false }: PostOptions = {}): Promise<Posted> {
  const rows = await tx.$queryRaw<{ posted_at: Date; repeated: boolean }[]>`
    select * from ledger.post(${contentOf(entry)}::jsonb, ${clock.now()}::timestamptz, ${quiet})`.catch(throwRefusal);
  if (!quiet) afterCommit(tx, () => announce('kith_events'));
  return { id: entry.id, postedAt: rows[0]!.posted_at, repeated: rows[0]!.repeated };
}

/** Posts entries that do not depend on each other, each with a result of its own, in the order given: what was posted, or the refusal. */
export async function postMany(
  tx: Tx,
  entries: readonly NewEntry[],
  { quiet = false }: PostOptions = {},
): Promise<(Posted | Error)[]> {
  if (!entries.length) return [];
  const rows = await tx.$queryRaw<ResultRow[]>`
    select * from ledger.post_many(${`[${entries.map(contentOf).join()}]`}::jsonb, ${clock.now()}::timestamptz, ${quiet})`;
  if (!quiet) afterCommit(tx, () => announce('kith_events'));
  const results: (Posted | Error)[] = [];
  for (const row of rows) results[row.place - 1] = resultOf(entries[row.place - 1]!.id, row);
  return results;
}

export interface ResultRow {
  place: number;
  posted_at: Date | null;
  repeated: boolean | null;
  code: string | null;
  message: string | null;
  detail: string | null;
}
/** What one line of ledger.post_many says. A code that is a fault is thrown: it concerns more than this entry. */
export function resultOf(id: string, { posted_at, repeated, code, message, detail }: ResultRow): Posted | Error {
  if (posted_at) return { id, postedAt: posted_at, repeated: repeated ?? false };
  const refusal = refusalOf(code ?? undefined, detail);
  if (!refusal) throw new Error(`${code}: ${message}`);
  return refusal;
}

export interface Reversal {
  /** Of the reversing entry. */
  id: string;
  entryId: string;
  reason: string;
  actorId?: string | null;
  /** Reverses also what was spent meanwhile: the account is in arrears then. For operators; see the decision on reversals. */
  overdraw?: boolean;
}

/**
 * Undoes an entry and all that hangs on it in one entry, once. Throws AlreadyReversed, NotReversible, and InsufficientFunds where
 * the money was spent, unless `overdraw`.
 */
export async function reverse(tx: Tx, { id, entryId, reason, actorId, overdraw = false }: Reversal): Promise<Posted> {
  const content = JSON.stringify({ id, memo: reason, ...(actorId && { actorId }) });
  const rows = await tx.$queryRaw<{ posted_at: Date; repeated: boolean }[]>`
    select * from ledger.reverse(${entryId}::uuid, ${content}::jsonb, ${overdraw}, ${clock.now()}::timestamptz)`.catch(
    throwRefusal,
  );
  afterCommit(tx, () => announce('kith_events'));
  return { id, postedAt: rows[0]!.posted_at, repeated: rows[0]!.repeated };
}

/** The entry as ledger.post takes it. What is not said is left out, so that equal entries have equal hashes. */
function contentOf({ postings, ...entry }: NewEntry): string {
  requireBalanced(postings);
  const said = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined && value !== null));
  return JSON.stringify({
    ...said,
    postings: postings.map(({ account, amount, reservationId }) => ({
      accountId: account.id,
      amount: String(amount),
      ...(reservationId && { reservationId }),
    })),
  });
}

/** Asserted here and in the database: two currencies never make up for each other. */
function requireBalanced(postings: readonly Line[]) {
  const sums = new Map<string, bigint>();
  for (const { account, amount } of postings) {
    const currency = `${account.isLocal} ${account.currencyCode}`;
    sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  for (const [currency, sum] of sums)
    if (sum !== 0n) throw new Error(`The postings in ${currency.split(' ')[1]} sum to ${sum} and not to zero.`);
}
