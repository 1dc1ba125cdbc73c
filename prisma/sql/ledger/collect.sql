-- Takes an amount from each of many accounts and gives the sum to one, in one entry, as a set: for what concerns everybody at once. The
-- caller has locked them all and judged the amounts, above zero each; nobody ends with less than nothing available. Answers the time.
create or replace function ledger.collect(community uuid, entry jsonb, payers uuid[], amounts bigint[], receiver uuid, at timestamptz)
returns timestamptz language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  posted timestamptz(3) := greatest(date_trunc('milliseconds', at), (
    select max(a.last_posted_at) from accounts a where a.community_id = community and a.is_local and (a.kind = 'MEMBER' or a.id = receiver)));
  taken record;
begin
  if 0 >= any (amounts) or receiver = any (payers) then
    raise exception 'What is collected is above zero, and not from its receiver.' using errcode = 'KL009';
  end if;
  insert into journal_entries (community_id, id, content_hash, kind, memo, subject_type, subject_id, posted_at)
  values (community, (entry->>'id')::uuid, ledger.content_hash(entry), (entry->>'kind')::journal_kind, coalesce(entry->>'memo', ''),
          entry->'subject'->>'type', (entry->'subject'->>'id')::uuid, posted);
  with changed as (
    update accounts a set balance = a.balance - l.amount, last_posted_at = posted
    from unnest(payers, amounts) as l (account, amount)
    where a.community_id = community and a.id = l.account and a.kind = 'MEMBER' and a.is_local and a.closed_at is null
    returning a.id, l.amount, a.balance, a.balance - a.reserved + a.credit_limit as available
  ), written as (
    insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after)
    -- In the order of the index, which grows at far fewer places then.
    select community, c.id, posted, (entry->>'id')::uuid, -c.amount, c.balance from changed c order by c.id
  )
  select count(*) as accounts, sum(c.amount)::bigint as total, min(c.available) as least into taken from changed c;
  if taken.accounts <> cardinality(payers) then
    raise exception 'A posting names an account that is not there.' using errcode = 'KL007';
  end if;
  if taken.least < 0 then
    raise exception 'More is collected than is available.' using errcode = 'KL009';
  end if;
  with changed as (
    update accounts a set balance = a.balance + taken.total, last_posted_at = posted
    where a.community_id = community and a.id = receiver and a.is_local returning a.balance
  )
  insert into postings (community_id, account_id, posted_at, entry_id, amount, balance_after)
  select community, receiver, posted, (entry->>'id')::uuid, taken.total, c.balance from changed c;
  if not found then raise exception 'A posting names an account that is not there.' using errcode = 'KL007'; end if;
  return posted;
end $$;
revoke all on function ledger.collect from public;
