-- What decides when a community is due, of all communities with demurrage now, before or announced, or of one of them: rules, their
-- history and the last run. Crosses communities for the job that looks for what is due.
create or replace function demurrage.schedules(only_id uuid default null)
returns table (community_id uuid, time_zone text, policies jsonb, since timestamptz, steps jsonb, last_on text, last_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.id, c.time_zone, c.policies, c.created_at, coalesce(s.steps, '[]'), l.ends_on::text, l.ends_at
  from communities c
  left join lateral (
    select jsonb_agg(jsonb_build_object('name', p.name, 'before', p.before, 'after', p.after, 'effectiveAt', p.effective_at)
                     order by p.effective_at, p.id) as steps
    from policy_changes p where p.community_id = c.id and p.name like 'demurrage%') s on true
  left join lateral (
    select r.ends_on, r.ends_at from demurrage_runs r where r.community_id = c.id and r.state = 'DONE' order by r.ends_on desc limit 1) l on true
  where c.state = 'ACTIVE' and (c.id = only_id or only_id is null and (c.policies @> '{"demurrage": true}' or s.steps is not null))
$$;
revoke all on function demurrage.schedules from public;
grant execute on function demurrage.schedules to kith_app;
