-- What members ask each other to pay, and what they accept without being asked again. Payments themselves are journal entries.

create schema payments;
grant usage on schema payments to kith_app;

create type payment_request_state as enum ('OPEN', 'ACCEPTED', 'DECLINED', 'CANCELLED', 'EXPIRED');
create table payment_requests (
  community_id uuid not null references communities (id) on delete cascade,
  -- Made by the client: the same id is the same request.
  id uuid not null,
  payee_id uuid not null,
  payer_id uuid not null,
  -- Minor units of the community's currency.
  amount bigint not null check (amount > 0),
  memo text not null default '',
  subject_type text,
  subject_id uuid,
  -- The member who asked, when it was not the payee.
  actor_id uuid,
  state payment_request_state not null default 'OPEN',
  -- Why it was declined.
  reason text,
  -- The payment it led to.
  entry_id uuid,
  -- When a rule of the payer accepts it; null: they decide.
  accept_at timestamptz(3),
  expires_at timestamptz(3) not null,
  decided_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  foreign key (community_id, payee_id) references members (community_id, id),
  foreign key (community_id, payer_id) references members (community_id, id),
  check (payer_id <> payee_id)
);
create index payment_requests_payer on payment_requests (community_id, payer_id, created_at desc, id desc);
create index payment_requests_payee on payment_requests (community_id, payee_id, created_at desc, id desc);
call kith.tenant_table('payment_requests');

create table payment_rules (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  payer_id uuid not null,
  -- Whose requests; null: everybody's.
  payee_id uuid,
  -- After so many days without a word; 0: at once.
  after_days integer not null check (after_days between 0 and 365),
  -- Requests above it wait for the payer; null: any amount. Minor units.
  amount_most bigint check (amount_most > 0),
  created_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  unique nulls not distinct (community_id, payer_id, payee_id),
  foreign key (community_id, payer_id) references members (community_id, id) on delete cascade,
  foreign key (community_id, payee_id) references members (community_id, id) on delete cascade
);
call kith.tenant_table('payment_rules');

-- What became of one entry of several; its place counts from 1.
create type ledger.result as (place integer, posted_at timestamptz, repeated boolean, code text, message text, detail text);
