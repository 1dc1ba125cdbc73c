-- What somebody wrote for others is found by who acted; most entries have none.
create index journal_entries_acted_for on journal_entries (community_id, actor_id) where on_behalf_of_id is not null;
