-- When the limit of an account was lowered last, if it becomes this one now. Since then it was never higher, so whatever was spent since
-- can be judged by the limit of today.
create or replace function ledger.lowered_at(account accounts, credit_limit bigint, at timestamptz)
returns timestamptz language sql volatile as $$
  select case when credit_limit < account.credit_limit
              then greatest(date_trunc('milliseconds', coalesce(at, clock_timestamp())), account.last_posted_at) else account.limit_lowered_at end
$$;
revoke all on function ledger.lowered_at from public;
