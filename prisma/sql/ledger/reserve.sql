-- Holds an amount of an account, once for each id; sent again it changes nothing, with other content it is refused.
create or replace function ledger.reserve(id uuid, account_id uuid, amount bigint, subject_type text default null, subject_id uuid default null, at timestamptz default null)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_variable
declare
  community uuid := current_setting('app.community_id')::uuid;
  account accounts;
  known reservations;
  moment timestamptz := date_trunc('milliseconds', coalesce(at, clock_timestamp()));
begin
  if id is null or amount is null or amount <= 0 then
    raise exception 'A reservation has an id and an amount above zero.' using errcode = 'KL009';
  end if;
  select * into account from accounts a where a.community_id = community and a.id = account_id for no key update;
  if not found then raise exception 'There is no such account to reserve from.' using errcode = 'KL007'; end if;
  insert into reservations as r (community_id, id, account_id, amount, initial_amount, subject_type, subject_id, created_at, changed_at)
  values (community, id, account_id, amount, amount, subject_type, subject_id, moment, moment)
  on conflict do nothing;
  if not found then
    select * into known from reservations r where r.community_id = community and r.id = reserve.id;
    if (known.account_id, known.initial_amount) is distinct from (account_id, amount)
       or (known.subject_type, known.subject_id) is distinct from (subject_type, subject_id) then
      raise exception 'The id of a reservation is used already for another one.' using errcode = 'KL010';
    end if;
    return;
  end if;
  if account.closed_at is not null then
    raise exception 'The account is closed: its owner has left.' using errcode = 'KL017';
  end if;
  if account.kind in ('MEMBER', 'TREASURY') and account.balance - account.reserved + account.credit_limit < amount then
    raise exception 'The account has not enough available.' using errcode = 'KL001',
      detail = jsonb_build_object('accountId', account_id, 'memberId', account.member_id,
                                  'available', (account.balance - account.reserved + account.credit_limit)::text, 'needed', amount::text,
                                  'currencyCode', account.currency_code, 'scale', account.scale);
  end if;
  update accounts a set reserved = a.reserved + amount where a.community_id = community and a.id = account_id;
end $$;
revoke all on function ledger.reserve from public;
grant execute on function ledger.reserve to kith_app;
