-- Listings of the other kind that share a word, a stem or a synonym with one, best first, with what is needed to weigh them:
-- stems by field, and in how many listings each of the asked listing's stems stands. The rarest stems decide; for a listing's
-- own member nothing is a candidate.
create or replace function kith.search_candidates(listing uuid, wanted listing_kind, most integer)
returns table (listing_id uuid, title_stems text[], label_stems text[], description_stems text[], synonym_stems text[])
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  member uuid := (select d.member_id from search_documents d where d.community_id = community and d.listing_id = listing);
  documents float8 := coalesce((select t.listings from search_totals t where t.community_id = community), 0);
  asked text;
  score text;
begin
  select string_agg(words, '|'), string_agg(format('%s*ts_rank(''{0.05,0.15,0.4,1}'',d.words,%L,1)', weight * number * rarity, words), '+')
  into asked, score
  from (
    select stem, weight, count(*) as number, string_agg(kith.search_lexeme(word), '|') as words,
           ln(1 + documents / greatest(1, sum(listings))) as rarity
    from (
      select s.stem, s.weight, w.word, sum(w.listings) as listings from (
        select u.stem, max(u.weight) as weight from search_texts t,
          lateral (select unnest(t.title_stems), 1.0 union all select unnest(t.label_stems), 0.6
                   union all select unnest(t.synonym_stems), 0.3 union all select unnest(t.description_stems), 0.2) u (stem, weight)
        where t.community_id = community and t.listing_id = listing group by u.stem
      ) s join search_words w on w.community_id = community and w.stem = s.stem
      group by s.stem, s.weight, w.word
    ) words group by stem, weight
    order by weight * ln(1 + documents / greatest(1, sum(listings))) desc limit 24
  ) stems;
  if asked is null then return; end if;
  return query execute format($sql$
    with found as materialized (
      select d.listing_id, %s as score from search_documents d
      where d.community_id = $1 and d.kind = $2 and d.member_id <> $3 and d.words @@ %L::tsquery limit 10000
    ), best as (select * from found f order by f.score desc, f.listing_id limit $4)
    select b.listing_id, t.title_stems, t.label_stems, t.description_stems, t.synonym_stems
    from best b join search_texts t on t.community_id = $1 and t.listing_id = b.listing_id order by b.score desc, b.listing_id$sql$, score, asked)
  using community, wanted, member, most;
end $$;
revoke all on function kith.search_candidates from public;
grant execute on function kith.search_candidates to kith_app;
