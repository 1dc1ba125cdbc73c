-- Gives the policy's credit limit to members' local accounts that have another, all at once; those with a limit of their own only when
-- asked for. A dry run only looks. Answers whose limit changes, what it was, and what is available then, which may be below zero.
create or replace function ledger.apply_credit_limit(include_own boolean, dry_run boolean, at timestamptz default null)
returns table (member_id uuid, account_id uuid, limit_before bigint, limit_now bigint, available bigint)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  community uuid := current_setting('app.community_id')::uuid;
  wanted bigint := ledger.policy_limit(community);
  chosen uuid[];
begin
  chosen := array(
    select a.id from accounts a
    where a.community_id = community and a.kind = 'MEMBER' and a.is_local and a.closed_at is null and (include_own or not a.has_own_limit)
    order by a.id);
  if not dry_run then
    -- In the order of the ledger; payments of the community wait for so long.
    perform 1 from accounts a where a.community_id = community and a.id = any (chosen) order by a.id for no key update;
  end if;
  return query
    select a.member_id, a.id, a.credit_limit, wanted, a.balance - a.reserved + wanted from accounts a
    where a.community_id = community and a.id = any (chosen) and a.closed_at is null and a.credit_limit <> wanted order by a.id;
  if not dry_run then
    update accounts a set credit_limit = wanted, has_own_limit = false, limit_lowered_at = ledger.lowered_at(a, wanted, at)
    where a.community_id = community and a.id = any (chosen) and a.closed_at is null and (a.credit_limit <> wanted or a.has_own_limit);
  end if;
end $$;
revoke all on function ledger.apply_credit_limit from public;
grant execute on function ledger.apply_credit_limit to kith_app;
