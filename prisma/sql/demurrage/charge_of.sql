-- ⌊(balance − allowance) × rate⌋ in minor units, 0 where there is nothing above the allowance. Whole numbers in two steps: the product
-- itself could be longer than a bigint.
create or replace function demurrage.charge_of(balance bigint, allowance bigint, rate_ppm integer)
returns bigint language sql immutable parallel safe as $$
  select case when balance > allowance
    then (balance - allowance) / 1000000 * rate_ppm + (balance - allowance) % 1000000 * rate_ppm / 1000000 else 0 end
$$;
revoke all on function demurrage.charge_of from public;
grant execute on function demurrage.charge_of to kith_app;
