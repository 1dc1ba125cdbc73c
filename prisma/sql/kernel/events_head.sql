-- The position from which a process that starts now has to read: everything before it is final.
-- A log whose transaction ids lie in the future came from another server (a dump restored, a copy promoted): its order means
-- nothing here and would hide new events behind old ones, so it is emptied, and clients are told to load the present state.
create or replace function kith.events_head()
returns table (xid text, id bigint) language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from events e where e.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
    delete from events;
  end if;
  return query select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text, 9223372036854775807;
end $$;
revoke all on function kith.events_head from public;
grant execute on function kith.events_head to kith_app;
