import type { JournalKind } from '@kith/db';
import { pool } from '../db.ts';
import { badInput } from '../errors.ts';

/** One line of an account's statement. */
export interface StatementLine {
  communityId: string;
  accountId: string;
  seq: string;
  postedAt: Date;
  entryId: string;
  kind: JournalKind;
  memo: string;
  /** Minor units. */
  amount: bigint;
  balanceAfter: bigint;
  /** The other member of an entry between two; null where there are more or none. */
  counterpartyId: string | null;
  /** The broker who did it for the account's owner; null where they did it themselves, or it was somebody else's act. */
  brokerId: string | null;
}
export interface StatementFilter {
  from?: Date | null | undefined;
  to?: Date | null | undefined;
  kinds?: JournalKind[] | null | undefined;
  counterpartyId?: string | null | undefined;
  text?: string | null | undefined;
}

export const cursorOf = ({ postedAt, seq }: Pick<StatementLine, 'postedAt' | 'seq'>) =>
  Buffer.from(`${postedAt.getTime()}:${seq}`).toString('base64url');
function parse(cursor: string): { at: Date; seq: string } {
  const match = /^(\d{1,14}):(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw badInput('after takes a cursor as it came with a line.', 'after');
  return { at: new Date(Number(match[1])), seq: match[2]! };
}

// One statement for every filter: the index of the account gives the order, the rest is looked at line by line.
const TEXT = `
  select p.seq::text, p.posted_at, p.entry_id, p.amount, p.balance_after, e.kind::text, e.memo, other.member_id as counterparty_id,
         case when e.on_behalf_of_id = mine.member_id then e.actor_id end as broker_id
  from postings p join journal_entries e on e.community_id = p.community_id and e.id = p.entry_id
  join accounts mine on mine.community_id = p.community_id and mine.id = p.account_id
  left join lateral (
    select case when count(*) = 1 and not (e.kind = 'DEMURRAGE' or e.kind = 'REVERSAL' and exists (
             select from entry_reversals r join journal_entries d on d.community_id = r.community_id and d.id = r.entry_id and d.kind = 'DEMURRAGE'
             where r.community_id = e.community_id and r.reversal_id = e.id))
           then (array_agg(a.member_id))[1] end as member_id
    from (select o.account_id from postings o where o.community_id = p.community_id and o.entry_id = p.entry_id and o.account_id <> p.account_id limit 3) o
    join accounts a on a.community_id = p.community_id and a.id = o.account_id where a.member_id is not null
  ) other on true
  where p.community_id = $1 and p.account_id = $2
    and ($3::timestamptz is null or (p.posted_at, p.seq) < ($3::timestamptz, $4::bigint))
    and ($5::timestamptz is null or p.posted_at >= $5) and ($6::timestamptz is null or p.posted_at < $6)
    and ($7::text[] is null or e.kind::text = any ($7)) and ($8::uuid is null or other.member_id = $8)
    and ($9::text is null or e.memo ilike $9)
  order by p.posted_at desc, p.seq desc limit $10`;

/** A page of an account's statement, newest first, behind a cursor. */
export async function statementPage(
  { communityId, id: accountId }: { communityId: string; id: string },
  { after, most, filter = {} }: { after?: string | null | undefined; most: number; filter?: StatementFilter },
): Promise<StatementLine[]> {
  const cursor = after ? parse(after) : undefined;
  const { from, to, kinds, counterpartyId, text } = filter;
  const pattern = text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : null;
  const values = [
    ...[communityId, accountId, cursor?.at ?? null, cursor?.seq ?? null, from ?? null, to ?? null],
    ...[kinds?.length ? kinds : null, counterpartyId ?? null, pattern, most],
  ];
  const { rows } = await pool.query({ name: 'statement', text: TEXT, values });
  return rows.map((row) => ({
    ...{ communityId, accountId, seq: row.seq, postedAt: row.posted_at, entryId: row.entry_id, kind: row.kind },
    ...{ memo: row.memo, amount: BigInt(row.amount), balanceAfter: BigInt(row.balance_after) },
    ...{ counterpartyId: row.counterparty_id, brokerId: row.broker_id },
  }));
}
