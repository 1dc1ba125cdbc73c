-- Tells each member who was charged in a run of the current community that their account has changed.
create or replace function demurrage.tell(run_id uuid)
returns void language sql set search_path = public, pg_temp as $$
  insert into events (community_id, topic, member_id, payload)
  select p.community_id, 'account.changed', a.member_id, jsonb_build_object('accountId', a.id, 'entryId', p.entry_id)
  from postings p join accounts a on a.community_id = p.community_id and a.id = p.account_id
  where p.community_id = current_setting('app.community_id')::uuid and p.entry_id = run_id and a.member_id is not null
$$;
revoke all on function demurrage.tell from public;
grant execute on function demurrage.tell to kith_app;
