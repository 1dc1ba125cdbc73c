import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { throwRefusal } from './refusals.ts';

export interface NewReservation {
  /** Derived from what it is for, so that a repetition is seen. */
  id: string;
  accountId: string;
  /** Minor units, above zero. */
  amount: bigint;
  subject?: { type: string; id: string };
}

/**
 * Holds an amount of an account, once for each id. It is spent by `debit(account, amount, reservationId)` and given back by `release`.
 * Throws InsufficientFunds. Whoever reserves of several accounts does so in the order of their ids.
 */
export async function reserve(tx: Tx, { id, accountId, amount, subject }: NewReservation): Promise<void> {
  await tx.$executeRaw`select ledger.reserve(${id}::uuid, ${accountId}::uuid, ${amount}::bigint, ${subject?.type ?? null},
    ${subject?.id ?? null}::uuid, ${clock.now()}::timestamptz)`.catch(throwRefusal);
}

/** Gives back all that a reservation holds beyond `leaving`; said twice it changes nothing. Answers what was given back, in minor units. */
export async function release(tx: Tx, { id, leaving = 0n }: { id: string; leaving?: bigint }): Promise<bigint> {
  const rows = await tx.$queryRaw<{ released: bigint }[]>`
    select ledger.release(${id}::uuid, ${leaving}::bigint, ${clock.now()}::timestamptz) as released`.catch(
    throwRefusal,
  );
  return rows[0]!.released;
}
