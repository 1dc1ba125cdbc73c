-- Reputations that were computed before a moment and rest on reviews, the oldest first: points age. Answers ids alone.
create or replace function kith.reputations_stale(computed_before timestamptz, most integer)
returns table (community_id uuid, member_id uuid) language sql stable security definer set search_path = public, pg_temp as $$
  select r.community_id, r.member_id from reputations r where r.computed_at < computed_before and r.reviews > 0
  order by r.computed_at limit most
$$;
revoke all on function kith.reputations_stale from public;
grant execute on function kith.reputations_stale to kith_app;
