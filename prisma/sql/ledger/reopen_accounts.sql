-- Opens the accounts of a member who comes back, as a newcomer's would be: with the credit limit of the policy.
create or replace function ledger.reopen_accounts(member_id uuid)
returns void language sql security definer set search_path = public, pg_temp as $$
  update accounts a set closed_at = null, credit_limit = case when a.is_local then ledger.policy_limit(a.community_id) else 0 end
  where a.community_id = current_setting('app.community_id')::uuid and a.member_id = reopen_accounts.member_id and a.closed_at is not null
$$;
revoke all on function ledger.reopen_accounts from public;
grant execute on function ledger.reopen_accounts to kith_app;
