-- Charges a run that has begun: one entry from all who owe to the treasury, all or nothing; what is not available is kept as arrears.
-- Answers whether it was charged now: a run that is done is left as it is.
create or replace function demurrage.charge(run_id uuid, at timestamptz)
returns boolean language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  run demurrage_runs;
  treasury uuid := ledger.open_account('TREASURY');
  head jsonb;
  due record;
  posted timestamptz(3) := at;
begin
  select * into run from demurrage_runs r where r.community_id = community and r.id = charge.run_id for update;
  if not found then raise exception 'There is no such run.' using errcode = 'KL050'; end if;
  if run.state = 'DONE' then return false; end if;

  -- All who could owe, and the treasury, in the order of the ledger: nothing moves between the judgement and the charge.
  perform 1 from accounts a where a.community_id = community
    and (a.id = treasury or a.kind = 'MEMBER' and a.is_local and (a.balance > run.allowance or a.last_posted_at > run.ends_at))
  order by a.id for no key update;

  with owed as materialized (
    select d.account_id, d.charge, greatest(least(d.charge, d.available), 0) as paid
    from demurrage.assess(run.ends_at, run.rate_ppm, run.allowance, run.grace_days) d
  ), short as (
    insert into demurrage_arrears (community_id, run_id, account_id, charge, paid)
    select community, run.id, o.account_id, o.charge, o.paid from owed o where o.paid < o.charge returning charge - paid as missing
  )
  select array_agg(o.account_id order by o.account_id) filter (where o.paid > 0) as accounts,
         array_agg(o.paid order by o.account_id) filter (where o.paid > 0) as amounts,
         count(*) filter (where o.paid > 0) as payers, coalesce(sum(o.paid), 0)::bigint as total,
         (select count(*) from short) as arrears_accounts, (select coalesce(sum(s.missing), 0)::bigint from short s) as arrears
    into due from owed o;

  if due.total > 0 then
    head := jsonb_build_object('id', run.id, 'kind', 'DEMURRAGE', 'memo', run.ends_on, 'subject', jsonb_build_object('type', 'DemurrageRun', 'id', run.id));
    posted := ledger.collect(community, head, due.accounts, due.amounts, treasury, at);
  end if;
  update demurrage_runs r set state = 'DONE', finished_at = posted, charged_accounts = due.payers, charged = due.total,
                              arrears_accounts = due.arrears_accounts, arrears = due.arrears
  where r.community_id = community and r.id = run.id;
  -- Told afterwards: the accounts are not held for that.
  perform kith.enqueue('demurrage.charged', json_build_object('communityId', community, 'runId', run.id), 'demurrage.charged:' || run.id);
  return true;
end $$;
revoke all on function demurrage.charge from public;
grant execute on function demurrage.charge to kith_app;
