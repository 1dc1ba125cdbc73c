-- Payments of the current community between members, each with a result of its own; with their events and the job that tells people.
-- payments: [{id, payerId, payeeId, amount, memo?, actorId?, onBehalfOfId?, subject?: {type, id}}], amounts in minor units; `place` counts from 1.
create or replace function payments.pay_many(payments jsonb, at timestamptz)
returns table (place integer, posted_at timestamptz, repeated boolean, code text, message text, detail text)
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  community uuid := current_setting('app.community_id')::uuid;
  most bigint;
  day_most bigint;
  ids uuid[];
  payers uuid[];
  payees uuid[];
  amounts bigint[];
  known uuid[];
  states member_state[];
  owners uuid[];
  accounts_of uuid[];
  refused text[];
  entries jsonb;
  places integer[];
  results ledger.result[];
  made integer[];
begin
  select ledger.units(c.policies->>'paymentMost', c.currency_scale), ledger.units(c.policies->>'paymentsPerDayMost', c.currency_scale)
    into most, day_most from communities c where c.id = community;
  select array_agg((p->>'id')::uuid), array_agg((p->>'payerId')::uuid), array_agg((p->>'payeeId')::uuid), array_agg((p->>'amount')::bigint)
    into ids, payers, payees, amounts from jsonb_array_elements(payments) p;
  -- In the order of their ids, so that width_bucket finds the place of a member.
  select array_agg(m.id), array_agg(m.state), array_agg(coalesce(
           (select a.id from accounts a where a.community_id = community and a.id = m.id and a.member_id = m.id and a.is_local),
           case when m.state = 'ACTIVE' then ledger.open_account('MEMBER', m.id) end))
    into owners, states, accounts_of
  from (select distinct u.id from unnest(payers || payees) as u (id) order by u.id) u,
       lateral (select m.id, m.state from members m where m.community_id = community and m.id = u.id limit 1) m;
  -- What was paid already is answered again, whatever holds now.
  known := array(select (select e.id from journal_entries e where e.community_id = community and e.id = i) from unnest(ids) i);
  refused := array(
    select case when p.known is not null and owners[p.payer_place] = p.payer and owners[p.payee_place] = p.payee then ''
                when owners[p.payer_place] is distinct from p.payer or states[p.payer_place] <> 'ACTIVE' then 'KL025'
                when owners[p.payee_place] is distinct from p.payee or states[p.payee_place] <> 'ACTIVE' then 'KL023'
                when most > 0 and p.amount > most then 'KL021' else '' end
    from (select p.*, width_bucket(p.payer, owners) as payer_place, width_bucket(p.payee, owners) as payee_place
          from unnest(known, payers, payees, amounts) as p (known, payer, payee, amount)) p);
  select jsonb_agg((p.payment - '{payerId,payeeId,amount}'::text[]) || jsonb_build_object('kind', 'PAYMENT', 'postings', jsonb_build_array(
           jsonb_build_object('accountId', accounts_of[width_bucket(payers[p.n], owners)], 'amount', (-amounts[p.n])::text),
           jsonb_build_object('accountId', accounts_of[width_bucket(payees[p.n], owners)], 'amount', amounts[p.n]::text)))),
         array_agg(p.n::integer)
    into entries, places
  from jsonb_array_elements(payments) with ordinality as p (payment, n) where refused[p.n] = '';

  results := array(select (n, null, null, refused[n], refused[n], null)::ledger.result from generate_subscripts(refused, 1) n where refused[n] <> '');
  if day_most > 0 and entries is not null then
    results := results || payments.pay_within_day(entries, places, at, day_most);
  elsif entries is not null then
    results := results || array(select (places[r.place], r.posted_at, r.repeated, r.code, r.message, r.detail)::ledger.result from ledger.post_many(entries, at, true) r);
  end if;

  made := array(select r.place from unnest(results) r where not r.repeated order by r.place);
  if made <> '{}' then
    insert into events (community_id, topic, member_id, payload)
    select community, e.topic, e.member, jsonb_build_object('entryId', ids[n], 'amount', amounts[n]::text)
    from unnest(made) n, lateral (values ('payment.sent', payers[n]), ('payment.received', payees[n])) as e (topic, member);
    perform kith.enqueue('payment.made', json_build_object('communityId', community, 'entryIds', (select json_agg(ids[n]) from unnest(made) n)));
  end if;
  return query select r.place, r.posted_at, r.repeated, r.code, r.message, r.detail from unnest(results) r;
end $$;
revoke all on function payments.pay_many from public;
grant execute on function payments.pay_many to kith_app;
