-- Writes entries whose accounts are locked and whose limits are judged: the only writer of entries, postings and balances.
-- Lines are parallel arrays; `line_entry` is the place of a line's entry in `ids`. Answers the time of the entries.
create or replace function ledger.write(
  community uuid, at timestamptz, ids uuid[], hashes bytea[], heads jsonb[],
  line_entry integer[], line_account uuid[], line_amount bigint[], line_reservation uuid[])
returns timestamptz language plpgsql set search_path = public, pg_temp
-- A plan made while the tables were empty and kept for the life of a session must not read them from end to end.
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  posted timestamptz(3);
  made integer;
begin
  select greatest(date_trunc('milliseconds', at), max(a.last_posted_at)) into posted
  from accounts a where a.community_id = community and a.id = any (line_account);

  insert into journal_entries (community_id, id, content_hash, kind, memo, actor_id, on_behalf_of_id, parent_id, subject_type, subject_id, posted_at)
  select community, e.id, e.hash, (e.head->>'kind')::journal_kind, coalesce(e.head->>'memo', ''), (e.head->>'actorId')::uuid,
         (e.head->>'onBehalfOfId')::uuid, (e.head->>'parentId')::uuid, e.head->'subject'->>'type', (e.head->'subject'->>'id')::uuid, posted
  from unnest(ids, hashes, heads) as e (id, hash, head)
  on conflict do nothing;
  get diagnostics made = row_count;
  -- Equal content locks equal accounts and was seen before this; so what came between has other content.
  if made < cardinality(ids) then
    raise exception 'The id of an entry is used already for another one.' using errcode = 'KL003';
  end if;

  with line as (
    select * from unnest(line_entry, line_account, line_amount, line_reservation) with ordinality as l (entry, account, amount, reservation, place)
  ), net as (
    select account, sum(amount)::bigint as total, coalesce(-sum(amount) filter (where reservation is not null), 0)::bigint as spent
    from line group by account
  ), moved as (
    update accounts a set balance = a.balance + n.total, reserved = a.reserved - n.spent, last_posted_at = posted
    from net n where a.community_id = community and a.id = n.account
    returning a.id, a.balance - n.total as before
  )
  insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after, reservation_id)
  select community, l.account, posted, ids[l.entry], l.amount,
         (m.before + sum(l.amount) over (partition by l.account order by l.place))::bigint, l.reservation
  from line l join moved m on m.id = l.account order by l.place;

  if array_remove(line_reservation, null) <> '{}' then
    update reservations r set amount = r.amount - s.spent, changed_at = posted
    from (select l.reservation, -sum(l.amount)::bigint as spent from unnest(line_reservation, line_amount) as l (reservation, amount)
          where l.reservation is not null group by l.reservation) s
    where r.community_id = community and r.id = s.reservation;
  end if;
  return posted;
end $$;
revoke all on function ledger.write from public;
