-- What a community's answers to suggestions taught: weights near the defaults (api/src/matching/weights.ts), and from how many answers.
create table matching_weights (
  community_id uuid not null references communities (id) on delete cascade,
  weights jsonb not null,
  answers integer not null,
  -- The newest answer that counted; a night without newer ones changes nothing.
  answered_until timestamptz not null,
  learned_at timestamptz not null default now(),
  primary key (community_id)
);
call kith.tenant_table('matching_weights');
