-- Who is asking, in one statement for each request: the session by its token's sha256, and the membership in the community named by id or slug.
-- A session without a living user is none.
create or replace function kith.viewer(token bytea, community text)
returns table (
  session_id uuid, user_id uuid, email text, email_verified boolean, name text, locale text, platform_administrator boolean, last_used_at timestamptz,
  community_id uuid, community_state community_state, member_id uuid, member_state member_state, roles member_role[])
language sql stable security definer set search_path = public, pg_temp as $$
  select s.id, u.id, u.email, u.email_verified_at is not null, u.name, u.locale, u.platform_administrator, s.last_used_at,
         c.id, c.state, m.id, m.state, m.roles
  from (select 1) one
  left join (sessions s join users u on u.id = s.user_id and u.erased_at is null)
         on s.token_hash = token and s.expires_at > now()
  left join communities c on c.id = case when community ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then community::uuid
                                         else (select id from communities where slug = community) end
  left join members m on m.community_id = c.id and m.user_id = u.id
$$;
revoke all on function kith.viewer from public;
grant execute on function kith.viewer to kith_app;
