-- The holding cost: one run for each community and end of a period. What was charged are the postings of the run's entry, whose id is
-- the run's; only what could not be charged is kept here.

create schema demurrage;
grant usage on schema demurrage to kith_app;

create type demurrage_period as enum ('DAY', 'WEEK', 'MONTH', 'QUARTER');
create type demurrage_run_state as enum ('RUNNING', 'DONE');
create table demurrage_runs (
  community_id uuid not null references communities (id),
  id uuid not null,
  -- The day of the community's time zone on which the period ends, and that moment.
  ends_on date not null,
  ends_at timestamptz(3) not null,
  -- The rules of that moment.
  period demurrage_period not null,
  rate_ppm integer not null check (rate_ppm between 0 and 1000000),
  -- Minor units.
  allowance bigint not null check (allowance >= 0),
  grace_days integer not null check (grace_days >= 0),
  state demurrage_run_state not null default 'RUNNING',
  -- Accounts of members then; how many of them were charged, and together.
  accounts integer not null,
  charged_accounts integer not null default 0,
  charged bigint not null default 0,
  -- Accounts that had less available than their charge, and what is missing.
  arrears_accounts integer not null default 0,
  arrears bigint not null default 0,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  primary key (community_id, id),
  unique (community_id, ends_on),
  check ((state = 'DONE') = (finished_at is not null))
);
call kith.tenant_table('demurrage_runs');

create table demurrage_arrears (
  community_id uuid not null,
  run_id uuid not null,
  account_id uuid not null,
  -- Minor units: the whole charge, and what of it was available.
  charge bigint not null check (charge > 0),
  paid bigint not null check (paid >= 0 and paid < charge),
  primary key (community_id, run_id, account_id),
  foreign key (community_id, run_id) references demurrage_runs (community_id, id),
  foreign key (community_id, account_id) references accounts (community_id, id)
);
call kith.tenant_table('demurrage_arrears');

revoke insert, update, delete on demurrage_runs, demurrage_arrears from kith_app;
