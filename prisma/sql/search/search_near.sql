-- The words of a community that differ from one it does not know by the fewest typing mistakes: one from four letters, two from
-- eight; swapped neighbours are one. Loading the library first makes its setting known to whoever creates the function.
do $$ begin perform similarity('', ''); end $$;
create or replace function kith.search_near(community uuid, asked text)
returns table (word text, listings integer)
language plpgsql stable security definer
set search_path = public, pg_temp set pg_trgm.similarity_threshold = 0.2 set plan_cache_mode = force_generic_plan as $$
declare
  letters integer := char_length(asked);
  most integer := case when char_length(asked) < 4 then 0 when char_length(asked) < 8 then 1 else 2 end;
begin
  if most = 0 or asked ~ '[0-9]' then return; end if;
  return query
  with found as (
    select w.word, w.listings, levenshtein_less_equal(asked, w.word, most) as mistakes
    from search_words w
    where w.community_id = community and w.word % asked and char_length(w.word) between letters - most and letters + most
    union all
    select w.word, w.listings, 1 from search_words w
    where w.community_id = community and w.word = any (array(
      select left(asked, place - 1) || substr(asked, place + 1, 1) || substr(asked, place, 1) || substr(asked, place + 2)
      from generate_series(1, letters - 1) place))
  )
  select n.word, max(n.listings) from found n
  where n.mistakes <= most and n.mistakes = (select min(c.mistakes) from found c)
  group by n.word order by 2 desc, 1 limit 8;
end $$;
revoke all on function kith.search_near from public;
