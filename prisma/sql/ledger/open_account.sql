-- The id of an account of the current community, opened if it is not there. The local currency and its decimals are the community's;
-- a global currency comes with its decimals. A member's local account begins with the credit limit of the policy, and bears the
-- member's id, so that a payment finds it by its primary key.
create or replace function ledger.open_account(kind account_kind, member_id uuid default null, global_currency text default null, global_scale integer default null)
returns uuid language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_variable
declare
  community communities;
  account uuid;
  local boolean := global_currency is null;
  state member_state;
begin
  select * into community from communities c where c.id = current_setting('app.community_id')::uuid;
  if not found then raise exception 'There is no such community.' using errcode = 'KL012'; end if;
  -- Two statements, because "is not distinct from" finds no index.
  if member_id is null then
    select a.id into account from accounts a where a.community_id = community.id and a.member_id is null and a.kind = open_account.kind
      and a.is_local = local and a.currency_code = coalesce(global_currency, community.currency_code);
  else
    select a.id into account from accounts a where a.community_id = community.id and a.member_id = open_account.member_id and a.kind = open_account.kind
      and a.is_local = local and a.currency_code = coalesce(global_currency, community.currency_code);
  end if;
  if found then return account; end if;

  if member_id is not null then
    -- Whoever leaves at this moment waits, or is waited for.
    select m.state into state from members m where m.community_id = community.id and m.id = member_id for share;
    if not found then raise exception 'There is no such member.' using errcode = 'KL013'; end if;
    if state = 'LEFT' then raise exception 'The account is closed: its owner has left.' using errcode = 'KL017'; end if;
  end if;
  insert into accounts as a (community_id, id, kind, member_id, is_local, currency_code, scale, credit_limit, ceiling)
  values (community.id, case when kind = 'MEMBER' and local then member_id else gen_random_uuid() end, kind, member_id, local, coalesce(global_currency, community.currency_code),
          coalesce(global_scale, community.currency_scale),
          case when kind = 'MEMBER' and local then ledger.policy_limit(community.id) else 0 end,
          -- What these two have given can come back, and no more.
          case when kind in ('ISSUANCE', 'CLEARING') then 0 end)
  on conflict do nothing returning a.id into account;
  -- Somebody else opened it at the same moment and has committed by now.
  if account is null then return ledger.open_account(kind, member_id, global_currency, global_scale); end if;
  return account;
end $$;
revoke all on function ledger.open_account from public;
grant execute on function ledger.open_account to kith_app;
