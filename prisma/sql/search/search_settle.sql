-- Ends a rebuild of the current community: what was not written since its beginning goes, and the dictionary is counted anew,
-- so that a rebuild also cures a count that went wrong.
create or replace function kith.search_settle(began_at timestamptz)
returns void language plpgsql set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
begin
  perform kith.search_lock();
  delete from search_documents d where d.community_id = community and d.indexed_at < began_at;
  with counted as materialized (
    select split_part(pair, ' ', 1) as word, split_part(pair, ' ', 2) as stem, count(*)::integer as listings
    from search_texts t, unnest(t.dictionary) pair where t.community_id = community group by pair
  ), gone as (
    delete from search_words w where w.community_id = community
      and not exists (select from counted c where c.word = w.word and c.stem = w.stem)
  )
  insert into search_words as w (community_id, word, stem, listings)
  select community, word, stem, listings from counted
  on conflict (community_id, word, stem) do update set listings = excluded.listings where w.listings <> excluded.listings;
  insert into search_totals (community_id, listings)
  select community, count(*) from search_documents d where d.community_id = community
  on conflict (community_id) do update set listings = excluded.listings;
end $$;
revoke all on function kith.search_settle from public;
grant execute on function kith.search_settle to kith_app;
