-- Adds a job inside the caller's transaction: the queue is the outbox. The same key replaces a waiting job.
-- add_job announces each job by pg_notify, whose lock lets commits pass one at a time: `kith` stands first in the path,
-- so that it finds kith.pg_notify, which is silent. The workers are told after the commit (see the decision on NOTIFY).
create or replace function kith.enqueue(job text, payload json, job_key text default null, run_at timestamptz default null, queue text default null, priority integer default null)
returns void language sql security definer set search_path = kith, pg_catalog, pg_temp as $$
  select graphile_worker.add_job(job, payload, queue, run_at, 10, job_key, priority)
$$;
revoke all on function kith.enqueue from public;
grant execute on function kith.enqueue to kith_app;
