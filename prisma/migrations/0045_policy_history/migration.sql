-- When which rule of a community became what: in force from a moment, never backwards. A rule that never changed has no line here.
create table policy_changes (
  community_id uuid not null references communities (id) on delete cascade,
  -- The later said counts where two are in force from the same moment.
  id bigint generated always as identity,
  name text not null,
  -- Null: the default.
  before jsonb,
  after jsonb,
  effective_at timestamptz(3) not null,
  -- Whether communities.policies says so already.
  applied boolean not null,
  -- The member who decided; null: a platform administrator.
  changed_by uuid,
  reason text,
  created_at timestamptz(3) not null,
  primary key (community_id, id),
  foreign key (community_id, changed_by) references members (community_id, id)
);
create index policy_changes_in_force on policy_changes (community_id, name, effective_at desc, id desc);
call kith.tenant_table('policy_changes');
revoke delete on policy_changes from kith_app;
