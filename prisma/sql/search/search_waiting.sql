-- Which communities have changes that the outside engine has not confirmed, how many, and since when. Crosses communities by
-- design: counts and ids of communities, nothing of what is in them.
create or replace function kith.search_waiting(target_asked text)
returns table (community_id uuid, changes bigint, waiting_since timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select o.community_id, count(*), min(o.waiting_since) from search_outbox o where o.target = target_asked group by o.community_id order by 3
$$;
revoke all on function kith.search_waiting from public;
grant execute on function kith.search_waiting to kith_app;
