-- Forgets the log before the first event that is young enough, always from its beginning, so that what is kept has no gaps.
-- Answers how many were deleted; the caller repeats while that is `most`.
create or replace function kith.events_prune(older_than timestamptz, most integer)
returns integer language plpgsql set search_path = public, pg_temp as $$
declare
  kept events;
  pruned integer;
begin
  select * into kept from events where created_at >= older_than order by xid, id limit 1;
  delete from events e using (
    select old.community_id, old.xid, old.id from events old
    where case when kept.id is null then old.created_at < older_than else (old.xid, old.id) < (kept.xid, kept.id) end
    order by old.xid, old.id limit most
  ) gone
  where (e.community_id, e.xid, e.id) = (gone.community_id, gone.xid, gone.id);
  get diagnostics pruned = row_count;
  return pruned;
end $$;
revoke all on function kith.events_prune from public;
