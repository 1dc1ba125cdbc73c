create type listing_kind as enum ('OFFER', 'WANT');
create type listing_state as enum ('DRAFT', 'PUBLISHED', 'PAUSED', 'EXPIRED', 'FULFILLED', 'WITHDRAWN', 'HIDDEN');
create type payment_terms as enum ('FIXED', 'AFTER', 'SPLIT', 'COST_PLUS');

create table listings (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  member_id uuid not null,
  kind listing_kind not null,
  state listing_state not null default 'DRAFT',
  title text not null check (length(title) between 1 and 200),
  description text not null default '',
  category_id uuid,
  tags text[] not null default '{}',
  photo_urls text[] not null default '{}',
  terms payment_terms not null default 'AFTER',
  -- Minor units of the community's currency; the range is what an AFTER provider suggests.
  price bigint check (price >= 0),
  price_to bigint check (price_to >= price),
  global_price bigint check (global_price >= 0),
  global_currency text check (global_currency ~ '^[A-Z]{3}$'),
  unit text not null default '',
  -- Pieces or hours left; null is as many as asked for.
  quantity integer check (quantity >= 0),
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  radius_km double precision check (radius_km >= 0),
  remote boolean not null default false,
  availability text[] not null default '{}',
  availability_note text not null default '',
  language text not null default 'en',
  expires_at timestamptz,
  reminded_at timestamptz,
  published_at timestamptz,
  hidden_reason text,
  -- Where a hidden listing goes back to.
  state_before_hidden listing_state,
  external_id text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (community_id, id),
  unique (community_id, external_id),
  foreign key (community_id, member_id) references members (community_id, id),
  foreign key (community_id, category_id) references categories (community_id, id)
);
create index listings_page on listings (community_id, state, kind, published_at desc, id);
create index listings_member on listings (community_id, member_id, created_at desc);
create index listings_category on listings (community_id, category_id);
create index listings_expiry on listings (community_id, expires_at) where state = 'PUBLISHED';
call kith.tenant_table('listings');

-- A listing stands in its main category and may stand in more (a directory's authors tick several).
create table listing_categories (
  community_id uuid not null references communities (id) on delete cascade,
  listing_id uuid not null,
  category_id uuid not null,
  primary key (community_id, listing_id, category_id),
  foreign key (community_id, listing_id) references listings (community_id, id) on delete cascade,
  foreign key (community_id, category_id) references categories (community_id, id)
);
create index listing_categories_category on listing_categories (community_id, category_id);
call kith.tenant_table('listing_categories');

create table saved_searches (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  member_id uuid not null,
  name text not null,
  query jsonb not null,
  notify boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (community_id, id),
  foreign key (community_id, member_id) references members (community_id, id) on delete cascade
);
create index saved_searches_member on saved_searches (community_id, member_id);
call kith.tenant_table('saved_searches');

-- Words an operator calls equal here: "bike, bicycle, cycle".
create table synonyms (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  terms text[] not null check (cardinality(terms) >= 2),
  created_at timestamptz not null default now(),
  primary key (community_id, id)
);
call kith.tenant_table('synonyms');

create type suggestion_state as enum ('OPEN', 'ACCEPTED', 'DISMISSED');
create type dismissal_reason as enum ('NOT_RELEVANT', 'TOO_FAR', 'TOO_EXPENSIVE', 'WRONG_TIME', 'NOT_THIS_MEMBER', 'ALREADY_SOLVED', 'OTHER');
-- One row per pair for ever: what was dismissed is never suggested again. Each side has its own answer.
create table suggestions (
  community_id uuid not null references communities (id) on delete cascade,
  want_id uuid not null,
  offer_id uuid not null,
  id uuid not null,
  wanter_id uuid not null,
  provider_id uuid not null,
  score real not null check (score between 0 and 1),
  parts jsonb not null,
  reasons jsonb not null,
  wanter_state suggestion_state not null default 'OPEN',
  provider_state suggestion_state not null default 'OPEN',
  dismissal dismissal_reason,
  dismissal_note text,
  -- Set while one of the two listings is closed or no longer fits; cleared when it comes back.
  withdrawn_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (community_id, want_id, offer_id),
  unique (community_id, id),
  foreign key (community_id, want_id) references listings (community_id, id) on delete cascade,
  foreign key (community_id, offer_id) references listings (community_id, id) on delete cascade,
  foreign key (community_id, wanter_id) references members (community_id, id),
  foreign key (community_id, provider_id) references members (community_id, id)
);
create index suggestions_wanter on suggestions (community_id, wanter_id, created_at desc);
create index suggestions_provider on suggestions (community_id, provider_id, created_at desc);
create index suggestions_offer on suggestions (community_id, offer_id);
call kith.tenant_table('suggestions');

create type import_kind as enum ('MEMBERS', 'LISTINGS');
create type import_state as enum ('RECEIVING', 'CHECKING', 'CHECKED', 'APPLYING', 'DONE', 'REFUSED', 'CANCELLED');
create table imports (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  kind import_kind not null,
  state import_state not null default 'RECEIVING',
  file_name text not null default '',
  options jsonb not null default '{}',
  started_by uuid,
  rows_total integer not null default 0,
  rows_done integer not null default 0,
  rows_created integer not null default 0,
  rows_updated integer not null default 0,
  rows_unchanged integer not null default 0,
  rows_refused integer not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (community_id, id)
);
call kith.tenant_table('imports');

create type import_row_state as enum ('WAITING', 'DONE', 'REFUSED');
create table import_rows (
  community_id uuid not null references communities (id) on delete cascade,
  import_id uuid not null,
  line integer not null,
  row jsonb not null,
  state import_row_state not null default 'WAITING',
  reason text,
  primary key (community_id, import_id, line),
  foreign key (community_id, import_id) references imports (community_id, id) on delete cascade
);
call kith.tenant_table('import_rows');
