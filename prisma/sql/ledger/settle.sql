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
  known record;
  short record;
  locked integer;
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
    select e.parent_id, exists (select from entry_reversals r where r.community_id = community and r.entry_id = e.id) as undone into known
    from journal_entries e where e.community_id = community and e.id = parent for share of e;
    if not found then raise exception 'There is no entry to hang on.' using errcode = 'KL006'; end if;
    if known.parent_id is not null then
      raise exception 'An entry hangs on one that hangs on nothing itself.' using errcode = 'KL009';
    end if;
  end if;
  perform 1 from accounts a where a.community_id = community and a.id = any (accounts_named) order by a.id for no key update;
  get diagnostics locked = row_count;

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

  if locked < (select count(distinct account) from unnest(accounts_named) as n (account)) then
    raise exception 'A posting names an account that is not there.' using errcode = 'KL007';
  end if;
  if exists (select from unnest(accounts_named, amounts) as l (account, amount)
             join accounts a on a.community_id = community and a.id = l.account
             group by a.is_local, a.currency_code having sum(l.amount) <> 0) then
    raise exception 'The postings of a currency do not sum to zero.' using errcode = 'KL008';
  end if;
  if array_remove(spent_from, null) <> '{}' then
    perform ledger.judge_reservations(community, accounts_named, amounts, spent_from);
  end if;
  if not overdraw then
    -- Net per account: the limit judges the whole entry, not the order of its lines. What was reserved is no new debit.
    select a.*, a.balance - a.reserved + a.credit_limit as available, -(n.net + n.spent) as needed into short
    from (select l.account, sum(l.amount)::bigint as net, coalesce(-sum(l.amount) filter (where l.reservation is not null), 0)::bigint as spent
          from unnest(accounts_named, amounts, spent_from) as l (account, amount, reservation) group by l.account) n
    join accounts a on a.community_id = community and a.id = n.account
    where a.kind in ('MEMBER', 'TREASURY') and n.net + n.spent < 0 and a.balance - a.reserved + a.credit_limit + n.net + n.spent < 0
    order by a.id limit 1;
    if found then
      raise exception 'The account has not enough available.' using errcode = 'KL001',
        detail = jsonb_build_object('accountId', short.id, 'memberId', short.member_id, 'available', short.available::text, 'needed', short.needed::text,
                                    'currencyCode', short.currency_code, 'scale', short.scale);
    end if;
    select a.id into short
    from (select l.account, sum(l.amount)::bigint as net from unnest(accounts_named, amounts) as l (account, amount) group by l.account) n
    join accounts a on a.community_id = community and a.id = n.account
    where n.net > 0 and a.balance + n.net > a.ceiling order by a.id limit 1;
    if found then
      raise exception 'The account would rise above its ceiling.' using errcode = 'KL002',
        detail = jsonb_build_object('accountId', short.id);
    end if;
  end if;
  posted_at := ledger.write(community, coalesce(at, clock_timestamp()), array[entry_id], array[hash], array[entry - 'postings'],
                            array_fill(1, array[cardinality(amounts)]), accounts_named, amounts, spent_from);
  repeated := false;
end $$;
revoke all on function ledger.settle from public;
