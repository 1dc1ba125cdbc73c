-- Closes the accounts of a member who leaves, with their limits; false, and nothing is closed, where one of them holds something or owes.
-- Whoever posts waits for the same locks: what came before is seen here, what comes later is refused.
create or replace function ledger.close_accounts(member_id uuid, at timestamptz default null)
returns boolean language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
begin
  perform 1 from accounts a where a.community_id = community and a.member_id = close_accounts.member_id order by a.id for no key update;
  if exists (select from accounts a where a.community_id = community and a.member_id = close_accounts.member_id
             and (a.balance <> 0 or a.reserved <> 0)) then
    return false;
  end if;
  update accounts a set credit_limit = 0, ceiling = null, has_own_limit = false, limit_lowered_at = ledger.lowered_at(a, 0, at),
    closed_at = greatest(date_trunc('milliseconds', coalesce(at, clock_timestamp())), a.last_posted_at)
  where a.community_id = community and a.member_id = close_accounts.member_id and a.closed_at is null;
  return true;
end $$;
revoke all on function ledger.close_accounts from public;
grant execute on function ledger.close_accounts to kith_app;
