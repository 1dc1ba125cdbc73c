-- A JSON array of strings as an array.
create or replace function kith.search_array(list jsonb)
returns text[] language sql immutable as $$ select array(select jsonb_array_elements_text(list)) $$;
