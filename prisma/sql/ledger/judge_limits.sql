-- Refuses what would take an account below its limit or above its ceiling. Net per account: the limit judges the whole entry, not
-- the order of its lines; what was reserved is no new debit, and what brings an account nearer to its limit is always taken.
create or replace function ledger.judge_limits(community uuid, held ledger.held, net bigint[], spent bigint[])
returns void language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  short record;
begin
  select n.id, n.available, -(n.net + n.spent) as needed into short
  from unnest(held.ids, held.available, net, spent) as n (id, available, net, spent)
  where n.net + n.spent < 0 and n.available + n.net + n.spent < 0 limit 1;
  if found then
    raise exception 'The account has not enough available.' using errcode = 'KL001', detail = (
      select jsonb_build_object('accountId', a.id, 'memberId', a.member_id, 'available', short.available::text, 'needed', short.needed::text,
                                'currencyCode', a.currency_code, 'scale', a.scale)
      from accounts a where a.community_id = community and a.id = short.id);
  end if;
  select n.id into short from unnest(held.ids, held.balances, held.ceilings, net) as n (id, balance, ceiling, net)
  where n.net > 0 and n.balance + n.net > n.ceiling limit 1;
  if found then
    raise exception 'The account would rise above its ceiling.' using errcode = 'KL002', detail = jsonb_build_object('accountId', short.id);
  end if;
end $$;
revoke all on function ledger.judge_limits from public;
