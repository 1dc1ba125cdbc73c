-- Where a day has a limit, payments go one by one: what a payer has paid today, with what is held for trades agreed today, is asked under
-- the lock of their account; as when a trade is agreed, so that the order of the two does not matter.
create or replace function payments.pay_within_day(entries jsonb, places integer[], at timestamptz, most bigint)
returns ledger.result[] language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  zone text := (select c.time_zone from communities c where c.id = community);
  began timestamptz := date_trunc('day', coalesce(at, clock_timestamp()), zone);
  results ledger.result[] := '{}';
  one ledger.result;
  entry jsonb;
  payer uuid;
  paid bigint;
  held bigint;
begin
  -- All at once and in order, so that two groups never wait for each other.
  perform 1 from accounts a where a.community_id = community
    and a.id in (select (l->>'accountId')::uuid from jsonb_array_elements(entries) e, jsonb_array_elements(e->'postings') l)
  order by a.id for no key update;
  for n in 1 .. cardinality(places) loop
    entry := entries->(n - 1);
    payer := (entry->'postings'->0->>'accountId')::uuid;
    select coalesce(-sum(p.amount), 0) into paid
    from postings p join journal_entries e on e.community_id = community and e.id = p.entry_id
    where p.community_id = community and p.account_id = payer and p.posted_at >= began and p.amount < 0 and e.kind in ('PAYMENT', 'TRADE')
      and not exists (select from entry_reversals r where r.community_id = community and r.entry_id = e.id);
    select coalesce(sum(r.amount), 0) into held from reservations r
    where r.community_id = community and r.account_id = payer and r.amount > 0 and r.subject_type = 'Trade' and r.created_at >= began;
    paid := paid + held;
    if paid + (entry->'postings'->1->>'amount')::bigint > most
       and not exists (select from journal_entries e where e.community_id = community and e.id = (entry->>'id')::uuid) then
      one := (places[n], null, null, 'KL022', 'KL022', jsonb_build_object('left', greatest(most - paid, 0)::text)::text)::ledger.result;
    else
      select places[n], r.posted_at, r.repeated, r.code, r.message, r.detail into one
      from ledger.post_many(jsonb_build_array(entry), at, true) r;
    end if;
    results := results || one;
  end loop;
  return results;
end $$;
revoke all on function payments.pay_within_day from public;
