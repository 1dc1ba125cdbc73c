-- Recomputes what is stored, for one community or (null) all, and answers every difference. For the owner alone; reads every posting.
create or replace function ledger.audit(community uuid default null)
returns table (community_id uuid, rule text, subject_id uuid, expected text, found text)
language sql stable set search_path = public, pg_temp as $$
  with line as (
    select p.community_id, p.account_id, p.entry_id, p.amount, p.balance_after, p.posted_at, p.seq, p.reservation_id,
           sum(p.amount) over (partition by p.community_id, p.account_id order by p.posted_at, p.seq) as running
    from postings p where audit.community is null or p.community_id = audit.community
  ), total as (
    select l.community_id, l.account_id, sum(l.amount) as balance from line l group by l.community_id, l.account_id
  ), held as (
    select r.community_id, r.account_id, sum(r.amount) as amount from reservations r where audit.community is null or r.community_id = audit.community group by r.community_id, r.account_id
  ), account as (
    select a.*, coalesce(t.balance, 0) as posted, coalesce(h.amount, 0) as held
    from accounts a left join total t on t.community_id = a.community_id and t.account_id = a.id
    left join held h on h.community_id = a.community_id and h.account_id = a.id
    where audit.community is null or a.community_id = audit.community
  )
  select a.community_id, 'balance = sum of postings', a.id, a.posted::text, a.balance::text from account a where a.balance <> a.posted
  union all
  select a.community_id, 'reserved = sum of open reservations', a.id, a.held::text, a.reserved::text from account a where a.reserved <> a.held
  union all
  select l.community_id, 'balance_after = running sum', l.account_id, l.running::text, l.balance_after::text from line l where l.balance_after <> l.running
  union all
  -- A reversal may leave arrears, and a limit that was lowered; nothing else may.
  select a.community_id, 'available >= 0', a.id, '0', (a.balance - a.reserved + a.credit_limit)::text from account a
  where a.kind in ('MEMBER', 'TREASURY') and a.balance - a.reserved + a.credit_limit < 0 and a.limit_lowered_at is null
    and not exists (select from line l join journal_entries e on e.community_id = l.community_id and e.id = l.entry_id
                    where l.community_id = a.community_id and l.account_id = a.id and l.amount < 0 and e.kind = 'REVERSAL')
  union all
  -- Since it was lowered last a limit was never higher, so what was spent since is judged by the limit of today.
  select a.community_id, 'nothing is spent below the limit', a.id, '>= ' || -a.credit_limit, min(s.after)::text
  from account a join (
    select l.community_id, l.account_id, l.entry_id, l.posted_at, (array_agg(l.balance_after order by l.seq desc))[1] as after
    from line l group by l.community_id, l.account_id, l.entry_id, l.posted_at
    having sum(l.amount) filter (where l.reservation_id is null) < 0) s on s.community_id = a.community_id and s.account_id = a.id
  where a.kind in ('MEMBER', 'TREASURY') and s.after < -a.credit_limit and (a.limit_lowered_at is null or s.posted_at > a.limit_lowered_at)
    and not exists (select from journal_entries e where e.community_id = s.community_id and e.id = s.entry_id and e.kind = 'REVERSAL')
  group by a.community_id, a.id, a.credit_limit
  union all
  select a.community_id, 'a closed account holds nothing', a.id, '0', (abs(a.balance) + a.reserved)::text from account a
  where a.closed_at is not null and (a.balance <> 0 or a.reserved <> 0)
  union all
  select a.community_id, 'nothing is posted on a closed account', a.id, '<= ' || a.closed_at, a.last_posted_at::text from account a
  where a.closed_at < a.last_posted_at
  union all
  select a.community_id, 'who has left holds nothing', a.id, '0', (abs(a.balance) + a.reserved)::text from account a
  join members m on m.community_id = a.community_id and m.id = a.member_id and m.state = 'LEFT'
  where a.closed_at is null and (a.balance <> 0 or a.reserved <> 0)
  union all
  select a.community_id, 'nothing given back that was not given', a.id, '<= 0', a.balance::text from account a
  where a.kind in ('ISSUANCE', 'CLEARING') and a.balance > 0
  union all
  select l.community_id, 'an entry sums to zero per currency', l.entry_id, '0', sum(l.amount)::text
  from line l join accounts a on a.community_id = l.community_id and a.id = l.account_id
  group by l.community_id, l.entry_id, a.is_local, a.currency_code having sum(l.amount) <> 0
  union all
  select a.community_id, 'balances of a currency sum to zero', null, '0', sum(a.balance)::text
  from account a group by a.community_id, a.is_local, a.currency_code having sum(a.balance) <> 0
  union all
  select l.community_id, 'a posting has its account and its entry', l.entry_id, 'both', 'missing' from line l
  where not exists (select from accounts a where a.community_id = l.community_id and a.id = l.account_id)
     or not exists (select from journal_entries e where e.community_id = l.community_id and e.id = l.entry_id)
  union all
  select e.community_id, 'an entry has postings', e.id, 'two or more', count(p.entry_id)::text
  from journal_entries e left join postings p on p.community_id = e.community_id and p.entry_id = e.id
  where audit.community is null or e.community_id = audit.community
  group by e.community_id, e.id having count(p.entry_id) < 2
  union all
  select r.community_id, 'what was undone and what undid it are there', r.entry_id, 'both', 'missing' from entry_reversals r
  where (audit.community is null or r.community_id = audit.community)
    and (not exists (select from journal_entries e where e.community_id = r.community_id and e.id = r.entry_id)
         or not exists (select from journal_entries e where e.community_id = r.community_id and e.id = r.reversal_id and e.kind = 'REVERSAL'))
  union all
  select r.community_id, 'a reservation has its account', r.id, 'account', 'missing' from reservations r
  where (audit.community is null or r.community_id = audit.community)
    and not exists (select from accounts a where a.community_id = r.community_id and a.id = r.account_id)
$$;
revoke all on function ledger.audit from public;
