-- Takes listings of the current community out of the index. Those that are not in it are passed over.
create or replace function kith.search_erase(listings uuid[])
returns void language plpgsql set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  removed integer;
begin
  perform kith.search_lock();
  perform kith.search_count_words(listings, '{}');
  delete from search_documents d where d.community_id = community and d.listing_id = any (listings);
  get diagnostics removed = row_count;
  update search_totals t set listings = t.listings - removed where t.community_id = community;
end $$;
revoke all on function kith.search_erase from public;
grant execute on function kith.search_erase to kith_app;
