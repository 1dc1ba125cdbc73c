-- Imports that are checked and applied in batches: what a crash leaves can be gone on with, and nothing is done twice.

alter table imports
  -- Which upload writes the rows; a second one takes over, and the first one notices.
  add column upload_id uuid,
  -- How far the running phase has come: its batches go by line.
  add column cursor_line integer not null default 0,
  add column rows_checked integer not null default 0,
  -- Why the file as a whole was refused.
  add column problem text,
  add column ignored_columns text[] not null default '{}',
  -- When the last batch was done: what stands still for long has lost its worker.
  add column touched_at timestamptz not null default now();
create index imports_created on imports (community_id, created_at desc, id desc);
-- Maintenance looks for them across communities.
create index imports_open on imports (touched_at) where state in ('RECEIVING', 'CHECKING', 'CHECKED', 'APPLYING');
create index imports_finished on imports (finished_at) where finished_at is not null;

create type import_outcome as enum ('CREATED', 'UPDATED', 'UNCHANGED');
alter table import_rows
  -- What makes the row the same one in the next file.
  add column external_id text,
  -- What the check foresees, then what was done.
  add column outcome import_outcome,
  -- The external id of the member the row brings into being; it takes a place in the community's capacity.
  add column new_member text;
create index import_rows_external_id on import_rows (community_id, import_id, external_id);
create index import_rows_refused on import_rows (community_id, import_id, line) where state = 'REFUSED';
create index import_rows_new_member on import_rows (community_id, import_id, new_member, line) where new_member is not null;
