-- Writes down that a period's run has begun, once for each day; answers the run of that day. run: {id, endsOn, endsAt, period, ratePpm, allowance, graceDays}.
create or replace function demurrage.begin_run(run jsonb, at timestamptz)
returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
begin
  insert into demurrage_runs (community_id, id, ends_on, ends_at, period, rate_ppm, allowance, grace_days, accounts, started_at)
  select community, (run->>'id')::uuid, (run->>'endsOn')::date, (run->>'endsAt')::timestamptz, (run->>'period')::demurrage_period,
         (run->>'ratePpm')::integer, ledger.units(run->>'allowance', c.currency_scale), (run->>'graceDays')::integer,
         (select count(*) from accounts a where a.community_id = community and a.kind = 'MEMBER' and a.is_local), at
  from communities c where c.id = community
  on conflict (community_id, ends_on) do nothing;
  return (select r.id from demurrage_runs r where r.community_id = community and r.ends_on = (run->>'endsOn')::date);
end $$;
revoke all on function demurrage.begin_run from public;
grant execute on function demurrage.begin_run to kith_app;
