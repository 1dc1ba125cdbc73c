-- Refuses lines that spend what their reservations do not hold. The accounts are locked, and with them their reservations.
create or replace function ledger.judge_reservations(community uuid, line_account uuid[], line_amount bigint[], line_reservation uuid[])
returns void language plpgsql set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  wrong record;
begin
  select s.reservation, s.held into wrong from (
    select l.reservation, -sum(l.amount) as spent, max(l.amount) as most,
           (select r.amount from reservations r where r.community_id = community and r.id = l.reservation and r.account_id = l.account) as held
    from unnest(line_account, line_amount, line_reservation) as l (account, amount, reservation)
    where l.reservation is not null group by l.reservation, l.account) s
  where s.held is null or s.most > 0 or s.spent > s.held limit 1;
  if found then
    raise exception 'The reservation does not hold what is to be spent from it.' using errcode = 'KL004',
      detail = jsonb_build_object('reservationId', wrong.reservation, 'held', coalesce(wrong.held, 0)::text);
  end if;
end $$;
revoke all on function ledger.judge_reservations from public;
