-- Sets an account's credit limit and ceiling (null: none). A limit that is in use cannot be lowered below what is used.
create or replace function ledger.set_limits(account_id uuid, credit_limit bigint, ceiling bigint)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
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
  if credit_limit < account.credit_limit and account.balance - account.reserved + credit_limit < 0 then
    raise exception 'The credit is in use.' using errcode = 'KL016',
      detail = jsonb_build_object('accountId', account_id, 'inUse', (account.reserved - account.balance)::text);
  end if;
  update accounts a set credit_limit = set_limits.credit_limit, ceiling = set_limits.ceiling where a.community_id = community and a.id = account_id;
end $$;
revoke all on function ledger.set_limits from public;
grant execute on function ledger.set_limits to kith_app;
