-- For each currency and kind of account of the current community: how many, and what they hold together. Each currency sums to zero.
create or replace function ledger.trial_balance()
returns table (is_local boolean, currency_code text, scale integer, kind account_kind, accounts bigint, balance bigint, reserved bigint, negative bigint)
language sql stable set search_path = public, pg_temp as $$
  select a.is_local, a.currency_code, max(a.scale)::integer, a.kind, count(*), sum(a.balance)::bigint, sum(a.reserved)::bigint, coalesce(sum(least(a.balance, 0)), 0)::bigint
  from accounts a where a.community_id = current_setting('app.community_id')::uuid
  group by a.is_local, a.currency_code, a.kind order by a.is_local desc, a.currency_code, a.kind
$$;
revoke all on function ledger.trial_balance from public;
grant execute on function ledger.trial_balance to kith_app;
