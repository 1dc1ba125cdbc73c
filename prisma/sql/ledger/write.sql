-- Writes entries whose accounts are locked and whose limits are judged: the only writer of entries, postings and balances.
-- Lines are parallel arrays; `line_entry` is the place of a line's entry in `ids`. `held` is what was read under the locks.
-- Answers the time of the entries.
create or replace function ledger.write(
  community uuid, at timestamptz, held ledger.held, ids uuid[], hashes bytea[], heads jsonb[],
  line_entry integer[], line_account uuid[], line_amount bigint[], line_reservation uuid[])
returns timestamptz language plpgsql set search_path = public, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  posted timestamptz(3) := greatest(date_trunc('milliseconds', at), held.last_posted_at);
  touched uuid[] := held.ids;
  before bigint[] := held.balances;
  net bigint[];
  spent bigint[];
  made integer;
  place integer;
begin
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

  select array_agg(n.net order by n.account), array_agg(n.spent order by n.account) into net, spent
  from ledger.net(line_account, line_amount, line_reservation) n;
  for place in 1 .. cardinality(touched) loop
    update accounts a set balance = a.balance + net[place], reserved = a.reserved - spent[place], last_posted_at = posted
    where a.community_id = community and a.id = touched[place];
  end loop;

  -- width_bucket finds the place of an account in the ordered array.
  insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after, reservation_id)
  select community, l.account, posted, ids[l.entry], l.amount,
         (before[width_bucket(l.account, touched)] + sum(l.amount) over (partition by l.account order by l.place))::bigint, l.reservation
  from unnest(line_entry, line_account, line_amount, line_reservation) with ordinality as l (entry, account, amount, reservation, place)
  order by l.place;

  for place in select n from generate_subscripts(line_reservation, 1) n where line_reservation[n] is not null loop
    update reservations r set changed_at = posted, amount = r.amount + line_amount[place]
    where r.community_id = community and r.id = line_reservation[place];
  end loop;
  return posted;
end $$;
revoke all on function ledger.write from public;
