-- Sets an account's credit limit (null: the policy's again) and ceiling (null: none), or keeps them. A limit below what is used takes
-- nothing back: the account spends nothing more until it has earned its way up. Answers what was before and what is now.
create or replace function ledger.set_limits(
  account_id uuid, credit_limit bigint, keep_limit boolean, ceiling bigint, keep_ceiling boolean, at timestamptz default null,
  out limit_before bigint, out limit_now bigint, out ceiling_before bigint, out ceiling_now bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_variable
declare
  community uuid := current_setting('app.community_id')::uuid;
  account accounts;
begin
  select * into account from accounts a where a.community_id = community and a.id = account_id and a.kind in ('MEMBER', 'TREASURY') for no key update;
  if not found then raise exception 'There is no such account to set limits of.' using errcode = 'KL007'; end if;
  if account.closed_at is not null then
    raise exception 'The account is closed: its owner has left.' using errcode = 'KL017';
  end if;
  limit_before := account.credit_limit;
  ceiling_before := account.ceiling;
  limit_now := case when keep_limit then account.credit_limit when credit_limit is not null then credit_limit
                    when account.kind = 'MEMBER' and account.is_local then ledger.policy_limit(community) else 0 end;
  ceiling_now := case when keep_ceiling then account.ceiling else ceiling end;
  update accounts a set credit_limit = limit_now, ceiling = ceiling_now, has_own_limit = case when keep_limit then account.has_own_limit else credit_limit is not null end,
    limit_lowered_at = ledger.lowered_at(account, limit_now, at)
  where a.community_id = community and a.id = account_id;
end $$;
revoke all on function ledger.set_limits from public;
grant execute on function ledger.set_limits to kith_app;
