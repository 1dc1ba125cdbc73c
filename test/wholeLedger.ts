import { newId } from '../api/src/ids.ts';

interface Ledger {
  put: (table: string, row: Record<string, unknown>) => Promise<void>;
  mark: string;
  ownerId: string;
  neighbourId: string;
}

/** Accounts and entries of a whole community, as posting would have left them: the owner was paid, and something was undone. */
export async function fillLedger({ put, mark, ownerId, neighbourId }: Ledger) {
  const [owner, neighbour, issuance, treasury] = [newId(), newId(), newId(), newId()];
  const balances = { [owner]: 0, [neighbour]: 0, [issuance]: 0, [treasury]: 0 };
  const local = { is_local: true, currency_code: 'TEST', scale: 2 };
  const [minted, paid, wrong, undone, granted] = [newId(), newId(), newId(), newId(), newId()];
  const lines: { entry: string; account: string; amount: number; after: number; at: Date }[] = [];
  const begin = Date.now() - 60_000;
  const post = async (
    id: string,
    { kind, actor, amounts }: { kind: string; actor?: string; amounts: Record<string, number> },
  ) => {
    const at = new Date(begin + lines.length);
    await put('journal_entries', { id, kind, memo: mark, content_hash: mark, actor_id: actor ?? null, posted_at: at });
    for (const [account, amount] of Object.entries(amounts))
      lines.push({ entry: id, account, amount, after: (balances[account] = balances[account]! + amount), at });
  };
  await post(minted, {
    kind: 'MINT',
    amounts: { [issuance]: -101_000, [owner]: 60_000, [neighbour]: 40_000, [treasury]: 1000 },
  });
  await post(paid, { kind: 'PAYMENT', actor: neighbourId, amounts: { [neighbour]: -1000, [owner]: 1000 } });
  await post(wrong, { kind: 'PAYMENT', actor: ownerId, amounts: { [owner]: -500, [neighbour]: 500 } });
  await post(undone, { kind: 'REVERSAL', amounts: { [owner]: 500, [neighbour]: -500 } });
  await post(granted, { kind: 'GRANT', actor: neighbourId, amounts: { [treasury]: -300, [owner]: 300 } });
  await put('accounts', { id: treasury, kind: 'TREASURY', ...local, balance: balances[treasury] });
  await put('entry_reversals', { entry_id: wrong, reversal_id: undone });
  await put('accounts', { id: issuance, kind: 'ISSUANCE', ...local, balance: balances[issuance] });
  await put('accounts', {
    id: owner,
    kind: 'MEMBER',
    member_id: ownerId,
    ...local,
    balance: balances[owner],
    reserved: 200,
  });
  await put('accounts', {
    id: neighbour,
    kind: 'MEMBER',
    member_id: neighbourId,
    ...local,
    balance: balances[neighbour],
  });
  for (const { entry, account, amount, after, at } of lines)
    await put('postings', { account_id: account, entry_id: entry, amount, balance_after: after, posted_at: at });
  await put('reservations', {
    ...{ id: newId(), account_id: owner, amount: 200, initial_amount: 300, subject_type: 'Trade', subject_id: newId() },
    ...{ created_at: new Date(begin), changed_at: new Date(begin) },
  });
  const run = newId();
  const moment = new Date(begin);
  await put('demurrage_runs', {
    ...{ id: run, ends_on: moment, ends_at: moment, period: 'MONTH', rate_ppm: 10_000, allowance: 0, grace_days: 0 },
    ...{ state: 'DONE', accounts: 2, arrears_accounts: 1, arrears: 5, started_at: moment, finished_at: moment },
  });
  await put('demurrage_arrears', { run_id: run, account_id: owner, charge: 10, paid: 5 });
  const request = { id: newId(), payee_id: neighbourId, payer_id: ownerId, amount: 150, memo: mark, reason: mark };
  const rule = newId();
  await put('payment_requests', { ...request, expires_at: new Date(begin + 864e5) });
  await put('payment_rules', { id: rule, payer_id: ownerId, payee_id: neighbourId, after_days: 3, amount_most: 1000 });
  return {
    DemurrageRun: [run],
    PaymentRequest: [request.id],
    PaymentRule: [rule],
    Account: [owner, neighbour, issuance],
    JournalEntry: [paid, wrong, minted, undone],
  };
}
