-- Which entries of a group can be written together: new, in one currency that sums to zero, without a parent or a reservation, and
-- touching no account that the debits or credits of the whole group could bring to its limit, in whatever order.
create or replace function ledger.plain_entries(
  community uuid, held ledger.held, ids uuid[], heads jsonb[], line_entry integer[], line_account uuid[], line_amount bigint[], line_reservation uuid[])
returns integer[] language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  known uuid[] := array(select (select e.id from journal_entries e where e.community_id = community and e.id = i) from unnest(ids) i);
  safe uuid[];
begin
  select coalesce(array_agg(f.account order by f.account), '{}') into safe
  from (select l.account, sum(least(l.amount, 0)) as debits, sum(greatest(l.amount, 0)) as credits, array_position(held.ids, l.account) as place
        from unnest(line_account, line_amount) as l (account, amount) group by l.account) f
  where f.place is not null
    and (f.debits = 0 or held.available[f.place] is null or held.available[f.place] + f.debits >= 0)
    and (f.credits = 0 or held.ceilings[f.place] is null or held.balances[f.place] + f.credits <= held.ceilings[f.place]);
  return array(
    select l.entry from unnest(line_entry, line_account, line_amount, line_reservation) as l (entry, account, amount, reservation)
    group by l.entry
    having count(*) >= 2 and sum(l.amount) = 0
      and bool_and(l.amount <> 0 and l.reservation is null and l.account = any (safe))
      and count(distinct held.currencies[array_position(held.ids, l.account)]) = 1
      and heads[l.entry]->>'parentId' is null and array_position(ids, ids[l.entry]) = l.entry and array_position(known, ids[l.entry]) is null
    order by l.entry);
end $$;
revoke all on function ledger.plain_entries from public;
