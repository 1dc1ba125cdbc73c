-- Posts one entry of the current community, once for each id: sent again it answers what was posted, with other content it is refused.
-- entry: {id, kind, memo?, actorId?, onBehalfOfId?, parentId?, subject?: {type, id}, postings: [{accountId, amount, reservationId?}]};
-- amounts in minor units, + credits, - debits. `quiet` tells nobody: the caller publishes something better.
create or replace function ledger.post(entry jsonb, at timestamptz default null, quiet boolean default false, out posted_at timestamptz, out repeated boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  select s.posted_at, s.repeated into posted_at, repeated from ledger.settle(entry, at, false) s;
  if not quiet and not repeated then
    perform ledger.tell(current_setting('app.community_id')::uuid, (entry->>'id')::uuid,
                        array(select (l->>'accountId')::uuid from jsonb_array_elements(entry->'postings') l));
  end if;
end $$;
revoke all on function ledger.post from public;
grant execute on function ledger.post to kith_app;
