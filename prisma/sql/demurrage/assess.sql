-- What each member of the current community owes for a period that ends at a moment, of what they held at that moment; those who owe
-- nothing are left out. What an earlier period took only after that moment counts as taken: being late costs nobody more.
create or replace function demurrage.assess(ends_at timestamptz, rate_ppm integer, allowance bigint, grace_days integer)
returns table (account_id uuid, member_id uuid, balance bigint, available bigint, charge bigint)
language plpgsql stable rows 10000 set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  community uuid := current_setting('app.community_id')::uuid;
  late uuid[] := array(
    select r.id from demurrage_runs r
    where r.community_id = community and r.ends_at < assess.ends_at and r.finished_at > assess.ends_at
      and not exists (select from entry_reversals v where v.community_id = community and v.entry_id = r.id));
begin
  return query
  -- Apart, so that the charge is reckoned in place: called for each row it would cost more than everything else.
  with held as materialized (
    select a.id, a.member_id, a.balance - a.reserved + a.credit_limit as available,
           case when a.last_posted_at <= assess.ends_at then a.balance else ledger.balance_at(a.id, assess.ends_at) + coalesce(l.taken, 0) end as balance
    from accounts a
    join members m on m.community_id = community and m.id = a.member_id
    left join (select p.account_id, sum(p.amount)::bigint as taken from postings p
               where p.community_id = community and p.entry_id = any (late) group by p.account_id) l on l.account_id = a.id
    where a.community_id = community and a.kind = 'MEMBER' and a.is_local
      and (a.balance > assess.allowance or a.last_posted_at > assess.ends_at)
      and coalesce(m.admitted_at, m.created_at) + make_interval(hours => 24 * assess.grace_days) <= assess.ends_at
  )
  select h.id, h.member_id, h.balance, h.available, demurrage.charge_of(h.balance, assess.allowance, assess.rate_ppm) from held h
  where demurrage.charge_of(h.balance, assess.allowance, assess.rate_ppm) > 0;
end $$;
revoke all on function demurrage.assess from public;
grant execute on function demurrage.assess to kith_app;
