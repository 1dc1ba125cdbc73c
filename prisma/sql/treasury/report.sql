-- What came into the treasury's local account of the current community and what went, by kind of entry, from a moment to before another.
create or replace function treasury.report(from_time timestamptz, to_time timestamptz)
returns table (kind journal_kind, entries bigint, income bigint, spending bigint)
language sql stable set search_path = public, pg_temp as $$
  select e.kind, count(distinct e.id), coalesce(sum(p.amount) filter (where p.amount > 0), 0)::bigint, coalesce(-sum(p.amount) filter (where p.amount < 0), 0)::bigint
  from accounts a
  join postings p on p.community_id = a.community_id and p.account_id = a.id and p.posted_at >= from_time and p.posted_at < to_time
  join journal_entries e on e.community_id = p.community_id and e.id = p.entry_id
  where a.community_id = current_setting('app.community_id')::uuid and a.kind = 'TREASURY' and a.is_local
  group by e.kind order by e.kind
$$;
revoke all on function treasury.report from public;
grant execute on function treasury.report to kith_app;
