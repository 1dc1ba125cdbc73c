-- A word as it is written inside a tsquery.
create or replace function kith.search_lexeme(word text)
returns text language sql immutable as $$
  select '''' || replace(replace(word, '\', '\\'), '''', '''''') || ''''
$$;
