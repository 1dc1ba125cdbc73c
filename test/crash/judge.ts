import type { Installation } from './installation.ts';
import { STEPS, type Log } from './log.ts';
import type { Community } from './people.ts';

interface Line {
  id: string;
  kind: string;
  subject_id: string | null;
  posted_at: Date;
  payer: string | null;
  payee: string | null;
  amount: string;
  lines: number;
}
export interface Verdict {
  /** What is not as it should be, in sentences; at most a hundred. */
  differences: string[];
  /** Payments nobody heard of: those that were made, and those that were not. */
  unheard: { made: number; lost: number };
}
const MOST = 100;

/**
 * Compares what clients were told with what the database holds, by reckoning of its own: every payment that was acknowledged is there
 * once with its amount; one without an answer is there once or not at all; nothing else is there; and every balance follows from them.
 */
export async function judge(installation: Installation, community: Community, log: Log): Promise<Verdict> {
  const { sql } = installation;
  const differences: string[] = [];
  const differs = (what: string) => void (differences.length < MOST && differences.push(what));
  const entries = new Map((await entriesOf(installation, community)).map((entry) => [entry.id, entry]));
  const balances = new Map(community.people.map(({ memberId }) => [memberId, community.funds]));
  const unheard = { made: 0, lost: 0 };

  /** Takes an entry out of those that are there, and follows its money. */
  function take(id: string, { from, to, amount }: { from: string; to: string; amount: bigint }, what: string) {
    const entry = entries.get(id);
    if (!entry) return false;
    entries.delete(id);
    if (entry.payer !== from || entry.payee !== to || BigInt(entry.amount) !== amount || entry.lines !== 2)
      differs(`${what} ${id} moved ${JSON.stringify(entry)} and not ${amount} from ${from} to ${to}`);
    balances.set(from, balances.get(from)! - amount);
    balances.set(to, balances.get(to)! + amount);
    return true;
  }
  const bySubject = new Map<string, Line[]>();
  for (const entry of entries.values())
    if (entry.subject_id) bySubject.set(entry.subject_id, [...(bySubject.get(entry.subject_id) ?? []), entry]);

  for (const { id, outcome, attempts, postedAt, ...of } of log.payments) {
    const at = entries.get(id)?.posted_at.toISOString();
    const isThere = take(id, of, 'payment');
    if (outcome === 'done' && !isThere) differs(`payment ${id} was acknowledged and is not there`);
    // Sent once and refused. Sent again, the first sending may have been on its way still.
    if (outcome === 'refused' && attempts === 1 && isThere) differs(`payment ${id} was refused and is there`);
    if ([...postedAt].some((told) => told !== at))
      differs(`payment ${id} was posted at ${at}, and told to be at ${[...postedAt].join(' and ')}`);
    if (outcome === 'unanswered') unheard[isThere ? 'made' : 'lost']++;
  }
  for (const { id, from, rows, outcome } of log.batches) {
    const made = bySubject.get(id) ?? [];
    if (made.length !== 0 && made.length !== rows.length) differs(`batch ${id} paid ${made.length} of ${rows.length}`);
    if (outcome === 'done' && made.length === 0) differs(`batch ${id} was acknowledged and is not there`);
    for (const row of made.length ? rows : []) {
      const same = made.findIndex(({ payee, amount }) => payee === row.to && BigInt(amount) === row.amount);
      const [entry] = same < 0 ? [] : made.splice(same, 1);
      if (entry) take(entry.id, { from, ...row }, 'row of a batch');
      else differs(`batch ${id} has no payment of ${row.amount} to ${row.to}`);
    }
  }

  const requests = await sql<{ id: string; state: string; entry_id: string | null }>(
    'select id, state, entry_id from payment_requests where community_id = $1',
    [community.id],
  );
  const requestById = new Map(requests.map((row) => [row.id, row]));
  for (const { id, asked, accepted, ...of } of log.requests) {
    const row = requestById.get(id);
    if (asked === 'done' && !row) differs(`request ${id} was acknowledged and is not there`);
    if (accepted === 'done' && row?.state !== 'ACCEPTED') differs(`request ${id} was accepted and is ${row?.state}`);
    if (row?.state === 'ACCEPTED' && !take(row.entry_id!, of, 'payment of a request'))
      differs(`request ${id} is accepted and was not paid`);
  }

  const trades = await sql<{ id: string; state: string; entry_id: string | null; held: string | null }>(
    `select t.id, t.state, t.entry_id, r.amount as held from trades t
     left join reservations r on r.community_id = t.community_id and r.id = t.reservation_id where t.community_id = $1`,
    [community.id],
  );
  const tradeById = new Map(trades.map((row) => [row.id, row]));
  let reserved = 0n;
  for (const { id, buyer, provider, price, steps } of log.trades) {
    const row = tradeById.get(id);
    const reached = row ? STEPS.indexOf(row.state as (typeof STEPS)[number]) : -1;
    for (const [at, step] of STEPS.entries())
      if (steps[step] === 'done' && reached < at) differs(`trade ${id} was told to be ${step} and is ${row?.state}`);
    if (reached >= 0 && steps[STEPS[reached]!] === undefined)
      differs(`trade ${id} is ${row?.state}, which nobody sent`);
    const held = row?.state === 'AGREED' || row?.state === 'DELIVERED' ? price : 0n;
    if (BigInt(row?.held ?? 0) !== held) differs(`trade ${id} is ${row?.state} and holds ${row?.held}`);
    reserved += held;
    const isPaid = row?.entry_id ? take(row.entry_id, { from: buyer, to: provider, amount: price }, 'trade') : false;
    if (isPaid !== (row?.state === 'COMPLETED')) differs(`trade ${id} is ${row?.state} and paid: ${isPaid}`);
  }
  for (const { id, kind } of entries.values()) differs(`entry ${id} (${kind}) is there, and nobody sent it`);

  const accounts = await sql<{ member_id: string | null; balance: string; reserved: string }>(
    'select member_id, balance, reserved from accounts where community_id = $1',
    [community.id],
  );
  let sum = 0n;
  for (const { member_id, balance } of accounts) {
    if (member_id && BigInt(balance) !== balances.get(member_id))
      differs(`${member_id} has ${balance}, and by what was sent ${balances.get(member_id)}`);
    if (member_id) sum += BigInt(balance);
  }
  const supply = community.funds * BigInt(community.people.length);
  if (sum !== supply) differs(`members have ${sum} together, and had ${supply}`);
  const held = accounts.reduce((all, account) => all + BigInt(account.reserved), 0n);
  if (held !== reserved) differs(`${held} is reserved, and by the trades ${reserved}`);
  return { differences, unheard };
}

