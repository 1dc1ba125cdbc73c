import { withCommunity } from '@kith/db';
import { announce } from '../announce.ts';
import { clock } from '../clock.ts';
import { afterCommit, pool, sqlState, type Tx } from '../db.ts';
import { resultOf, type Posted, type ResultRow } from '../ledger/entries.ts';
import { throwRefusal } from '../ledger/refusals.ts';
import { Groups } from './groups.ts';

/** A payment as the database takes it: amounts in minor units of the local currency. */
export interface NewPayment {
  id: string;
  payerId: string;
  payeeId: string;
  amount: bigint;
  memo: string;
  actorId: string | null;
  onBehalfOfId?: string | undefined;
  subject?: { type: string; id: string } | undefined;
}

const contentOf = (payments: readonly NewPayment[]) =>
  `[${payments.map((payment) => JSON.stringify({ ...payment, amount: String(payment.amount) })).join()}]`;

function resultsOf(payments: readonly NewPayment[], rows: ResultRow[]): (Posted | Error)[] {
  const results: (Posted | Error)[] = [];
  for (const row of rows) results[row.place - 1] = resultOf(payments[row.place - 1]!.id, row);
  return results;
}

/** Posts payments inside the caller's transaction, each with its own result, in the order given. */
export async function payIn(tx: Tx, payments: readonly NewPayment[]): Promise<(Posted | Error)[]> {
  const rows = await tx.$queryRaw<ResultRow[]>`
    select * from payments.pay_many(${contentOf(payments)}::jsonb, ${clock.now()}::timestamptz)`.catch(throwRefusal);
  tellLater(tx);
  return resultsOf(payments, rows);
}

const ATTEMPTS = 4;
const groups = new Groups<NewPayment, Posted | Error>(async (communityId, payments) => {
  for (let attempt = 1; ; attempt++) {
    try {
      // One call is one transaction: payments, events and jobs are committed together or not at all.
      const { rows } = await withCommunity(communityId, () =>
        pool.query<ResultRow>({
          name: 'pay_many',
          text: 'select * from payments.pay_many($1::jsonb, $2::timestamptz)',
          values: [contentOf(payments), clock.now()],
        }),
      );
      announce('kith_events');
      announce('jobs:insert');
      return resultsOf(payments, rows);
    } catch (error) {
      if (attempt === ATTEMPTS || !['40001', '40P01'].includes(sqlState(error) ?? '')) throw error;
    }
  }
});

/** Posts one payment in a transaction of its own, which it shares with what else waits. Throws the refusal. */
export async function payNow(communityId: string, payment: NewPayment): Promise<Posted> {
  const result = await groups.add(communityId, payment).catch(throwRefusal);
  if (result instanceof Error) throw result;
  return result;
}

export interface NewRefund {
  id: string;
  paymentId: string;
  payeeId: string;
  /** All that is left when it is not said. */
  amount?: bigint | undefined;
  memo: string;
  actorId: string;
  onBehalfOfId?: string | undefined;
}
/** Sends back some of a payment, and answers to whom. Throws NOT_FOUND, RefundTooLarge, InsufficientFunds, EntryIdReused, AlreadyReversed. */
export async function refundIn(tx: Tx, refund: NewRefund): Promise<Posted & { payerId: string }> {
  const content = JSON.stringify({ ...refund, ...(refund.amount !== undefined && { amount: String(refund.amount) }) });
  const rows = await tx.$queryRaw<{ payer_id: string; posted_at: Date; repeated: boolean }[]>`
    select payer_id, posted_at, repeated from payments.refund(${content}::jsonb, ${clock.now()}::timestamptz)`.catch(
    throwRefusal,
  );
  tellLater(tx);
  const { payer_id: payerId, posted_at: postedAt, repeated } = rows[0]!;
  return { id: refund.id, payerId, postedAt, repeated };
}

const tellLater = (tx: Tx) =>
  afterCommit(tx, () => {
    announce('kith_events');
    announce('jobs:insert');
  });
