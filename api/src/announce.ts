import { ownerPool } from './db.ts';

const waiting = new Map<string, number>();
let sending = false;

/**
 * Tells every process, this one too, that something was committed: by NOTIFY, once for all that was committed while the last one was on its way.
 * It may be lost with this process; who listens also looks by itself every second.
 */
export function announce(channel: 'kith_events' | 'jobs:insert', count = 1) {
  waiting.set(channel, (waiting.get(channel) ?? 0) + count);
  if (!sending) void send();
}

async function send() {
  sending = true;
  try {
    while (waiting.size) {
      const told = [...waiting];
      waiting.clear();
      await ownerPool.query({
        name: 'announce',
        // A NOTIFY takes a lock of the whole server until its commit is over: this one does not wait for the disk.
        text: `select set_config('synchronous_commit', 'off', true), pg_notify(channel, payload)
               from unnest($1::text[], $2::text[]) as told (channel, payload)`,
        values: [told.map(([channel]) => channel), told.map(([, count]) => JSON.stringify({ count }))],
      });
    }
  } catch {
    // The database is out or this process ends: listeners look by themselves.
  } finally {
    sending = false;
  }
}
