-- Imports nobody goes on with, and staged rows nobody will look at again: they hold personal data. For the nightly job; answers ids alone.
create or replace function kith.imports_forgotten(open_before timestamptz, finished_before timestamptz)
returns table (community_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.community_id, i.id from imports i where i.state in ('RECEIVING', 'CHECKED') and i.touched_at < open_before
  union all
  select i.community_id, i.id from imports i
  where i.finished_at < finished_before and exists (select from import_rows r where r.community_id = i.community_id and r.import_id = i.id)
  limit 1000
$$;
revoke all on function kith.imports_forgotten from public;
grant execute on function kith.imports_forgotten to kith_app;
