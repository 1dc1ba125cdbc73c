-- The charter in force and the number of active members of several communities: what a directory shows. Crosses communities
-- by design; the API withholds the number where the community did not publish it.
create or replace function kith.public_facts(asked uuid[])
returns table (community_id uuid, charter_version integer, charter_text text, charter_published_at timestamptz, member_count integer)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.id, h.version, h.text, h.published_at,
         (select count(*)::integer from members m where m.community_id = c.id and m.state = 'ACTIVE')
  from communities c left join charters h on h.community_id = c.id and h.version = c.charter_version
  where c.id = any (asked)
$$;
revoke all on function kith.public_facts from public;
grant execute on function kith.public_facts to kith_app;
