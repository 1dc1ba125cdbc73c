-- Tells the members whose accounts an entry touches, once each.
create or replace function ledger.tell(community uuid, entry_id uuid)
returns void language sql set search_path = public, pg_temp set enable_seqscan = off as $$
  insert into events (community_id, topic, member_id, payload)
  select distinct on (a.id) community, 'account.changed', a.member_id, jsonb_build_object('accountId', a.id, 'entryId', entry_id)
  from postings p join accounts a on a.community_id = community and a.id = p.account_id
  where p.community_id = community and p.entry_id = tell.entry_id and a.member_id is not null
  order by a.id
$$;
revoke all on function ledger.tell from public;
