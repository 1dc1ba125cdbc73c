-- Adds a job inside the caller's transaction: the queue is the outbox. The same key replaces a waiting job.
create or replace function kith.enqueue(job text, payload json, job_key text default null, run_at timestamptz default null, queue text default null, priority integer default null)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  select graphile_worker.add_job(job, payload, queue, run_at, 10, job_key, priority)
$$;
revoke all on function kith.enqueue from public;
grant execute on function kith.enqueue to kith_app;
