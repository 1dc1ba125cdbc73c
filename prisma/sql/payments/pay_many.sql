-- Payments of the current community between members, each with a result of its own; with their events and the job that tells people.
-- payments: [{id, payerId, payeeId, amount, memo?, actorId?, onBehalfOfId?, subject?: {type, id}}], amounts in minor units; `place` counts from 1.
create or replace function payments.pay_many(payments jsonb, at timestamptz)
returns table (place integer, posted_at timestamptz, repeated boolean, code text, message text, detail text)
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  community uuid := current_setting('app.community_id')::uuid;
  scale integer;
  most bigint;
  day_most bigint;
  named uuid[];
  entries jsonb;
  places integer[];
  payers uuid[];
  payees uuid[];
  amounts bigint[];
  results ledger.result[];
  made integer[];
begin
  select c.currency_scale, ledger.units(c.policies->>'paymentMost', c.currency_scale), ledger.units(c.policies->>'paymentsPerDayMost', c.currency_scale)
    into scale, most, day_most from communities c where c.id = community;
  select array_agg(distinct m.id) into named from jsonb_array_elements(payments) p, lateral (values ((p->>'payerId')::uuid), ((p->>'payeeId')::uuid)) as m (id);
  perform ledger.open_account('MEMBER', m.id) from members m
  where m.community_id = community and m.id = any (named) and m.state = 'ACTIVE'
    and not exists (select from accounts a where a.community_id = community and a.kind = 'MEMBER' and a.member_id = m.id and a.is_local);

  with asked as (
    select p.n::integer as n, p.payment as p, (p.payment->>'payerId')::uuid as payer, (p.payment->>'payeeId')::uuid as payee, (p.payment->>'amount')::bigint as amount
    from jsonb_array_elements(payments) with ordinality as p (payment, n)
  ), member as (
    select m.id, m.state, a.id as account from members m
    left join accounts a on a.community_id = community and a.kind = 'MEMBER' and a.member_id = m.id and a.is_local
    where m.community_id = community and m.id = any (named)
  ), judged as (
    select a.n, a.p, a.payer, a.payee, a.amount, f.account as from_account, t.account as to_account,
           case when known.id is not null and f.account is not null and t.account is not null then null
                when f.state is distinct from 'ACTIVE' then 'KL025'
                when t.state is distinct from 'ACTIVE' then 'KL023'
                when most > 0 and a.amount > most then 'KL021' end as refused
    from asked a left join member f on f.id = a.payer left join member t on t.id = a.payee
    -- What was paid already is answered again, whatever holds now.
    left join journal_entries known on known.community_id = community and known.id = (a.p->>'id')::uuid
  )
  select jsonb_agg((j.p - '{payerId,payeeId,amount}'::text[]) || jsonb_build_object('kind', 'PAYMENT', 'postings', jsonb_build_array(
           jsonb_build_object('accountId', j.from_account, 'amount', (-j.amount)::text),
           jsonb_build_object('accountId', j.to_account, 'amount', j.amount::text))) order by j.n) filter (where j.refused is null),
         array_agg(j.n order by j.n) filter (where j.refused is null),
         array_agg(j.payer order by j.n), array_agg(j.payee order by j.n), array_agg(j.amount order by j.n),
         coalesce(array_agg((j.n, null, null, j.refused, j.refused, jsonb_build_object('most', most::text, 'scale', scale)::text)::ledger.result) filter (where j.refused is not null), '{}')
    into entries, places, payers, payees, amounts, results
  from judged j;

  if day_most > 0 and entries is not null then
    results := results || payments.pay_within_day(entries, places, at, day_most);
  elsif entries is not null then
    results := results || array(select (places[r.place], r.posted_at, r.repeated, r.code, r.message, r.detail)::ledger.result from ledger.post_many(entries, at, true) r);
  end if;

  made := array(select r.place from unnest(results) r where not r.repeated order by r.place);
  if made <> '{}' then
    insert into events (community_id, topic, member_id, payload)
    select community, e.topic, e.member, jsonb_build_object('entryId', payments->(m.n - 1)->'id', 'amount', amounts[m.n]::text)
    from unnest(made) as m (n), lateral (values ('payment.sent', payers[m.n]), ('payment.received', payees[m.n])) as e (topic, member);
    perform kith.enqueue('payment.made', json_build_object('communityId', community, 'entryIds', (select json_agg(payments->(m.n - 1)->'id') from unnest(made) as m (n))));
  end if;
  return query select r.place, r.posted_at, r.repeated, r.code, r.message, r.detail from unnest(results) r;
end $$;
revoke all on function payments.pay_many from public;
grant execute on function payments.pay_many to kith_app;
