-- Tells the members whose accounts an entry touches, once each.
create or replace function ledger.tell(community uuid, entry_id uuid, touched uuid[])
returns void language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  insert into events (community_id, topic, member_id, payload)
  select community, 'account.changed', t.member_id, jsonb_build_object('accountId', t.id, 'entryId', entry_id)
  from (select u.id, (select a.member_id from accounts a where a.community_id = community and a.id = u.id) as member_id
        from (select distinct id from unnest(touched) as id) u) t
  where t.member_id is not null;
end $$;
revoke all on function ledger.tell from public;
