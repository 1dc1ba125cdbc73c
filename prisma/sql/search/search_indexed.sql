-- The communities that have anything in the index, for a rebuild to settle. Crosses communities by design: ids only.
create or replace function kith.search_indexed()
returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
  select t.community_id from search_totals t where t.listings > 0
$$;
revoke all on function kith.search_indexed from public;
grant execute on function kith.search_indexed to kith_app;
