-- Locks accounts of the current community in the order of their ids, until the transaction ends, and answers what they hold.
-- The order is what keeps two from waiting for each other; those that are not there are missing in the answer.
create or replace function ledger.hold(community uuid, wanted uuid[])
returns ledger.held language sql set search_path = public, pg_temp set enable_seqscan = off as $$
  select row(array_agg(a.id), array_agg(a.balance),
             array_agg(case when a.kind in ('MEMBER', 'TREASURY') then a.balance - a.reserved + a.credit_limit end), array_agg(a.ceiling),
             array_agg(case when a.is_local then '' else a.currency_code end), max(a.last_posted_at))::ledger.held
  from (select * from accounts a where a.community_id = community and a.id = any (wanted) order by a.id for no key update) a
$$;
revoke all on function ledger.hold from public;
