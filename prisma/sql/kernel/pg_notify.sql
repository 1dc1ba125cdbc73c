-- Stands in for pg_notify where the announcement is made after the commit; see kith.enqueue.
create or replace function kith.pg_notify(text, text)
returns void language sql set search_path = pg_catalog, pg_temp as 'select';
revoke all on function kith.pg_notify from public;
