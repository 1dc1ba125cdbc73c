import { type EnqueuedTaskPromise } from 'meilisearch';

/** Waits until a task is done; throws with the engine's words when it failed. */
export async function finished(task: EnqueuedTaskPromise, timeoutMs: number, ...tolerated: string[]): Promise<void> {
  const { status, error } = await task.waitTask({ timeout: timeoutMs, interval: 20 });
  if (status === 'succeeded' || (error?.code && tolerated.includes(error.code))) return;
  throw new Error(`Meilisearch did not take a change (${status}): ${error?.message ?? 'no reason given'}`);
}
