import { EventEmitter } from 'node:events';
import {
  Logger,
  parseCronItems,
  run,
  runOnce,
  type CronItem,
  type JobHelpers,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { announce } from './announce.ts';
import { afterCommit, ownerPool, type Tx } from './db.ts';
import { log } from './log.ts';
import { WorkerPresence } from './workerPresence.ts';

/** What every job of a community carries. A job may run twice and must not mind. */
export interface JobPayload {
  communityId?: string;
  [field: string]: unknown;
}
type Handler<P> = (payload: P, helpers: JobHelpers) => Promise<void>;

const handlers = new Map<string, Handler<JobPayload>>();
const clockwork: CronItem[] = [];

/** Registers what is done for a job; `every` also runs it by the clock (a crontab line such as "*\/10 * * * *", UTC). It runs as the payload's community. */
export function defineJob<P extends JobPayload>(name: string, handler: Handler<P>, { every }: { every?: string } = {}) {
  if (handlers.has(name)) throw new Error(`The job ${name} is defined twice.`);
  handlers.set(name, handler as unknown as Handler<JobPayload>);
  if (every) clockwork.push({ task: name, match: every, options: { backfillPeriod: 0 } });
}

export interface EnqueueOptions {
  /** A waiting job with the same key is replaced: many changes, one run. */
  key?: string;
  runAt?: Date;
  /** Jobs of one queue run one after another. */
  queue?: string;
  /** A job of a lower number goes before those that wait; 0 when left out. */
  priority?: number;
}
/** Adds a job inside the caller's transaction; it runs after the commit, or never if there is none. */
export async function enqueue(
  tx: Pick<Tx, '$executeRaw'>,
  name: string,
  payload: JobPayload,
  { key, runAt, queue, priority }: EnqueueOptions = {},
) {
  await tx.$executeRaw`select kith.enqueue(${name}, ${JSON.stringify(payload)}::json, ${key ?? null}, ${runAt ?? null}::timestamptz, ${queue ?? null}, ${priority ?? null}::integer)`;
  if (!runAt) afterCommit(tx, () => announce('jobs:insert'));
}

const POLL_MS = 1000;

/** Works on jobs in this process until it is stopped. Workers that could not fetch or hand back a job, because the database went away, are replaced: the job may be theirs without their knowing. */
export async function startWorker(concurrency: number): Promise<{ stop(): Promise<void> }> {
  const presence = new WorkerPresence();
  await presence.enter();
  let stopping = false;
  let runner = await begin();

  async function begin(): Promise<Runner> {
    const options = common(presence);
    const begun = await run({
      ...options,
      concurrency,
      parsedCronItems: parseCronItems(clockwork),
      pollInterval: POLL_MS,
    });
    let failed = false;
    const replace = () => {
      if (!failed && !stopping) void renew(begun);
      failed = true;
    };
    options.events.on('worker:fatalError', replace);
    options.events.on('worker:getJob:error', replace);
    begun.promise.then(replace, replace);
    return begun;
  }
  async function renew(failed: Runner) {
    log.warn('the workers on jobs are started again');
    await failed.stop().catch(() => {});
    while (!stopping) {
      const begun = await begin().catch(() => sleep(POLL_MS));
      if (begun) return void (runner = begun);
    }
  }
  return {
    async stop() {
      stopping = true;
      await runner.stop().catch(() => {});
      presence.leave();
    },
  };
}

interface Due {
  /** Only the jobs of these names. */
  names?: Iterable<string>;
  /** How many at a time. */
  concurrency?: number;
}
/** Runs every job that is due in this process, and returns when none is left; throws the first failure. For tests, the demo and command-line programs. */
export async function runDueJobs({ names = handlers.keys(), concurrency = 1 }: Due = {}) {
  const presence = new WorkerPresence();
  await presence.enter();
  const options = { ...common(presence, names), concurrency };
  let failure: unknown;
  options.events.on('job:error', ({ error }) => (failure ??= error));
  await runOnce(options).finally(() => presence.leave());
  if (failure) throw failure;
}

function common(presence: WorkerPresence, names: Iterable<string> = handlers.keys()) {
  const events: WorkerEvents = new EventEmitter();
  events.on('worker:create', ({ worker }) => presence.add(worker.workerId));
  // What it still holds then is nobody's.
  events.on('worker:stop', ({ worker }) => presence.remove(worker.workerId));
  events.on('job:error', ({ job, error }) =>
    log.error({ job: job.task_identifier, attempt: job.attempts, error }, 'a job failed and will be tried again'),
  );
  const taskList: TaskList = {};
  for (const name of names) {
    const handler = handlers.get(name)!;
    taskList[name] = async (payload, helpers) => {
      const given = (payload ?? {}) as JobPayload;
      await withCommunity(given.communityId ?? NO_COMMUNITY, () => handler(given, helpers));
    };
  }
  return { pgPool: ownerPool, taskList, events, noHandleSignals: true, logger: quietLogger };
}

/** The queue's own chatter goes to the debug level; failed jobs are reported by the event above. */
const quietLogger = new Logger(() => (level, message) => log[level === 'error' ? 'warn' : 'debug'](message));
