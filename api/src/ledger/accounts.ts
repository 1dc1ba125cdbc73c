import type { AccountKind } from '@kith/db';
import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { throwRefusal } from './refusals.ts';

/** What a posting has to know of an account. Its balance is not here: it is read where it is judged, under the account's lock. */
export interface AccountRef {
  id: string;
  kind: AccountKind;
  memberId: string | null;
  isLocal: boolean;
  currencyCode: string;
  scale: number;
}
/** A global currency by its code and decimals; left out, the community's own is meant. */
export interface GlobalCurrency {
  code: string;
  scale: number;
}
const select = { id: true, kind: true, memberId: true, isLocal: true, currencyCode: true, scale: true } as const;

/** The account of a member, opened if need be: the local one, or the one of a global currency. */
export async function accountOf(tx: Tx, memberId: string, currency?: GlobalCurrency): Promise<AccountRef> {
  return (await accountsOf(tx, [memberId], currency)).get(memberId)!;
}

/** The accounts of several members by member, opened where need be. A member who is not there is NOT_FOUND. */
export async function accountsOf(
  tx: Tx,
  memberIds: readonly string[],
  currency?: GlobalCurrency,
): Promise<Map<string, AccountRef>> {
  const wanted = [...new Set(memberIds)];
  const which = {
    kind: 'MEMBER' as const,
    ...(currency ? { isLocal: false, currencyCode: currency.code } : { isLocal: true }),
  };
  const known = await tx.account.findMany({ where: { ...which, memberId: { in: wanted } }, select });
  const found = new Map(known.map((account) => [account.memberId!, account]));
  for (const memberId of wanted.filter((id) => !found.has(id)).sort())
    found.set(memberId, await open(tx, 'MEMBER', { memberId, currency }));
  return found;
}

/** Where coins come from and go back to: its negative balance is the money supply. */
export const issuanceOf = (tx: Tx): Promise<AccountRef> => open(tx, 'ISSUANCE');
/** What belongs to the community: demurrage, fees. Local, or of a global currency. */
export const treasuryOf = (tx: Tx, currency?: GlobalCurrency): Promise<AccountRef> =>
  open(tx, 'TREASURY', { currency });
/** Where global money enters and leaves: its negative balance is all global money held. */
export const clearingOf = (tx: Tx, currency: GlobalCurrency): Promise<AccountRef> => open(tx, 'CLEARING', { currency });

async function open(
  tx: Tx,
  kind: AccountKind,
  { memberId, currency }: { memberId?: string; currency?: GlobalCurrency | undefined } = {},
): Promise<AccountRef> {
  const rows = await tx.$queryRaw<{ id: string }[]>`select ledger.open_account(
    ${kind}::account_kind, ${memberId ?? null}::uuid, ${currency?.code ?? null}, ${currency?.scale ?? null}::integer) as id`.catch(
    throwRefusal,
  );
  return tx.account.findFirstOrThrow({ where: { id: rows[0]!.id }, select });
}

/** Closes the accounts of a member who leaves; false, and none is closed, where one holds something or owes. */
export async function closeAccounts(tx: Tx, memberId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ closed: boolean }[]>`
    select ledger.close_accounts(${memberId}::uuid, ${clock.now()}::timestamptz) as closed`;
  return rows[0]!.closed;
}

/** Opens the accounts of a member who comes back, with the credit limit of the policy. */
export async function reopenAccounts(tx: Tx, memberId: string): Promise<void> {
  await tx.$executeRaw`select ledger.reopen_accounts(${memberId}::uuid)`;
}

/** What an account held at a moment, in minor units; it never changes afterwards. */
export async function balanceAt(tx: Tx, accountId: string, moment: Date): Promise<bigint> {
  const rows = await tx.$queryRaw<{ balance: bigint }[]>`
    select ledger.balance_at(${accountId}::uuid, ${moment}::timestamptz) as balance`;
  return rows[0]!.balance;
}
