-- The embedded search engine: what is searchable (published listings only), a dictionary of each community's words, and what
-- another engine still has to be told. Words are folded and stemmed by the application, so that every engine reads text alike.

create extension if not exists fuzzystrmatch;

create table search_documents (
  community_id uuid not null references communities (id) on delete cascade,
  -- No foreign key: an index is allowed to be late, never to stop a listing from being deleted.
  listing_id uuid not null,
  member_id uuid not null,
  kind listing_kind not null,
  terms payment_terms not null,
  -- The listing's categories and all above them, so that a subtree is one lookup.
  category_ids uuid[] not null,
  tags text[] not null,
  language text not null,
  price bigint,
  price_to bigint,
  latitude double precision,
  longitude double precision,
  remote boolean not null,
  published_at timestamptz not null,
  -- Weights: A title, B tags and categories, C description and member, D synonyms.
  words tsvector not null,
  indexed_at timestamptz not null,
  primary key (community_id, listing_id)
);
-- One index for words and filters together: each of its columns can be asked alone or with others.
-- No pending list: it would be read by every search.
create index search_documents_words on search_documents using gin (community_id, words, category_ids, tags) with (fastupdate = off);
create index search_documents_newest on search_documents (community_id, published_at desc, listing_id);
create index search_documents_member on search_documents (community_id, member_id, published_at desc);
create index search_documents_place on search_documents (community_id, latitude, longitude) where latitude is not null;
call kith.tenant_table('search_documents');

-- Apart from the documents, because a search reads thousands of those and the texts of one page.
create table search_texts (
  community_id uuid not null,
  listing_id uuid not null,
  title text not null,
  description text not null,
  title_stems text[] not null,
  -- Of tags and categories.
  label_stems text[] not null,
  description_stems text[] not null,
  synonym_stems text[] not null,
  -- What the listing put into the dictionary: "word stem".
  dictionary text[] not null,
  primary key (community_id, listing_id),
  foreign key (community_id, listing_id) references search_documents (community_id, listing_id) on delete cascade
);
call kith.tenant_table('search_texts');

-- In how many listings of a community a word stands. A word has a row for each stem it was given (by languages).
create table search_words (
  community_id uuid not null references communities (id) on delete cascade,
  word text collate "C" not null,
  stem text collate "C" not null,
  listings integer not null,
  primary key (community_id, word, stem)
) with (fillfactor = 80);
create index search_words_stem on search_words (community_id, stem);
create index search_words_near on search_words using gin (community_id, word gin_trgm_ops) with (fastupdate = off);
call kith.tenant_table('search_words');

-- How many listings of a community are searchable.
create table search_totals (
  community_id uuid not null references communities (id) on delete cascade,
  listings integer not null,
  primary key (community_id)
);
call kith.tenant_table('search_totals');

-- Listings whose change an engine outside the database has not confirmed. `target` is the index in use, or the one being rebuilt.
create table search_outbox (
  community_id uuid not null references communities (id) on delete cascade,
  target text not null check (target in ('LIVE', 'NEXT')),
  listing_id uuid not null,
  change bigint generated always as identity,
  waiting_since timestamptz not null default clock_timestamp(),
  primary key (community_id, target, listing_id)
);
create index search_outbox_order on search_outbox (target, community_id, change);
call kith.tenant_table('search_outbox');
