-- Searches the current community: ids in order, texts of the page for highlighting, the total and facets.
-- It runs as the owner, because a full-text index is not used under row-level security (its operators are not leakproof); so it
-- filters by the community itself, and tells nothing but ids, texts of the page and counts. Rows are loaded under the policy.
create or replace function kith.search_listings(query jsonb)
returns jsonb language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  -- More are neither counted nor ranked: the answer says so.
  matches_most integer := coalesce((query ->> 'matchesMost')::integer, 10000);
  community uuid := current_setting('app.community_id')::uuid;
  filter jsonb := query -> 'filter';
  place jsonb := coalesce(filter -> 'near', query -> 'from');
  asked jsonb;
  wanted text;
  sorting text := query ->> 'sort';
  conditions text;
  facets jsonb := query -> 'facets';
  total integer;
  distance text := case when place is null then 'null::float8' else 'kith.search_distance_km(d.latitude,d.longitude,$2,$3)' end;
  ordering text;
  score text := '0';
  answer jsonb;
begin
  if jsonb_array_length(query -> 'words') > 0 then
    asked := kith.search_asked(community, query -> 'words');
    wanted := asked ->> 'all';
    if sorting = 'RELEVANCE' then score := asked ->> 'score'; end if;
  elsif sorting = 'RELEVANCE' then
    sorting := 'NEWEST';
  end if;
  if wanted is null and filter = '{}' and facets = '[]' then
    -- Everything there is: its number is known, so that only the page is read.
    total := coalesce((select t.listings from search_totals t where t.community_id = community), 0);
    matches_most := (query ->> 'skip')::integer + (query ->> 'take')::integer;
  end if;
  ordering := case sorting
    when 'RELEVANCE' then 'score desc,'
    when 'NEAREST' then 'distance_km nulls last,'
    when 'CHEAPEST' then 'price nulls last,'
    else '' end || 'published_at desc,listing_id';

  loop
    conditions := concat_ws(' and ', 'd.community_id=$1',
      case when wanted is not null then format('d.words@@%L::tsquery', wanted) end,
      nullif(kith.search_conditions(filter), ''));
    execute format($sql$
      with found as materialized (
        select d.listing_id, d.language, d.published_at, d.price%11$s, %1$s as distance_km, %2$s as score
        from search_documents d where %3$s %4$s limit %5$s
      ), page as (
        select f.*, row_number() over (order by %6$s) as place from found f order by place offset %7$s limit %8$s
      )
      select jsonb_build_object(
        'total', coalesce($4, (select least(count(*), %5$s - 1) from found)),
        'totalIsExact', $4 is not null or $5 and (select count(*) < %5$s from found),
        'hits', (select coalesce(jsonb_agg(jsonb_build_object('listingId', p.listing_id, 'distanceKm', p.distance_km,
            'language', p.language, 'title', t.title, 'description', t.description) order by p.place), '[]')
          from page p left join search_texts t on %9$s and t.community_id = $1 and t.listing_id = p.listing_id),
        'facets', jsonb_build_object(%10$s))$sql$,
      distance, score, conditions,
      -- Ranking looks at all matches anyway; another order decides which of too many are looked at.
      case when sorting <> 'RELEVANCE' then 'order by ' || ordering end,
      matches_most + 1, ordering, (query ->> 'skip')::integer, (query ->> 'take')::integer,
      case when (query ->> 'texts')::boolean then 'true' else 'false' end,
      kith.search_facets(facets), case when facets <> '[]' then ', d.kind, d.category_ids, d.tags' end)
    into answer
    using community, (place ->> 'latitude')::float8, (place ->> 'longitude')::float8, total, coalesce((asked ->> 'isWhole')::boolean, true);
    -- Where no listing has every word, those that have some of them answer.
    exit when (answer ->> 'total')::integer > 0 or wanted is null or asked ->> 'any' is null or wanted = asked ->> 'any';
    wanted := asked ->> 'any';
  end loop;
  return answer;
end $$;
revoke all on function kith.search_listings from public;
grant execute on function kith.search_listings to kith_app;
