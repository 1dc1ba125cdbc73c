-- Which entries of a group can be written together: new, in one currency that sums to zero, without a parent or a reservation, and
-- touching no account that is closed, or that the debits or credits of the whole group could bring to its limit, in whatever order.
create or replace function ledger.plain_entries(
  community uuid, held ledger.held, ids uuid[], heads jsonb[], line_entry integer[], line_account uuid[], line_amount bigint[], line_reservation uuid[])
returns integer[] language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  known uuid[] := array(select (select e.id from journal_entries e where e.community_id = community and e.id = i) from unnest(ids) i);
  safe uuid[];
  named uuid[] := held.ids;
  balances bigint[] := held.balances;
  available bigint[] := held.available;
  ceilings bigint[] := held.ceilings;
  currencies text[] := held.currencies;
  closed boolean[] := held.closed;
begin
  select coalesce(array_agg(f.account order by f.account), '{}') into safe
  from (select l.account, sum(least(l.amount, 0)) as debits, sum(greatest(l.amount, 0)) as credits, width_bucket(l.account, named) as place
        from unnest(line_account, line_amount) as l (account, amount) group by l.account) f
  where named[f.place] = f.account and not closed[f.place]
    and (f.debits = 0 or available[f.place] is null or available[f.place] + f.debits >= 0)
    and (f.credits = 0 or ceilings[f.place] is null or balances[f.place] + f.credits <= ceilings[f.place]);
  return array(
    select l.entry from unnest(line_entry, line_account, line_amount, line_reservation) as l (entry, account, amount, reservation)
    group by l.entry
    having count(*) >= 2 and sum(l.amount) = 0
      and bool_and(l.amount <> 0 and l.reservation is null and l.account = any (safe))
      and count(distinct currencies[width_bucket(l.account, named)]) = 1
      and heads[l.entry]->>'parentId' is null and array_position(ids, ids[l.entry]) = l.entry and array_position(known, ids[l.entry]) is null
    order by l.entry);
end $$;
revoke all on function ledger.plain_entries from public;
