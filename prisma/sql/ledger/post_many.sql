-- Posts independent entries of the current community in one go, each with a result of its own; `place` counts from 1.
-- Entries that no order could bring to a limit are written together; the others follow one by one, in the order given.
create or replace function ledger.post_many(entries jsonb, at timestamptz default null, quiet boolean default false)
returns table (place integer, posted_at timestamptz, repeated boolean, code text, message text, detail text)
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  community uuid := current_setting('app.community_id')::uuid;
  ids uuid[];
  hashes bytea[];
  heads jsonb[];
  line_entry integer[];
  line_account uuid[];
  line_amount bigint[];
  plain integer[];
  one integer;
  posted timestamptz;
  done record;
begin
  select array_agg((e.entry->>'id')::uuid order by e.n), array_agg(ledger.content_hash(e.entry) order by e.n), array_agg(e.entry - 'postings' order by e.n)
    into ids, hashes, heads from jsonb_array_elements(entries) with ordinality as e (entry, n);
  select array_agg(e.n::integer order by e.n, l.m), array_agg((l.line->>'accountId')::uuid order by e.n, l.m), array_agg((l.line->>'amount')::bigint order by e.n, l.m)
    into line_entry, line_account, line_amount
  from jsonb_array_elements(entries) with ordinality as e (entry, n), jsonb_array_elements(e.entry->'postings') with ordinality as l (line, m);
  perform 1 from accounts a where a.community_id = community and a.id = any (line_account) order by a.id for no key update;

  with line as (
    select * from unnest(line_entry, line_account, line_amount) as l (entry, account, amount)
  ), flow as (
    select l.account, sum(least(l.amount, 0)) as debits, sum(greatest(l.amount, 0)) as credits from line l group by l.account
  ), safe as (
    select a.id, a.is_local, a.currency_code from flow f join accounts a on a.community_id = community and a.id = f.account
    where (f.debits = 0 or a.kind in ('ISSUANCE', 'CLEARING') or a.balance - a.reserved + a.credit_limit + f.debits >= 0)
      and (f.credits = 0 or a.ceiling is null or a.balance + f.credits <= a.ceiling)
  ), entry_sum as (
    select l.entry, count(*) as lines, count(s.id) as safe, sum(l.amount) as total, count(distinct (s.is_local, s.currency_code)) as currencies, bool_and(l.amount <> 0) as moved
    from line l left join safe s on s.id = l.account group by l.entry
  )
  select array_agg(s.entry order by s.entry) into plain
  from entry_sum s
  where s.lines >= 2 and s.lines = s.safe and s.total = 0 and s.currencies = 1 and s.moved
    and heads[s.entry]->>'parentId' is null and not entries->(s.entry - 1)->'postings' @? '$[*].reservationId'
    and array_position(ids, ids[s.entry]) = s.entry
    and not exists (select from journal_entries e where e.community_id = community and e.id = ids[s.entry]);

  if plain is not null then
    if cardinality(plain) = cardinality(ids) then
      posted := ledger.write(community, coalesce(at, clock_timestamp()), ids, hashes, heads, line_entry, line_account, line_amount, array_fill(null::uuid, array[cardinality(line_amount)]));
    else
      posted := ledger.write(community, coalesce(at, clock_timestamp()),
        (select array_agg(ids[p.n] order by p.place) from unnest(plain) with ordinality as p (n, place)),
        (select array_agg(hashes[p.n] order by p.place) from unnest(plain) with ordinality as p (n, place)),
        (select array_agg(heads[p.n] order by p.place) from unnest(plain) with ordinality as p (n, place)),
        l.entry, l.account, l.amount, array_fill(null::uuid, array[cardinality(l.amount)]))
      from (select array_agg(array_position(plain, l.entry) order by l.m) as entry, array_agg(l.account order by l.m) as account, array_agg(l.amount order by l.m) as amount
            from unnest(line_entry, line_account, line_amount) with ordinality as l (entry, account, amount, m) where l.entry = any (plain)) l;
    end if;
    if not quiet then perform ledger.tell(community, ids[p.n]) from unnest(plain) as p (n); end if;
    return query select p.n, posted, false, null::text, null::text, null::text from unnest(plain) as p (n);
  end if;

  foreach one in array array(select n from generate_subscripts(ids, 1) n where plain is null or n <> all (plain)) loop
    place := one;
    begin
      select * into done from ledger.post(entries->(one - 1), at, quiet);
      posted_at := done.posted_at;
      repeated := done.repeated;
      code := null;
      message := null;
      detail := null;
    exception when others then
      -- Refusals are the entry's own; everything else is the whole call's.
      if sqlstate not like 'KL%' then raise; end if;
      get stacked diagnostics code = returned_sqlstate, message = message_text, detail = pg_exception_detail;
      posted_at := null;
      repeated := null;
    end;
    return next;
  end loop;
end $$;
revoke all on function ledger.post_many from public;
grant execute on function ledger.post_many to kith_app;
