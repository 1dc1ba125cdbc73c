-- Under row-level security an index serves no condition whose operator could leak, and equality of enums counts as one of those:
-- behind the community, these indexes were of no use, and every page of the directory read and sorted all of it. In an index
-- without the state, rows come in the order of the page, and the few that are not published are left out on the way.
drop index listings_page, listings_newest, members_state;
create index listings_newest on listings (community_id, published_at desc, id);
create index members_newest on members (community_id, created_at desc, id);
