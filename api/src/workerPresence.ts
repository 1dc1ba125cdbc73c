import type { PoolClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownerPool } from './db.ts';
import { log } from './log.ts';

// The first of two numbers; the second is the worker's.
const WORKER_LOCK = 7270740;
const LOOK_EVERY_MS = 5000;
const RECONNECT_MS = 250;

/**
 * Says which workers live: one connection holds a lock for each of them, which the database takes back even after kill -9.
 * The queue itself would keep the jobs of a killed process for four hours; here they are free again within about ten seconds.
 */
export class WorkerPresence {
  private readonly workers = new Set<string>();
  private client: PoolClient | undefined;
  private since = Infinity;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private said: Promise<unknown> = Promise.resolve();

  /** A worker that was not told of could be taken for a dead one. */
  async enter() {
    await this.connect();
    this.timer = setInterval(() => void this.freeJobsOfTheDead(), LOOK_EVERY_MS).unref();
  }

  add(worker: string) {
    this.workers.add(worker);
    this.say('pg_advisory_lock_shared', worker);
  }

  remove(worker: string) {
    if (this.workers.delete(worker)) this.say('pg_advisory_unlock_shared', worker);
  }

  /** One after another: a connection answers one question at a time. */
  private say(what: string, worker: string) {
    const { client } = this;
    this.said = this.said
      .then(() => (client && client === this.client ? client.query(...lock(what, worker)) : undefined))
      .catch(() => {});
  }

  leave() {
    this.stopped = true;
    clearInterval(this.timer);
    // Closed, not given back: its locks go with it.
    this.client?.release(true);
    this.client = undefined;
  }

  private async connect() {
    const client = await ownerPool.connect();
    client.once('error', () => {
      client.release(true);
      if (this.client !== client) return;
      this.client = undefined;
      this.since = Infinity;
      void this.reconnect();
    });
    for (const worker of this.workers) await client.query(...lock('pg_advisory_lock_shared', worker));
    this.client = client;
    this.since = Date.now();
  }

  private async reconnect() {
    while (!this.stopped && !this.client) {
      await sleep(RECONNECT_MS);
      await this.connect().catch(() => {});
    }
    if (this.stopped) this.leave();
  }

  /** Just after an outage nobody is judged: the living need a moment to come back. */
  private async freeJobsOfTheDead() {
    if (Date.now() - this.since < LOOK_EVERY_MS) return;
    const held = `select distinct locked_by from (
        select locked_by, locked_at from graphile_worker._private_jobs
        union all select locked_by, locked_at from graphile_worker._private_job_queues) jobs
      where locked_at < now() - interval '5 seconds'`;
    try {
      const { rows } = await ownerPool.query(
        `with dead as materialized (select locked_by from (${held}) held where pg_try_advisory_xact_lock($1, hashtext(locked_by)))
         select array_agg(locked_by) as workers, graphile_worker.force_unlock_workers(array_agg(locked_by)) from dead`,
        [WORKER_LOCK],
      );
      if (rows[0].workers) log.warn({ workers: rows[0].workers }, 'jobs of workers that died are free again');
    } catch (error) {
      log.warn({ error }, 'it could not be seen which workers live');
    }
  }
}

const lock = (what: string, worker: string): [string, unknown[]] => [
  `select ${what}($1, hashtext($2))`,
  [WORKER_LOCK, worker],
];

/** Whether any process works on jobs. */
export async function isAnybodyWorking(): Promise<boolean> {
  const { rowCount } = await ownerPool.query(
    `select 1 from pg_locks where locktype = 'advisory' and classid = $1 and granted
       and database = (select oid from pg_database where datname = current_database()) limit 1`,
    [WORKER_LOCK],
  );
  return rowCount! > 0;
}
