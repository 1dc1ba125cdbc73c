-- The facets asked for, as the arguments of jsonb_build_object over the matches `found`: the commonest values, each with its count.
create or replace function kith.search_facets(facets jsonb)
returns text language sql immutable set search_path = public, pg_temp as $$
  select string_agg(format($sql$%L, (select coalesce(jsonb_agg(jsonb_build_object('value', value, 'count', count)), '[]') from (
      select value, count(*) as count from (select %s as value from found) v group by value order by 2 desc, 1 limit 100) counted)$sql$,
    facet, case facet when 'kind' then 'kind' when 'language' then 'language' when 'category' then 'unnest(category_ids)' when 'tag' then 'unnest(tags)' end), ', ')
  from jsonb_array_elements_text(facets) facet where facet in ('kind', 'language', 'category', 'tag')
$$;
revoke all on function kith.search_facets from public;
