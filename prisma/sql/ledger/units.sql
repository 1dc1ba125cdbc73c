-- Whole units of a policy in minor units of a currency; nothing said is 0.
create or replace function ledger.units(amount text, scale integer)
returns bigint language sql immutable as $$ select (coalesce(amount, '0')::numeric * 10::numeric ^ scale)::bigint $$;
revoke all on function ledger.units from public;
