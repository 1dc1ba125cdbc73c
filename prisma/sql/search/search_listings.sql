-- Searches the current community: ids in order, texts of the page for highlighting, the total and facets.
-- It runs as the owner, because a full-text index is not used under row-level security (its operators are not leakproof); so it
-- filters by the community itself, and tells nothing but ids, texts of the page and counts. Rows are loaded under the policy.
-- `near` are listings that mean what is asked, each with the probability of it: they are found too, under the same filter. By relevance
-- the two are joined as a convex combination, the score of words being divided by the best of them (Bruch, Gai & Ingber 2023, "An
-- Analysis of Fusion Functions for Hybrid Retrieval"): what meets every word best stands before what only means the same.
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
  near uuid[] := array(select (n ->> 'id')::uuid from jsonb_array_elements(query -> 'near') n);
  likely float8[] := array(select (n ->> 'p')::float8 from jsonb_array_elements(query -> 'near') n);
  is_near boolean := near <> '{}' and jsonb_array_length(query -> 'words') > 0;
  -- Words count this much where listings have them all, and where they have only some.
  words_share float8 := 0.55;
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
      case when wanted is not null then format(case when is_near then '(d.words@@%L::tsquery or d.listing_id=any($6))' else 'd.words@@%L::tsquery' end, wanted) end,
      nullif(kith.search_conditions(filter), ''));
    execute format($sql$
      with matched as materialized (
        select d.listing_id, d.language, d.published_at, d.price%11$s, %1$s as distance_km, %2$s as %16$s%12$s
        from search_documents d%13$s where %3$s %4$s limit %5$s
      ), found as %14$s, page as (
        select f.*, row_number() over (order by %6$s) as place from found f order by place offset %7$s limit %8$s
      )
      select jsonb_build_object(
        'words', %15$s,
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
      kith.search_facets(facets), case when facets <> '[]' then ', d.kind, d.category_ids, d.tags' end,
      case when is_near then format(',d.words@@%L::tsquery as has_words,n.likely', wanted) end,
      case when is_near then ' left join unnest($6,$7) n (id,likely) on n.id=d.listing_id' end,
      case when is_near and sorting = 'RELEVANCE' then format(
        '(select m.*, %s*coalesce(m.words_score/nullif(max(m.words_score) over (),0),0)+%s*coalesce(m.likely,0) as score from matched m)', words_share, 0.45)
      else 'not materialized (select * from matched)' end,
      case when is_near then '(select count(*) from found where has_words)' else 'null::integer' end,
      case when is_near and sorting = 'RELEVANCE' then 'words_score' else 'score' end)
    into answer
    using community, (place ->> 'latitude')::float8, (place ->> 'longitude')::float8, total, coalesce((asked ->> 'isWhole')::boolean, true), near, likely;
    -- Where no listing has every word, those that have some of them answer.
    exit when coalesce(answer ->> 'words', answer ->> 'total')::integer > 0 or wanted is null or asked ->> 'any' is null or wanted = asked ->> 'any';
    wanted := asked ->> 'any';
    words_share := 0.22;
  end loop;
  return answer;
end $$;
revoke all on function kith.search_listings from public;
grant execute on function kith.search_listings to kith_app;
