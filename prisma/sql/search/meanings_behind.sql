-- The communities that another model than this one serves, or none, with how many published listings they have, how many of them have
-- a vector of it, and whose vectors serve. Crosses communities by design: counts and ids, nothing of what is in them.
create or replace function kith.meanings_behind(wanted text)
returns table (community_id uuid, listings bigint, done bigint, serving text)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.community_id, count(l.listing_id), count(t.text_hash), m.model
  from meanings m
  left join listing_meanings l on l.community_id = m.community_id and l.published
  left join text_meanings t on t.community_id = m.community_id and t.model = wanted and t.text_hash = l.text_hash
  where m.model is distinct from wanted
  group by m.community_id, m.model order by m.community_id
$$;
revoke all on function kith.meanings_behind from public;
grant execute on function kith.meanings_behind to kith_app;
