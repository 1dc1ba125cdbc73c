-- The receiver of a payment sends back some of it, all refunds together at most what was paid. refund: {id, paymentId, payeeId, amount?, memo?,
-- actorId?, onBehalfOfId?}; without an amount, all that is left. Answers whom it went to and how much it was, in minor units.
create or replace function payments.refund(refund jsonb, at timestamptz, out payer_id uuid, out amount bigint, out posted_at timestamptz, out repeated boolean)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  payment_id uuid := (refund->>'paymentId')::uuid;
  paid record;
  refunded bigint;
begin
  -- Refunds of one payment go one after another.
  perform 1 from journal_entries e where e.community_id = community and e.id = payment_id and e.kind = 'PAYMENT' for update;
  select t.account_id as from_account, t.amount, f.account_id as to_account, a.member_id as payer into paid
  from postings t join accounts r on r.community_id = community and r.id = t.account_id and r.member_id = (refund->>'payeeId')::uuid
  join postings f on f.community_id = community and f.entry_id = payment_id and f.amount = -t.amount
  join accounts a on a.community_id = community and a.id = f.account_id
  join journal_entries e on e.community_id = community and e.id = payment_id and e.kind = 'PAYMENT'
  where t.community_id = community and t.entry_id = payment_id and t.amount > 0;
  if not found then raise exception 'There is no such payment to that member.' using errcode = 'KL006'; end if;

  select -p.amount into amount from postings p join journal_entries e on e.community_id = community and e.id = p.entry_id and e.parent_id = payment_id
  where p.community_id = community and p.entry_id = (refund->>'id')::uuid and p.account_id = paid.from_account;
  if not found then
    select coalesce(-sum(p.amount), 0) into refunded from journal_entries e
    join postings p on p.community_id = community and p.entry_id = e.id and p.account_id = paid.from_account
    where e.community_id = community and e.parent_id = payment_id and e.kind = 'REFUND'
      and not exists (select from entry_reversals r where r.community_id = community and r.entry_id = e.id);
    amount := coalesce((refund->>'amount')::bigint, paid.amount - refunded);
    if amount <= 0 or refunded + amount > paid.amount then
      raise exception 'More than was paid cannot be sent back.' using errcode = 'KL024',
        detail = jsonb_build_object('left', (paid.amount - refunded)::text);
    end if;
  else
    amount := coalesce((refund->>'amount')::bigint, amount);
  end if;
  payer_id := paid.payer;
  select p.posted_at, p.repeated into posted_at, repeated from ledger.post(
    (refund - '{paymentId,payeeId,amount}'::text[]) || jsonb_build_object('kind', 'REFUND', 'parentId', payment_id, 'postings', jsonb_build_array(
      jsonb_build_object('accountId', paid.from_account, 'amount', (-amount)::text),
      jsonb_build_object('accountId', paid.to_account, 'amount', amount::text))), at, true) p;
  if not repeated then
    insert into events (community_id, topic, member_id, payload)
    select community, e.topic, e.member, jsonb_build_object('entryId', refund->'id', 'amount', amount::text)
    from (values ('payment.sent', (refund->>'payeeId')::uuid), ('payment.received', payer_id)) as e (topic, member);
    perform kith.enqueue('payment.made', json_build_object('communityId', community, 'entryIds', json_build_array(refund->'id')));
  end if;
end $$;
revoke all on function payments.refund from public;
grant execute on function payments.refund to kith_app;
