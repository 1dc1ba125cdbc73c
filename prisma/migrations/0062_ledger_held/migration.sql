-- What locked accounts hold, as parallel arrays in the order of their ids. `available` is null where there is no limit; `currencies`
-- is '' for the community's own.
create type ledger.held as (
  ids uuid[], balances bigint[], available bigint[], ceilings bigint[], currencies text[], last_posted_at timestamptz);
