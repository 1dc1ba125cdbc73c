import { newId } from '../ids.ts';
import { inCommunity, type Tx } from '../db.ts';
import type { Person, TestKith } from '../../../test/kit.ts';
import { accountOf, issuanceOf, type AccountRef } from './accounts.ts';
import { credit, debit, post } from './entries.ts';

/** A community with members whose accounts hold given amounts, minted, for tests of money. */
export async function moneyed(kith: TestKith, amounts: bigint[]) {
  const community = await kith.community();
  const people: Person[] = [];
  for (const _ of amounts) people.push(await kith.member(community));
  const inside = <T>(work: (tx: Tx) => Promise<T>) => inCommunity(community.id, work);
  const accounts: AccountRef[] = [];
  for (const [at, amount] of amounts.entries())
    await inside(async (tx) => {
      const account = await accountOf(tx, people[at]!.memberId);
      accounts.push(account);
      if (amount > 0n) await mint(tx, account, amount);
    });
  return { community, people, accounts, inside };
}

/** Gives new coins, as coinage would. */
export const mint = async (tx: Tx, account: AccountRef, amount: bigint) =>
  post(tx, { id: newId(), kind: 'MINT', postings: [debit(await issuanceOf(tx), amount), credit(account, amount)] });

/** Everything the ledger stores of a community: to see that a refusal moved nothing. */
export async function ledgerOf(kith: TestKith, communityId: string): Promise<unknown> {
  const tables = ['accounts', 'journal_entries', 'postings', 'reservations', 'entry_reversals', 'events'];
  return Promise.all(
    tables.map((table) => kith.sql(`select t::text from ${table} t where community_id = $1 order by 1`, [communityId])),
  );
}

export const balancesOf = async (kith: TestKith, accounts: AccountRef[]) => {
  const rows = await kith.sql<{ id: string; balance: string; reserved: string }>(
    'select id, balance, reserved from accounts where id = any($1)',
    [accounts.map(({ id }) => id)],
  );
  return accounts.map(({ id }) => {
    const { balance, reserved } = rows.find((row) => row.id === id)!;
    return Number(reserved) ? `${balance} (${reserved} reserved)` : balance;
  });
};

/** Differences the audit finds in all communities of the test's database. */
export const differences = (kith: TestKith) => kith.sql('select rule, subject_id, expected, found from ledger.audit()');
