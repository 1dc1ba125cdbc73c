-- Locks accounts of the current community in the order of their ids, until the transaction ends, and answers what they hold.
-- The order is what keeps two from waiting for each other; those that are not there are missing in the answer.
-- Each account is looked up by its whole primary key, here and wherever a payment passes: of all plans that one alone is sure also
-- when it was made while the tables were empty, and it is kept for the life of a session.
create or replace function ledger.hold(community uuid, wanted uuid[])
returns ledger.held language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  held ledger.held;
begin
  select array_agg(a.id), array_agg(a.balance),
         array_agg(case when a.kind in ('MEMBER', 'TREASURY') then a.balance - a.reserved + a.credit_limit end), array_agg(a.ceiling),
         array_agg(case when a.is_local then '' else a.currency_code end), max(a.last_posted_at), array_agg(a.closed_at is not null)
    into held
  from (select distinct u.id from unnest(wanted) as u (id) order by u.id) w,
       lateral (select * from accounts a where a.community_id = community and a.id = w.id for no key update) a;
  return held;
end $$;
revoke all on function ledger.hold from public;
