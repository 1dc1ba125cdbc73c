-- Undoes an entry and everything that hangs on it and is not yet undone, in one entry that is their opposite. reversal: {id, memo, actorId?}.
-- With `overdraw` it is posted even where somebody has spent the money meanwhile: their account is in arrears then.
create or replace function ledger.reverse(entry_id uuid, reversal jsonb, overdraw boolean default false, at timestamptz default null, out posted_at timestamptz, out repeated boolean)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  reversal_id uuid := (reversal->>'id')::uuid;
  original journal_entries;
  treasury uuid := ledger.open_account('TREASURY');
  held ledger.held;
  family uuid[];
  lines jsonb;
begin
  select * into original from journal_entries e where e.community_id = community and e.id = entry_id for update;
  if not found then raise exception 'There is no entry to reverse.' using errcode = 'KL006'; end if;
  if original.kind = 'REVERSAL' then
    raise exception 'A reversal is not reversed: post what is right anew.' using errcode = 'KL015';
  end if;
  select e.posted_at, true into posted_at, repeated from entry_reversals r join journal_entries e on e.community_id = community and e.id = r.reversal_id
  where r.community_id = community and r.entry_id = reverse.entry_id and r.reversal_id = (reversal->>'id')::uuid
    and e.memo = coalesce(reversal->>'memo', '') and e.actor_id is not distinct from (reversal->>'actorId')::uuid;
  if found then return; end if;
  select array_agg(e.id order by e.id) into family from journal_entries e
  where e.community_id = community and (e.id = entry_id or e.parent_id = entry_id)
    and not exists (select from entry_reversals r where r.community_id = community and r.entry_id = e.id);
  if family is null or not entry_id = any (family) then
    raise exception 'The entry was reversed already.' using errcode = 'KL005';
  end if;
  -- What would come back to somebody who has left goes to the treasury, like all they leave; what they would owe, nobody owes.
  held := ledger.hold(community, array(select p.account_id from postings p where p.community_id = community and p.entry_id = any (family)) || treasury);
  select jsonb_agg(jsonb_build_object('accountId', l.account_id, 'amount', (-l.net)::text) order by l.account_id) into lines
  from (select case when n.net < 0 and h.closed and h.currency = '' then treasury else n.account_id end as account_id, sum(n.net)::bigint as net
        from (select p.account_id, sum(p.amount) as net from postings p where p.community_id = community and p.entry_id = any (family) group by p.account_id) n
        join unnest(held.ids, held.closed, held.currencies) as h (id, closed, currency) on h.id = n.account_id
        group by 1 having sum(n.net) <> 0) l;
  if lines is null then
    raise exception 'What hangs on the entry has undone it already.' using errcode = 'KL015';
  end if;
  select s.posted_at, s.repeated into posted_at, repeated from ledger.settle(
    reversal || jsonb_build_object('kind', 'REVERSAL', 'postings', lines, 'subject', jsonb_build_object('type', 'JournalEntry', 'id', entry_id)), at, overdraw) s;
  insert into entry_reversals (community_id, entry_id, reversal_id) select community, f.id, reversal_id from unnest(family) as f (id);
  perform ledger.tell(community, reversal_id, array(select (l->>'accountId')::uuid from jsonb_array_elements(lines) l));
end $$;
revoke all on function ledger.reverse from public;
grant execute on function ledger.reverse to kith_app;
