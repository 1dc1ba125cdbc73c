-- New coinage: coins earmarked for newcomers, and what was minted from them when they sold.

create schema coinage;
grant usage on schema coinage to kith_app;

create type coinage_grant_cause as enum ('ADMISSION', 'OPERATOR');

-- Every grant, as it was given. Amounts in minor units of the community's currency.
create table coinage_grants (
  community_id uuid not null references communities (id) on delete cascade,
  -- Made by the client, or on admission by the system: the same id is the same grant.
  id uuid not null,
  member_id uuid not null,
  cause coinage_grant_cause not null,
  amount bigint not null check (amount > 0),
  -- When what is left of all the member's grants expires from now on; null: never.
  expires_at timestamptz(3),
  granted_by uuid,
  reason text not null default '',
  granted_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  foreign key (community_id, member_id) references members (community_id, id)
);
create index coinage_grants_member on coinage_grants (community_id, member_id, granted_at);
create unique index coinage_grants_admission on coinage_grants (community_id, member_id) where cause = 'ADMISSION';
call kith.tenant_table('coinage_grants');

-- What a member's grants come to. The row that every mint of theirs locks; left = granted - minted - expired.
create table coinage_standings (
  community_id uuid not null references communities (id) on delete cascade,
  member_id uuid not null,
  granted bigint not null default 0 check (granted >= 0),
  minted bigint not null default 0 check (minted >= 0),
  expired bigint not null default 0 check (expired >= 0),
  expires_at timestamptz(3),
  primary key (community_id, member_id),
  foreign key (community_id, member_id) references members (community_id, id),
  check (minted + expired <= granted)
);
create index coinage_standings_expiry on coinage_standings (expires_at) where granted > minted + expired;
call kith.tenant_table('coinage_standings');

-- What was minted, once for each trade and for each buyer with each provider.
create table coinage_mints (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  trade_id uuid not null,
  -- The entry that paid the trade: issuance gave the amount, the buyer the rest.
  entry_id uuid not null,
  buyer_id uuid not null,
  provider_id uuid not null,
  amount bigint not null check (amount > 0),
  minted_at timestamptz(3) not null default now(),
  -- The coins went back to issuance and the grant to the provider.
  voided_at timestamptz(3),
  void_entry_id uuid,
  voided_by uuid,
  void_reason text,
  primary key (community_id, id),
  unique (community_id, trade_id),
  unique (community_id, entry_id),
  unique (community_id, buyer_id, provider_id),
  foreign key (community_id, buyer_id) references members (community_id, id),
  foreign key (community_id, provider_id) references members (community_id, id),
  check (buyer_id <> provider_id),
  check ((voided_at is null) = (void_entry_id is null))
);
create index coinage_mints_buyer on coinage_mints (community_id, buyer_id, minted_at);
create index coinage_mints_provider on coinage_mints (community_id, provider_id, minted_at);
create index coinage_mints_newest on coinage_mints (community_id, minted_at desc, id);
call kith.tenant_table('coinage_mints');

-- Members who may buy with coinage while nobody has the reputation for it, appointed on the record.
create table coinage_founders (
  community_id uuid not null references communities (id) on delete cascade,
  member_id uuid not null,
  appointed_by uuid not null,
  reason text not null,
  appointed_at timestamptz(3) not null default now(),
  primary key (community_id, member_id),
  foreign key (community_id, member_id) references members (community_id, id)
);
call kith.tenant_table('coinage_founders');
