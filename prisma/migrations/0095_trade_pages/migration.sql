-- As with listings: under row-level security an index with an enum before its order is of no use (see 0042_pages_under_policies).
drop index trades_state, disputes_state;
create index trades_newest on trades (community_id, created_at desc, id desc);
create index disputes_oldest on disputes (community_id, created_at, id);
