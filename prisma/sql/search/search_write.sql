-- Puts documents of the current community into the index, replacing what was there of them. Writing one twice changes nothing.
create or replace function kith.search_write(documents jsonb)
returns void language plpgsql set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  ids uuid[] := array(select (d ->> 'listing_id')::uuid from jsonb_array_elements(documents) d);
  added integer;
begin
  perform kith.search_lock();
  perform kith.search_count_words(ids, array(
    select jsonb_array_elements_text(d -> 'dictionary') from jsonb_array_elements(documents) d));
  select cardinality(ids) - count(*) into added
  from search_documents s where s.community_id = community and s.listing_id = any (ids);

  insert into search_documents (community_id, listing_id, member_id, kind, terms, category_ids, tags, language, price, price_to,
                                latitude, longitude, remote, reputation_level, published_at, words, indexed_at)
  select community, listing_id, member_id, kind, terms, category_ids, tags, language, price, price_to,
         latitude, longitude, remote, reputation_level, published_at, words::tsvector, clock_timestamp()
  from jsonb_to_recordset(documents) as d (
    listing_id uuid, member_id uuid, kind listing_kind, terms payment_terms, category_ids uuid[], tags text[], language text,
    price bigint, price_to bigint, latitude double precision, longitude double precision, remote boolean, reputation_level smallint,
    published_at timestamptz, words text)
  on conflict (community_id, listing_id) do update set
    (member_id, kind, terms, category_ids, tags, language, price, price_to, latitude, longitude, remote, reputation_level,
     published_at, words, indexed_at)
    = (excluded.member_id, excluded.kind, excluded.terms, excluded.category_ids, excluded.tags, excluded.language, excluded.price,
       excluded.price_to, excluded.latitude, excluded.longitude, excluded.remote, excluded.reputation_level, excluded.published_at, excluded.words, excluded.indexed_at);

  insert into search_texts (community_id, listing_id, title, description, title_stems, label_stems, description_stems, synonym_stems, dictionary)
  select community, listing_id, title, description, title_stems, label_stems, description_stems, synonym_stems, dictionary
  from jsonb_to_recordset(documents) as d (
    listing_id uuid, title text, description text, title_stems text[], label_stems text[], description_stems text[],
    synonym_stems text[], dictionary text[])
  on conflict (community_id, listing_id) do update set
    (title, description, title_stems, label_stems, description_stems, synonym_stems, dictionary)
    = (excluded.title, excluded.description, excluded.title_stems, excluded.label_stems, excluded.description_stems,
       excluded.synonym_stems, excluded.dictionary);

  insert into search_totals as t (community_id, listings) values (community, added)
  on conflict (community_id) do update set listings = t.listings + excluded.listings;
end $$;
revoke all on function kith.search_write from public;
grant execute on function kith.search_write to kith_app;
