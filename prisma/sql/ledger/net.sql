-- What lines do to each account together, in the order of the accounts; `spent` is what comes from reservations.
create or replace function ledger.net(line_account uuid[], line_amount bigint[], line_reservation uuid[])
returns table (account uuid, net bigint, spent bigint) language sql immutable as $$
  select l.account, sum(l.amount)::bigint, coalesce(-sum(l.amount) filter (where l.reservation is not null), 0)::bigint
  from unnest(line_account, line_amount, line_reservation) as l (account, amount, reservation) group by l.account order by l.account
$$;
revoke all on function ledger.net from public;
