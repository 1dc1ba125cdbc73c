import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { log } from './log.ts';

/** Beside this file, as source and as bundle. */
const PROGRAM = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'worker.ts' : 'worker.js', import.meta.url));
const START_AGAIN_MS = { first: 250, most: 30_000 };

export interface WorkerProcess {
  /** Of the process that works now. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

/** Starts worker.ts in a process of its own, and again whenever it ends. Answers when it works for the first time; throws if it does not. */
export async function startWorkerProcess(settings: Record<string, string>): Promise<WorkerProcess> {
  const begin = () => fork(PROGRAM, { env: { ...process.env, ...settings } });
  let child = begin();
  let stopping = false;
  let delay = START_AGAIN_MS.first;
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The process that works on jobs ended with ${code} at its start; it said why above.`);
    }),
  ]);
  watch();

  function watch() {
    child.once('message', () => (delay = START_AGAIN_MS.first));
    child.once('exit', async (code, signal) => {
      if (stopping) return;
      log.error({ code, signal }, 'the process that works on jobs ended; it is started again');
      await sleep(delay);
      delay = Math.min(2 * delay, START_AGAIN_MS.most);
      if (stopping) return;
      child = begin();
      watch();
    });
  }
  return {
    pid: () => child.pid,
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
