-- Judges one entry and writes it. With `overdraw` an account may fall below its limit: for reversals alone.
create or replace function ledger.settle(entry jsonb, at timestamptz, overdraw boolean, out posted_at timestamptz, out repeated boolean)
language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  entry_id uuid := (entry->>'id')::uuid;
  parent uuid := (entry->>'parentId')::uuid;
  hash bytea := ledger.content_hash(entry);
  accounts_named uuid[];
  amounts bigint[];
  spent_from uuid[];
  named uuid[];
  net bigint[];
  spent bigint[];
  held ledger.held;
  known record;
begin
  select array_agg((l.line->>'accountId')::uuid order by l.place), array_agg((l.line->>'amount')::bigint order by l.place),
         array_agg((l.line->>'reservationId')::uuid order by l.place)
    into accounts_named, amounts, spent_from
  from jsonb_array_elements(entry->'postings') with ordinality as l (line, place);
  if entry_id is null or coalesce(cardinality(accounts_named), 0) < 2 or 0 = any (amounts) or array_position(amounts, null) is not null then
    raise exception 'An entry has an id and two postings or more, none of them zero.' using errcode = 'KL009';
  end if;

  -- The parent first, then the accounts: ledger.reverse() locks in the same order.
  if parent is not null then
    select e.parent_id into known from journal_entries e where e.community_id = community and e.id = parent for share;
    if not found then raise exception 'There is no entry to hang on.' using errcode = 'KL006'; end if;
    if known.parent_id is not null then
      raise exception 'An entry hangs on one that hangs on nothing itself.' using errcode = 'KL009';
    end if;
  end if;
  select array_agg(n.account order by n.account), array_agg(n.net order by n.account), array_agg(n.spent order by n.account)
    into named, net, spent from ledger.net(accounts_named, amounts, spent_from) n;
  held := ledger.hold(community, named);

  -- Asked after the locks, so that the second of two equal calls finds what the first one wrote.
  select e.content_hash, e.posted_at as at into known from journal_entries e where e.community_id = community and e.id = entry_id;
  if found then
    if known.content_hash <> hash then
      raise exception 'The id of an entry is used already for another one.' using errcode = 'KL003';
    end if;
    posted_at := known.at;
    repeated := true;
    return;
  end if;
  if parent is not null and exists (select from entry_reversals r where r.community_id = community and r.entry_id = parent) then
    raise exception 'The entry it hangs on was reversed.' using errcode = 'KL005';
  end if;
  if held.ids is distinct from named then
    raise exception 'A posting names an account that is not there.' using errcode = 'KL007';
  end if;
  if true = any (held.closed) then
    raise exception 'The account is closed: its owner has left.' using errcode = 'KL017';
  end if;
  if exists (select from unnest(held.currencies, net) as n (currency, net) group by n.currency having sum(n.net) <> 0) then
    raise exception 'The postings of a currency do not sum to zero.' using errcode = 'KL008';
  end if;
  if array_remove(spent_from, null) <> '{}' then
    perform ledger.judge_reservations(community, accounts_named, amounts, spent_from);
  end if;
  if not overdraw then perform ledger.judge_limits(community, held, net, spent); end if;
  posted_at := ledger.write(community, coalesce(at, clock_timestamp()), held, array[entry_id], array[hash], array[entry - 'postings'],
                            array_fill(1, array[cardinality(amounts)]), accounts_named, amounts, spent_from);
  repeated := false;
end $$;
revoke all on function ledger.settle from public;