/** Every entry but the first, which minted what all began with; with its two sides, where it has no more. */
const entriesOf = ({ sql }: Installation, { id }: Community) =>
  sql<Line>(
    `select e.id, e.kind, e.subject_id, e.posted_at, count(*)::int as lines,
            min(a.member_id::text) filter (where p.amount < 0) as payer, min(a.member_id::text) filter (where p.amount > 0) as payee,
            sum(p.amount) filter (where p.amount > 0)::text as amount
     from journal_entries e left join postings p on p.community_id = e.community_id and p.entry_id = e.id
     left join accounts a on a.community_id = p.community_id and a.id = p.account_id
     where e.community_id = $1 and e.kind <> 'MINT' group by e.community_id, e.id`,
    [id],
  );

/** Payments whose events or notice are missing, or there more than once: what was posted is told, once. */
export async function untold({ sql }: Installation, { id }: Community): Promise<string[]> {
  const rows = await sql<{ id: string; events: number; notices: number }>(
    `with told as (
       select payload->>'entryId' as entry, count(*)::int as events from events
       where community_id = $1 and topic in ('payment.sent', 'payment.received') group by 1),
     noticed as (
       select key, count(*)::int as notices from notifications where community_id = $1 and kind = 'payment.received' group by 1)
     select e.id, coalesce(t.events, 0) as events, coalesce(n.notices, 0) as notices from journal_entries e
     left join told t on t.entry = e.id::text left join noticed n on n.key = 'payment.received:' || e.id
     where e.community_id = $1 and e.kind = 'PAYMENT' and (t.events is distinct from 2 or n.notices is distinct from 1) limit ${MOST}`,
    [id],
  );
  return rows.map(({ id, events, notices }) => `payment ${id} has ${events} events and ${notices} notices`);
}
