import { ownerPool } from './db.ts';
import { log } from './log.ts';
import * as metrics from './metrics.ts';

export interface Check {
  ok: boolean;
  notice?: string;
  [detail: string]: unknown;
}
const checks = new Map<string, () => Promise<Check>>();

/** Adds a part to /ready. A check that is not ok makes the process not ready; a notice alone does not. */
export function defineCheck(name: string, check: () => Promise<Check>) {
  checks.set(name, check);
}

const CHECK_WITHIN_MS = 2000;

type Readiness = { ready: boolean } & Record<string, unknown>;
let looking: Promise<Readiness> | undefined;
/** Whether this process can serve: the database answers, search answers, the queue moves. All who ask while it is looked share one look. */
export const readiness = (): Promise<Readiness> => (looking ??= look().finally(() => (looking = undefined)));

async function look(): Promise<Readiness> {
  const entries = await Promise.all(
    [...checks].map(async ([name, check]) => [name, await within(name, check())] as const),
  );
  return { ready: entries.every(([, { ok }]) => ok), ...Object.fromEntries(entries) };
}

async function within(name: string, check: Promise<Check>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>(
    (resolve) =>
      (timer = setTimeout(
        () => resolve({ ok: false, notice: `did not answer within ${CHECK_WITHIN_MS} ms` }),
        CHECK_WITHIN_MS,
      )),
  );
  const answer = await Promise.race([
    // Everybody may ask: which part is out is theirs to know, what it said is not.
    check.catch((error: unknown) => {
      log.warn({ part: name, error }, 'a part this process needs does not answer');
      return { ok: false, notice: 'not reachable; the log says more' };
    }),
    late,
  ]);
  clearTimeout(timer);
  return answer;
}

const QUEUE_LAG_NOTICE_SECONDS = 60;
defineCheck('database', async () => {
  await ownerPool.query('select 1');
  return { ok: true };
});
defineCheck('queue', async () => {
  const { rows } = await ownerPool.query(
    'select count(*)::int as waiting, coalesce(extract(epoch from now() - min(run_at)), 0)::float as oldest from graphile_worker.jobs where run_at <= now() and attempts < max_attempts',
  );
  const { waiting, oldest } = rows[0] as { waiting: number; oldest: number };
  metrics.jobsWaiting.set(waiting);
  metrics.oldestJobSeconds.set(oldest);
  return {
    ok: true,
    waiting,
    oldestSeconds: Math.round(oldest),
    ...(oldest > QUEUE_LAG_NOTICE_SECONDS && { notice: 'Jobs wait longer than a minute; is a worker running?' }),
  };
});
