-- What texts mean: a vector for each different text of a community, and which text each listing has. Vectors are made after the listing
-- was written and found by its words, so a listing without one is nothing unusual.

-- One row for each community: whose vectors serve there, and a number that grows with every change, so that each process knows what it
-- has not seen yet. Writers lock it; so a number that can be read has all that came before it.
create table meanings (
  community_id uuid not null references communities (id) on delete cascade,
  version bigint not null default 0,
  -- The model whose vectors of this community are all there; null before the first.
  model text,
  primary key (community_id)
);
call kith.tenant_table('meanings');

create table listing_meanings (
  community_id uuid not null references communities (id) on delete cascade,
  -- No foreign key, as in the index of words: it may be late, never stop a listing from being deleted.
  listing_id uuid not null,
  member_id uuid not null,
  kind listing_kind not null,
  -- Those that left the directory stay for a while, so that every process learns of it.
  published boolean not null,
  -- sha256 of what goes into the model.
  text_hash bytea not null,
  version bigint not null,
  primary key (community_id, listing_id)
);
create index listing_meanings_version on listing_meanings (community_id, version);
create index listing_meanings_text on listing_meanings (community_id, text_hash);
call kith.tenant_table('listing_meanings');

-- Eight bits a number: a vector is its numbers times its scale. Both are null for a text the model does not understand.
create table text_meanings (
  community_id uuid not null references communities (id) on delete cascade,
  model text not null,
  text_hash bytea not null,
  vector bytea,
  vector_scale real,
  -- The vector without its wording: what two texts are compared by.
  sense bytea,
  sense_scale real,
  primary key (community_id, model, text_hash),
  check (num_nulls(vector, vector_scale, sense, sense_scale) in (0, 4))
);
call kith.tenant_table('text_meanings');

-- True while the language was found in the text and not said by the author.
alter table listings add column language_detected boolean not null default false;

-- What the installation learned of categories from its own listings, and what became of it. Sums over the listings of all communities,
-- no texts: for the platform, not for one community.
create table category_models (
  id uuid primary key,
  -- The embedder whose vectors it reads.
  embedder text not null,
  state text not null check (state in ('ADOPTED', 'WORSE', 'REPLACED', 'TAKEN_BACK')),
  learned bytea not null,
  listings integer not null,
  communities integer not null,
  -- Shares of listings whose likeliest category their author ticked, judged in communities left out: by what ships, and by this one.
  share_before real not null,
  share_after real not null,
  created_at timestamptz not null default now(),
  decided_at timestamptz not null default now()
);
create unique index category_models_adopted on category_models (embedder) where state = 'ADOPTED';
create index category_models_newest on category_models (created_at desc);
