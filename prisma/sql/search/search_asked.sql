-- What was asked, in the words of the community: `all`, the query that wants every word; `any`, the one content with some; `score`,
-- the expression that ranks a document; and whether it `isWhole`, or words were left out for being too many. A word weighs by its
-- rarity, and by how it is met: itself, by its stem, as a beginning, nearly.
create or replace function kith.search_asked(community uuid, asked jsonb)
returns jsonb language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  documents float8 := coalesce((select t.listings from search_totals t where t.community_id = community), 0);
  -- What a meeting of tier 1 (a form of one near), 2 (near), 3 (beginning), 4 (stem), 5 (itself) is worth.
  worth float8[] := '{0.2,0.3,0.5,0.8,1}';
  all_of text;
  any_of text;
  score text;
  is_whole boolean := true;
  word record;
  met record;
begin
  for word in
    select w.word, w.stems, w."isPrefix" as is_prefix, w.ordinality
    from rows from (jsonb_to_recordset(asked) as (word text, stems text[], "isPrefix" boolean)) with ordinality w
  loop
    select string_agg(tiers.words, '|') as words,
           string_agg(format('%s*ts_rank(''{0.05,0.15,0.4,1}'',d.words,%L,1)', worth[tiers.tier] * tiers.number * tiers.rarity, tiers.words), '+') as score,
           bool_or(tiers.tier = 3 and (tiers.listings >= 3000 or tiers.number >= 48)) as is_cut
    into met
    from (
      select e.tier, count(*) as number, sum(e.listings) as listings, string_agg(kith.search_lexeme(e.word), '|') as words,
             ln(1 + documents / greatest(1, sum(sum(e.listings)) over ())) as rarity
      from kith.search_expand(community, word.word, word.stems, word.is_prefix) e group by e.tier
    ) tiers;
    is_whole := is_whole and met.is_cut is not true;
    -- A word unknown here is never met, so that no listing has every word.
    all_of := concat_ws('&', all_of, '(' || coalesce(met.words, kith.search_lexeme(word.word)) || ')');
    any_of := nullif(concat_ws('|', any_of, met.words), '');
    score := nullif(concat_ws('+', score, met.score), '');
  end loop;
  -- Words that stand together in the text as they do in the query.
  if jsonb_array_length(asked) > 1 and score is not null then
    score := score || format('+(d.words@@%L)::int', (
      select string_agg(kith.search_lexeme(w ->> 'word'), '<->' order by n) from jsonb_array_elements(asked) with ordinality as w (w, n)));
  end if;
  return jsonb_build_object('all', all_of, 'any', any_of, 'score', coalesce(score, '0'), 'isWhole', is_whole);
end $$;
revoke all on function kith.search_asked from public;
