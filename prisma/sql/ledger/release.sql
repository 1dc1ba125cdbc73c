-- Gives back what a reservation holds beyond `leaving` (0: all of it). Said twice it changes nothing; answers what was given back.
create or replace function ledger.release(id uuid, leaving bigint default 0, at timestamptz default null)
returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_variable
declare
  community uuid := current_setting('app.community_id')::uuid;
  account uuid;
  held bigint;
begin
  if leaving < 0 then raise exception 'A reservation holds nothing below zero.' using errcode = 'KL009'; end if;
  select r.account_id into account from reservations r where r.community_id = community and r.id = release.id;
  if not found then raise exception 'There is no such reservation.' using errcode = 'KL011'; end if;
  -- Whoever changes a reservation holds its account.
  perform 1 from accounts a where a.community_id = community and a.id = account for no key update;
  select r.amount into held from reservations r where r.community_id = community and r.id = release.id;
  if held <= leaving then return 0; end if;
  update reservations r set amount = leaving, changed_at = date_trunc('milliseconds', coalesce(at, clock_timestamp()))
  where r.community_id = community and r.id = release.id;
  update accounts a set reserved = a.reserved - (held - leaving) where a.community_id = community and a.id = account;
  return held - leaving;
end $$;
revoke all on function ledger.release from public;
grant execute on function ledger.release to kith_app;
