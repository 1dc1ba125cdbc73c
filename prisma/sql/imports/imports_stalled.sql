-- Imports whose worker is gone: no batch since the given moment. Crosses communities for the job that wakes them; answers ids alone.
create or replace function kith.imports_stalled(before timestamptz)
returns table (community_id uuid, id uuid, state import_state)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.community_id, i.id, i.state from imports i where i.state in ('CHECKING', 'APPLYING') and i.touched_at < before order by i.touched_at limit 100
$$;
revoke all on function kith.imports_stalled from public;
grant execute on function kith.imports_stalled to kith_app;
