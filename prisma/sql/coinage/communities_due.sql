-- Communities in which coinage has something to do by itself: somebody was admitted lately and has no grant, a grant has run out, or the
-- entry of a mint was reversed. Answers ids alone.
create or replace function coinage.communities_due(admitted_after timestamptz, at timestamptz)
returns table (community_id uuid) language sql stable security definer set search_path = public, pg_temp as $$
  select m.community_id from members m where m.state = 'ACTIVE' and m.admitted_at > admitted_after
    and not exists (select from coinage_grants g where g.community_id = m.community_id and g.member_id = m.id and g.cause = 'ADMISSION')
  union
  select s.community_id from coinage_standings s where s.expires_at <= at and s.granted > s.minted + s.expired
  union
  select m.community_id from entry_reversals r join coinage_mints m on m.community_id = r.community_id and m.entry_id = r.entry_id
  where m.voided_at is null
$$;
revoke all on function coinage.communities_due from public;
grant execute on function coinage.communities_due to kith_app;
