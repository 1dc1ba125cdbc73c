-- The position from which a process that starts now has to read: everything before it is final.
create or replace function kith.events_head()
returns table (xid text, id bigint) language sql security definer set search_path = public, pg_temp as $$
  select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text, 9223372036854775807
$$;
revoke all on function kith.events_head from public;
grant execute on function kith.events_head to kith_app;
