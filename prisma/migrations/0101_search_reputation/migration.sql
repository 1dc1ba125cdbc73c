-- Searches ask for the reputation of whose a listing is.
alter table search_documents add column reputation_level smallint not null default 0;
update search_documents d set reputation_level = r.level from reputations r
where r.community_id = d.community_id and r.member_id = d.member_id and r.level > 0;
-- An index outside knows nothing of it yet: without this it counts as incomplete, and is built anew.
delete from installation where key = 'search.complete';
