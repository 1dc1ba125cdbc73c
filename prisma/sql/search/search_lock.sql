-- One writer of a community's index at a time, until the end of the transaction. The dictionary's counts are shared by nearly
-- all listings, so writers would wait for each other anyway; this way none of them can deadlock or read what another replaces.
create or replace function kith.search_lock()
returns void language sql set search_path = public, pg_temp as $$
  select pg_advisory_xact_lock(727080, hashtext(current_setting('app.community_id')))
$$;
revoke all on function kith.search_lock from public;
grant execute on function kith.search_lock to kith_app;
