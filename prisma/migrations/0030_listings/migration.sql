-- Pages continue behind a row by its time and id. The application reads milliseconds, so more than those are not kept:
-- a hidden microsecond would make a row appear twice or never.
alter table listings
  alter published_at type timestamptz(3),
  alter created_at type timestamptz(3),
  -- sha256 of the request that made it: the same request again repeats the answer, another one with this id is refused.
  add created_from bytea;

-- The directory of all kinds, newest first; of one kind it is listings_page.
create index listings_newest on listings (community_id, state, published_at desc, id);
