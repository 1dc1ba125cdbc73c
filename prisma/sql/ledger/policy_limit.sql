-- The credit limit with which a member's local account begins, in minor units.
create or replace function ledger.policy_limit(community uuid)
returns bigint language sql stable set search_path = public, pg_temp as $$
  select ledger.units(c.policies->>'creditLimit', c.currency_scale) from communities c where c.id = community
$$;
revoke all on function ledger.policy_limit from public;
