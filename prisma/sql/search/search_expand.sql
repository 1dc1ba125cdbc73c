-- The words of a community by which an asked word is found, best first: 4 itself, 3 of its stem, 2 beginning with it, 1 near it.
-- A word the community knows brings the stems it has there, so that it is inflected by the language of the listings.
create or replace function kith.search_expand(community uuid, asked text, stems text[], is_prefix boolean)
returns table (word text, tier integer, listings integer)
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  return query
  with known as materialized (
    select w.word, w.stem, w.listings from search_words w where w.community_id = community and w.word = asked
  ), found as (
    select k.word, 4 as tier, k.listings from known k
    union all
    (select w.word, 2, w.listings from search_words w
     where is_prefix and w.community_id = community and w.word > asked and w.word < asked || chr(1114111)
     order by w.listings desc, w.word limit 48)
    union all
    (select w.word, 3, w.listings from search_words w
     where w.community_id = community and w.stem = any (stems || array(select k.stem from known k))
     order by w.listings desc, w.word limit 32)
  )
  select f.word, max(f.tier), max(f.listings) from found f group by f.word;
  if found then return; end if;

  return query
  with near as materialized (select n.word from kith.search_near(community, asked) n)
  select w.word, 1, max(w.listings) from search_words w
  where w.community_id = community and (w.word in (select n.word from near n) or w.stem in (
    select s.stem from search_words s where s.community_id = community and s.word in (select n.word from near n)))
  group by w.word order by 3 desc limit 32;
end $$;
revoke all on function kith.search_expand from public;
