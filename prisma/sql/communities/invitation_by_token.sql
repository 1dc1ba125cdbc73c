-- Which community an invitation leads to, for somebody who holds its token and is not a member there.
create or replace function kith.invitation_by_token(token bytea)
returns table (community_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.community_id, i.id from invitations i where i.token_hash = token
$$;
revoke all on function kith.invitation_by_token from public;
grant execute on function kith.invitation_by_token to kith_app;
