-- Writes an event of the current community. The readers are told after the commit (see the decision on NOTIFY), so this tells nobody.
create or replace function kith.publish(topic text, member_id uuid, payload jsonb)
returns void language sql set search_path = public, pg_temp as $$
  insert into events (community_id, topic, member_id, payload)
  values (current_setting('app.community_id')::uuid, topic, member_id, payload)
$$;
revoke all on function kith.publish from public;
grant execute on function kith.publish to kith_app;
