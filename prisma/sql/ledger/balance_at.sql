-- What an account held at a moment, everything posted at that moment included. Times of one account never run backwards, so this never changes afterwards.
create or replace function ledger.balance_at(account_id uuid, moment timestamptz)
returns bigint language sql stable set search_path = public, pg_temp as $$
  select coalesce((
    select p.balance_after from postings p
    where p.community_id = current_setting('app.community_id')::uuid and p.account_id = balance_at.account_id and p.posted_at <= moment
    order by p.posted_at desc, p.seq desc limit 1), 0)
$$;
revoke all on function ledger.balance_at from public;
grant execute on function ledger.balance_at to kith_app;
