-- Who came by which link, once each: somebody who applies again by the same link does not use it up for others.
create table invitation_uses (
  community_id uuid not null references communities (id) on delete cascade,
  invitation_id uuid not null,
  member_id uuid not null,
  used_at timestamptz not null default now(),
  primary key (community_id, invitation_id, member_id),
  foreign key (community_id, invitation_id) references invitations (community_id, id) on delete cascade,
  foreign key (community_id, member_id) references members (community_id, id) on delete cascade
);
create index invitation_uses_member on invitation_uses (community_id, member_id);
call kith.tenant_table('invitation_uses');
