-- The communities of one person. Crosses communities by design, so it answers for the user named and for nobody else.
create or replace function kith.memberships_of(person uuid)
returns table (community_id uuid, member_id uuid, state member_state, roles member_role[])
language sql stable security definer set search_path = public, pg_temp as $$
  select m.community_id, m.id, m.state, m.roles from members m join communities c on c.id = m.community_id
  where m.user_id = person order by c.name
$$;
revoke all on function kith.memberships_of from public;
grant execute on function kith.memberships_of to kith_app;
