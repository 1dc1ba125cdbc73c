-- Events of all communities after a position, only those that no running transaction can still precede.
-- `waiting` tells that committed events stand behind a running transaction: ask again soon.
create or replace function kith.events_after(after_xid text, after_id bigint, most integer)
returns table (community_id uuid, xid text, id bigint, topic text, member_id uuid, payload jsonb, created_at timestamptz, waiting boolean)
language sql security definer set search_path = public, pg_temp as $$
  with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xmin)
  select e.community_id, e.xid::text, e.id, e.topic, e.member_id, e.payload, e.created_at, e.xid >= (select xmin from horizon)
  from events e
  where (e.xid, e.id) > (after_xid::xid8, after_id)
  order by e.xid, e.id
  limit most
$$;
revoke all on function kith.events_after from public;
grant execute on function kith.events_after to kith_app;
