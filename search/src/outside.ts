import { type TenantPool } from '@kith/db';
import { type MeilisearchEngine } from './meilisearch.ts';
import { deliverAll } from './outbox.ts';
import { isComplete, rebuild, type RebuildOptions } from './rebuild.ts';

/** READY answers searches; DOWN did not answer; BUILDING answers, but its index is not complete yet. */
export type OutsideState = 'READY' | 'DOWN' | 'BUILDING';

export interface Log {
  info(message: string): void;
  warn(detail: { error: unknown }, message: string): void;
}

const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 30_000;
const LOOK_EVERY_MS = 10_000;

/**
 * Watches over the outside engine: after an outage it comes back by itself, told what it missed, or built anew if it lost its data.
 * Whoever uses it reports a failure; only a look that found all well makes it READY again.
 */
export function watchOutside(options: {
  pool: TenantPool;
  engine: MeilisearchEngine;
  /** Starts the engine again if it is ours and died. */
  ensure(): Promise<void>;
  log: Log;
  retryFirstMs?: number;
  understand: RebuildOptions['understand'];
}) {
  const { pool, engine, ensure, log, retryFirstMs = RETRY_FIRST_MS, understand } = options;
  let state: OutsideState = 'BUILDING';
  let retryMs = retryFirstMs;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  const lookIn = (milliseconds: number) => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void look(), milliseconds);
    timer.unref();
  };

  const enter = (next: OutsideState, message: string) => {
    if (state !== next) log.info(message);
    state = next;
  };

  const look = (): Promise<void> => (looking ??= lookOnce().finally(() => (looking = undefined)));

  const lookOnce = async () => {
    try {
      await ensure();
      await engine.health();
      if (!(await isComplete(pool, engine))) {
        enter('BUILDING', 'Meilisearch answers; its index is being built.');
        // Another process may be building it: the next look will see.
        if (!(await rebuild(pool, engine, { understand }))) return lookIn(retryFirstMs);
      }
      await deliverAll(pool, 'LIVE', engine);
      enter('READY', 'Meilisearch is ready and knows every change.');
      retryMs = retryFirstMs;
      lookIn(LOOK_EVERY_MS);
    } catch (error) {
      if (!closed) failed(error);
    }
  };

  const failed = (error: unknown) => {
    if (state !== 'DOWN') log.warn({ error }, 'Meilisearch failed; PostgreSQL answers searches until it is back.');
    state = 'DOWN';
    lookIn(retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MOST_MS);
  };

  void look();
  return {
    state: () => state,
    /** Somebody's call failed. */
    failed,
    /** Looks now, and resolves when it is known how things stand. */
    look,
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking?.catch(() => {});
    },
  };
}
