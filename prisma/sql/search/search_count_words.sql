-- Takes what these listings put into the dictionary out of it and puts `pairs` ("word stem", one for each listing) in.
create or replace function kith.search_count_words(listings uuid[], pairs text[])
returns void language plpgsql set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
begin
  with change as materialized (
    select split_part(pair, ' ', 1) as word, split_part(pair, ' ', 2) as stem, sum(by)::integer as by
    from (
      select unnest(pairs) as pair, 1 as by
      union all
      select unnest(t.dictionary), -1 from search_texts t where t.community_id = community and t.listing_id = any (listings)
    ) pairs group by pair having sum(by) <> 0
  ), gone as (
    delete from search_words w using change c
    where w.community_id = community and w.word = c.word and w.stem = c.stem and w.listings + c.by <= 0
  )
  insert into search_words as w (community_id, word, stem, listings)
  select community, c.word, c.stem, c.by from change c
  where c.by > 0 or exists (
    select from search_words s where s.community_id = community and s.word = c.word and s.stem = c.stem and s.listings + c.by > 0)
  on conflict (community_id, word, stem) do update set listings = w.listings + excluded.listings;
end $$;
revoke all on function kith.search_count_words from public;
grant execute on function kith.search_count_words to kith_app;
