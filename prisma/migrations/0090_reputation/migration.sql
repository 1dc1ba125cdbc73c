-- What members' dealings say of them, and points for what helps the community.

-- Computed from the reviews and trades of a member; what is stored equals what history says at `computed_at`.
create table reputations (
  community_id uuid not null references communities (id) on delete cascade,
  member_id uuid not null,
  -- Thousandths of a point.
  score_milli integer not null default 0,
  level smallint not null default 0 check (level >= 0),
  -- Of the last twelve months, one for each counterparty and week.
  positive_recent integer not null default 0,
  neutral_recent integer not null default 0,
  negative_recent integer not null default 0,
  -- Thousandths of a star; null while there is no review.
  stars_milli integer check (stars_milli between 1000 and 5000),
  reviews integer not null default 0,
  trades_completed integer not null default 0,
  computed_at timestamptz(3) not null,
  primary key (community_id, member_id),
  foreign key (community_id, member_id) references members (community_id, id) on delete cascade
);
create index reputations_score on reputations (community_id, score_milli desc, member_id);
create index reputations_computed on reputations (computed_at);
call kith.tenant_table('reputations');

create type karma_cause as enum ('HONEST_REVIEW', 'ACTIVE_INVITATION', 'COMMUNITY_WORK', 'GOOD_FLAG');

create table karma_awards (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  member_id uuid not null,
  cause karma_cause not null,
  -- What makes two awards the same one: given once, however often the job runs.
  key text not null,
  points integer not null check (points between 1 and 10000),
  reason text not null default '',
  -- The operator who entered it; null: the system.
  awarded_by uuid,
  awarded_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  unique (community_id, member_id, cause, key),
  foreign key (community_id, member_id) references members (community_id, id) on delete cascade
);
create index karma_awards_newest on karma_awards (community_id, awarded_at desc, id);
call kith.tenant_table('karma_awards');

create type karma_rule_kind as enum ('LEVEL', 'BADGE');

-- Levels and badges as the operators set them; while there are none, the standard ones hold.
create table karma_rules (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  kind karma_rule_kind not null,
  name text not null,
  description text not null default '',
  -- What is counted: awards for this cause; null: points of all causes.
  cause karma_cause,
  least integer not null check (least > 0),
  position integer not null,
  primary key (community_id, id),
  unique (community_id, kind, name),
  check (kind = 'BADGE' or cause is null)
);
call kith.tenant_table('karma_rules');
