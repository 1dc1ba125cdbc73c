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
  line_reservation uuid[];
  plain integer[];
  one integer;
  posted timestamptz;
  done record;
  held ledger.held;
begin
  select array_agg((e.entry->>'id')::uuid), array_agg(ledger.content_hash(e.entry)), array_agg(e.entry - 'postings')
    into ids, hashes, heads from jsonb_array_elements(entries) as e (entry);
  select array_agg(e.n::integer), array_agg((l.line->>'accountId')::uuid), array_agg((l.line->>'amount')::bigint), array_agg((l.line->>'reservationId')::uuid)
    into line_entry, line_account, line_amount, line_reservation
  from jsonb_array_elements(entries) with ordinality as e (entry, n), jsonb_array_elements(e.entry->'postings') as l (line);
  -- Also those that follow one by one: all are locked in one order.
  held := ledger.hold(community, line_account);
  plain := ledger.plain_entries(community, held, ids, heads, line_entry, line_account, line_amount, line_reservation);

  if plain <> '{}' then
    if cardinality(plain) < cardinality(ids) then
      -- What is left of the lines names its entries by their place in `plain`.
      select array_agg(array_position(plain, l.entry)), array_agg(l.account), array_agg(l.amount) into line_entry, line_account, line_amount
      from unnest(line_entry, line_account, line_amount) as l (entry, account, amount) where l.entry = any (plain);
      held := ledger.hold(community, line_account);
    end if;
    posted := ledger.write(community, coalesce(at, clock_timestamp()), held,
      array(select ids[n] from unnest(plain) n), array(select hashes[n] from unnest(plain) n), array(select heads[n] from unnest(plain) n),
      line_entry, line_account, line_amount, array_fill(null::uuid, array[cardinality(line_amount)]));
    if not quiet then
      perform ledger.tell(community, ids[plain[e]], array(select l.account from unnest(line_entry, line_account) as l (entry, account) where l.entry = e))
      from generate_subscripts(plain, 1) e;
    end if;
    return query select n, posted, false, null::text, null::text, null::text from unnest(plain) n;
  end if;

  foreach one in array array(select n from generate_subscripts(ids, 1) n where n <> all (plain)) loop
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
