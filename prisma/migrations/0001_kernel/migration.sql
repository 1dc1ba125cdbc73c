-- The kernel: who may touch what, users and their sessions, communities, the event log.
-- The application connects as a member of kith_app, which owns nothing and stands under row-level security.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create schema kith;
grant usage on schema public, kith to kith_app;
alter default privileges in schema public grant select, insert, update, delete on tables to kith_app;
alter default privileges in schema public grant usage, select on sequences to kith_app;

-- Puts a table under its community: a connection sees the rows of the community it was told, and told nothing gets an error.
create procedure kith.tenant_table(name regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format(
    'create policy tenant on %s using (community_id = current_setting(''app.community_id'')::uuid) with check (community_id = current_setting(''app.community_id'')::uuid)',
    name);
end $$;

create table users (
  id uuid primary key,
  email text not null,
  email_verified_at timestamptz,
  password_hash text,
  name text not null,
  locale text not null default 'en',
  platform_administrator boolean not null default false,
  created_at timestamptz not null default now(),
  erased_at timestamptz
);
create unique index users_email_key on users (lower(email));

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  token_hash bytea not null unique,
  label text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user_id on sessions (user_id);

create type one_time_token_purpose as enum ('VERIFY_EMAIL', 'RESET_PASSWORD', 'CHANGE_EMAIL');
create table one_time_tokens (
  token_hash bytea primary key,
  user_id uuid not null references users (id) on delete cascade,
  purpose one_time_token_purpose not null,
  email text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index one_time_tokens_user_id on one_time_tokens (user_id);

create type community_state as enum ('ACTIVE', 'CLOSED');
create type community_visibility as enum ('LISTED', 'HIDDEN');
create table communities (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text not null,
  description text not null default '',
  state community_state not null default 'ACTIVE',
  visibility community_visibility not null default 'LISTED',
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  currency_code text not null check (currency_code ~ '^[A-Z]{3,8}$'),
  currency_name text not null,
  currency_symbol text not null default '',
  currency_scale smallint not null default 2 check (currency_scale between 0 and 4),
  member_capacity integer not null default 10000 check (member_capacity > 0),
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  policies jsonb not null default '{}',
  charter_version integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
-- Everybody may know that a community exists (what of it is shown is decided in the API); it is changed only from inside.
alter table communities enable row level security;
create policy directory on communities for select using (true);
create policy found on communities for insert with check (true);
create policy own on communities for update using (id = current_setting('app.community_id')::uuid);

-- Append-only. `position` is (xid, id): a transaction id is final before any reader passes it, a sequence number alone is not.
create table events (
  community_id uuid not null references communities (id) on delete cascade,
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  topic text not null,
  member_id uuid,
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (community_id, xid, id)
);
create index events_position on events (xid, id);
create index events_created_at on events (created_at);
call kith.tenant_table('events');
revoke update, delete on events from kith_app;

-- rate-limiter-flexible's own layout.
create table rate_limits (key text primary key, points integer not null default 0, expire bigint);

-- What an installation remembers about itself: which engine wrote the search index, when a nightly job last ran.
create table installation (key text primary key, value jsonb not null, updated_at timestamptz not null default now());
