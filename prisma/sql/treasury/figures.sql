-- The economy of the current community from a moment to before another, in its own currency. Amounts in minor units.
create or replace function treasury.figures(from_time timestamptz, to_time timestamptz)
returns table (
  supply_before bigint, supply bigint, minted bigint, burned bigint, volume bigint, payments bigint, traders bigint, members bigint, inactive bigint,
  demurrage bigint, treasury bigint, held bigint, gini numeric, top_tenth numeric)
language sql stable set search_path = public, pg_temp as $$
  with here as (select current_setting('app.community_id')::uuid as id),
  -- A moment just before: what is posted at the moment itself belongs to what comes after.
  edge as (select from_time - interval '1 millisecond' as before, to_time - interval '1 millisecond' as after),
  system as (
    select a.id, a.kind from accounts a, here where a.community_id = here.id and a.is_local and a.kind in ('ISSUANCE', 'TREASURY')
  ),
  issued as (
    select coalesce(sum(-least(p.amount, 0)), 0)::bigint as minted, coalesce(sum(greatest(p.amount, 0)), 0)::bigint as burned
    from system s join here on s.kind = 'ISSUANCE'
    join postings p on p.community_id = here.id and p.account_id = s.id and p.posted_at >= from_time and p.posted_at < to_time
  ),
  -- What members were paid by members; what was undone since does not count, what was sent back is taken off.
  moved as (
    select p.account_id, e.id, e.kind, p.amount
    from here join journal_entries e on e.community_id = here.id and e.posted_at >= from_time and e.posted_at < to_time and e.kind in ('PAYMENT', 'TRADE', 'REFUND')
    join postings p on p.community_id = here.id and p.entry_id = e.id
    join accounts a on a.community_id = here.id and a.id = p.account_id and a.kind = 'MEMBER' and a.is_local
    where not exists (select from entry_reversals r where r.community_id = here.id and r.entry_id = e.id)
  ),
  person as (
    select m.id, greatest(coalesce(b.balance, 0), 0) as balance, b.account_id
    from here join members m on m.community_id = here.id and m.state = 'ACTIVE'
    left join lateral (
      select a.id as account_id, case when a.last_posted_at < to_time then a.balance else ledger.balance_at(a.id, (select after from edge)) end as balance
      from accounts a where a.community_id = here.id and a.member_id = m.id and a.is_local) b on true
  ),
  ranked as (select p.balance, row_number() over (order by p.balance) as place, count(*) over () as people, sum(p.balance) over () as total from person p)
  select
    coalesce((select -ledger.balance_at(s.id, edge.before) from system s where s.kind = 'ISSUANCE'), 0),
    coalesce((select -ledger.balance_at(s.id, edge.after) from system s where s.kind = 'ISSUANCE'), 0),
    issued.minted, issued.burned,
    (select coalesce(sum(case when m.kind = 'REFUND' then least(m.amount, 0) else greatest(m.amount, 0) end), 0)::bigint from moved m),
    (select count(distinct m.id) from moved m where m.kind <> 'REFUND'),
    (select count(distinct p.id) from person p where p.account_id in (select m.account_id from moved m)),
    (select count(*) from person),
    (select count(*) from person p where p.account_id is null or p.account_id not in (select m.account_id from moved m)),
    (select coalesce(sum(p.amount), 0)::bigint from system s join postings p on p.community_id = here.id and p.account_id = s.id and p.posted_at >= from_time and p.posted_at < to_time
       join journal_entries e on e.community_id = here.id and e.id = p.entry_id and e.kind = 'DEMURRAGE'
     where s.kind = 'TREASURY' and not exists (select from entry_reversals r where r.community_id = here.id and r.entry_id = e.id)),
    coalesce((select ledger.balance_at(s.id, edge.after) from system s where s.kind = 'TREASURY'), 0),
    (select coalesce(sum(p.balance), 0)::bigint from person p),
    (select round(sum((2 * r.place - r.people - 1) * r.balance) / nullif(max(r.people) * max(r.total), 0), 4) from ranked r),
    (select round(sum(r.balance) filter (where r.place > r.people - ceil(r.people / 10.0)) / nullif(max(r.total), 0), 4) from ranked r)
  from here, edge, issued
$$;
revoke all on function treasury.figures from public;
grant execute on function treasury.figures to kith_app;
