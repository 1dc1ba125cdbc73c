create table charters (
  community_id uuid not null references communities (id) on delete cascade,
  version integer not null check (version > 0),
  text text not null,
  published_by uuid,
  published_at timestamptz not null default now(),
  primary key (community_id, version)
);
call kith.tenant_table('charters');

create table categories (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  parent_id uuid,
  key text not null,
  name text not null,
  position integer not null default 0,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (community_id, id),
  unique (community_id, key),
  foreign key (community_id, parent_id) references categories (community_id, id)
);
create index categories_parent on categories (community_id, parent_id);
call kith.tenant_table('categories');

create type member_state as enum ('APPLIED', 'ACTIVE', 'SUSPENDED', 'LEAVING', 'LEFT', 'REJECTED');
create type member_role as enum ('MEMBER', 'BROKER', 'MODERATOR', 'TREASURER', 'OPERATOR');
create table members (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  -- Null: a placeholder made by an import (claimed by invitation later), or an erased member.
  user_id uuid references users (id),
  state member_state not null default 'APPLIED',
  roles member_role[] not null default '{MEMBER}',
  display_name text not null,
  bio text not null default '',
  photo_url text,
  contact_email text,
  phone text,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  locale text not null default 'en',
  notification_preferences jsonb not null default '{}',
  external_id text,
  invited_by uuid,
  charter_version integer,
  application text not null default '',
  decision_reason text,
  applied_at timestamptz not null default now(),
  admitted_at timestamptz,
  suspended_at timestamptz,
  left_at timestamptz,
  erased_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (community_id, id),
  unique (community_id, user_id),
  unique (community_id, external_id),
  foreign key (community_id, invited_by) references members (community_id, id)
);
create index members_state on members (community_id, state, created_at desc);
create index members_user on members (user_id);
create index members_name on members using gin (community_id, display_name gin_trgm_ops);
call kith.tenant_table('members');

create table invitations (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  token_hash bytea not null unique,
  inviter_id uuid not null,
  email text,
  -- An invitation to take over this placeholder member.
  claims_member_id uuid,
  max_uses integer not null default 1 check (max_uses between 1 and 1000),
  uses integer not null default 0 check (uses >= 0 and uses <= max_uses),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (community_id, id),
  foreign key (community_id, inviter_id) references members (community_id, id),
  foreign key (community_id, claims_member_id) references members (community_id, id)
);
create index invitations_created on invitations (community_id, created_at desc);
call kith.tenant_table('invitations');

-- Every act of an operator, with its reason. Nobody changes what was written.
create table audit_log (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  actor_user_id uuid,
  actor_member_id uuid,
  action text not null,
  subject_type text not null,
  subject_id text not null,
  reason text,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (community_id, id)
);
create index audit_log_created on audit_log (community_id, created_at desc);
call kith.tenant_table('audit_log');
revoke update, delete on audit_log from kith_app;

create table notifications (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  member_id uuid not null,
  kind text not null,
  -- What makes two notifications the same one, so that a job that runs twice tells once.
  key text not null,
  title text not null,
  body text not null default '',
  subject_type text,
  subject_id uuid,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (community_id, id),
  unique (community_id, member_id, key),
  foreign key (community_id, member_id) references members (community_id, id) on delete cascade
);
create index notifications_inbox on notifications (community_id, member_id, created_at desc);
call kith.tenant_table('notifications');
