-- The words of a community by which an asked word is found, best first: 5 itself, 4 of its stem, 3 beginning with it, 2 near it,
-- 1 of the stem of one near it. Mistakes are only looked for where the word as it is written leads to next to nothing.
-- A word the community knows brings the stems it has there, so that it is inflected by the language of the listings.
create or replace function kith.search_expand(community uuid, asked text, stems text[], is_prefix boolean)
returns table (word text, tier integer, listings integer)
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  near text[];
  forms text[];
begin
  return query
  with known as materialized (
    select w.word, w.stem, w.listings from search_words w where w.community_id = community and w.word = asked
  ), found as (
    select k.word, 5 as tier, k.listings from known k
    union all
    -- Of a short beginning the commonest words are enough: together they fill every page, and each costs in ranking.
    (select b.word, 3, b.listings from (
       select w.word, w.listings, sum(w.listings) over (order by w.listings desc, w.word) - w.listings as before
       from search_words w
       where is_prefix and w.community_id = community and w.word > asked and w.word < asked || chr(1114111)
     ) b where b.before < 3000 order by b.before limit 48)
    union all
    (select w.word, 4, w.listings from search_words w
     where w.community_id = community and w.stem = any (stems || array(select k.stem from known k))
     order by w.listings desc, w.word limit 32)
  )
  select f.word, max(f.tier), max(f.listings) from found f group by f.word;
  if exists (select from search_words w where w.community_id = community and w.word = asked)
    or exists (select from search_words w where w.community_id = community and w.stem = any (stems))
    or is_prefix and 10 <= (select sum(b.listings) from (
      select w.listings from search_words w
      where w.community_id = community and w.word > asked and w.word < asked || chr(1114111) limit 10) b) then
    return;
  end if;

  -- Arrays, not joins: of an array the planner knows that it is short, and takes the index.
  near := array(select n.word from kith.search_near(community, asked) n);
  forms := array(select w.stem from search_words w where w.community_id = community and w.word = any (near));
  return query
  select w.word, case when w.word = any (near) then 2 else 1 end, max(w.listings) from search_words w
  where w.community_id = community and w.word = any (near || array(
    select s.word from search_words s where s.community_id = community and s.stem = any (forms)))
  group by w.word order by 2 desc, 3 desc, 1 limit 32;
end $$;
revoke all on function kith.search_expand from public;
