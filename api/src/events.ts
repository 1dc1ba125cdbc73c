import pg from 'pg';
import { EventEmitter } from 'node:events';
import type { Tx } from './db.ts';
import { log } from './log.ts';

/** A line of the event log. `id` is its position: final, ordered, and what a client sends back as `after`. */
export interface KithEvent {
  id: string;
  communityId: string;
  topic: string;
  /** The only member who may be told; null for the whole community. */
  memberId: string | null;
  payload: Record<string, unknown>;
  createdAt: Date;
}

/** Writes an event inside the caller's transaction; readers are woken by the commit. */
export async function publish(
  tx: Pick<Tx, '$executeRaw'>,
  topic: string,
  payload: Record<string, unknown>,
  { memberId }: { memberId?: string } = {},
) {
  await tx.$executeRaw`select kith.publish(${topic}, ${memberId ?? null}::uuid, ${JSON.stringify(payload)}::jsonb)`;
}

type Position = { xid: bigint; id: bigint };
const START: Position = { xid: 0n, id: 0n };

/** "xid-id"; undefined when the text is no position. */
export function parsePosition(text: string): Position | undefined {
  const match = /^(\d{1,19})-(\d{1,19})$/.exec(text);
  return match ? { xid: BigInt(match[1]!), id: BigInt(match[2]!) } : undefined;
}
export function comparePositions(left: string, right: string): number {
  const [a, b] = [parsePosition(left) ?? START, parsePosition(right) ?? START];
  return a.xid !== b.xid ? (a.xid < b.xid ? -1 : 1) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

const PAGE = 500;
const WAIT_FOR_RUNNING_TRANSACTION_MS = 5;
const RECONNECT_MS = 250;

/**
 * Follows the event log of all communities for this process: one LISTEN connection, one query for each wake-up, whatever the number of subscribers.
 * Emits `event` in order, exactly once; `signal` for what is not of one community (an ended session); after an outage it goes on where it stopped.
 */
export class EventFeed extends EventEmitter<{ event: [KithEvent]; signal: [string]; reconnected: [] }> {
  /** The last position emitted. */
  position = '0-0';
  private client: pg.Client | undefined;
  private stopped = false;
  private reading: Promise<void> | undefined;
  private again = false;
  private readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    this.setMaxListeners(0);
  }

  async start() {
    await this.connect();
    const { rows } = await this.client!.query('select xid, id::text from kith.events_head()');
    this.position = `${rows[0].xid}-${rows[0].id}`;
  }

  async stop() {
    this.stopped = true;
    await this.reading?.catch(() => {});
    await this.client?.end().catch(() => {});
  }

  private async connect() {
    const client = new pg.Client({ connectionString: this.url, application_name: 'kith events', keepAlive: true });
    client.on('error', () => {});
    client.on('end', () => void this.reconnect(client));
    client.on('notification', ({ channel, payload }) =>
      channel === 'kith_signals' ? this.emit('signal', payload ?? '') : this.wake(),
    );
    await client.connect();
    await client.query('listen kith_events; listen kith_signals');
    this.client = client;
  }

  private async reconnect(lost: pg.Client) {
    if (this.stopped || this.client !== lost) return;
    this.client = undefined;
    log.warn('the connection that follows the event log was lost; connecting again');
    while (!this.stopped && !this.client) {
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      await this.connect().catch(() => {});
    }
    if (this.stopped) return;
    this.emit('reconnected');
    this.wake();
  }

  private wake() {
    this.again = true;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
  }

  private async read() {
    while (this.again && !this.stopped && this.client) {
      this.again = false;
      try {
        const { events, waiting } = await eventsAfter(this.client, this.position, PAGE);
        for (const event of events) {
          this.position = event.id;
          this.emit('event', event);
        }
        if (events.length === PAGE) this.again = true;
        else if (waiting) {
          // A committed event stands behind a transaction that still runs and may yet write an earlier one.
          await new Promise((resolve) => setTimeout(resolve, WAIT_FOR_RUNNING_TRANSACTION_MS));
          this.again = true;
        }
      } catch (error) {
        log.warn({ error }, 'the event log could not be read');
        return;
      }
    }
  }
}

/** One page of the log after a position, oldest first; `waiting` when more is committed but not yet final. */
export async function eventsAfter(
  client: Pick<pg.Client, 'query'>,
  after: string,
  most: number,
): Promise<{ events: KithEvent[]; waiting: boolean }> {
  const position = parsePosition(after) ?? START;
  const { rows } = await client.query({
    name: 'events_after',
    text: 'select * from kith.events_after($1, $2, $3)',
    values: [String(position.xid), String(position.id), most],
  });
  const final = rows.filter((row) => !row.waiting);
  return { events: final.map(toEvent), waiting: final.length < rows.length };
}

export const toEvent = (row: {
  xid: string;
  id: string;
  community_id: string;
  topic: string;
  member_id: string | null;
  payload: Record<string, unknown>;
  created_at: Date;
}): KithEvent => ({
  id: `${row.xid}-${row.id}`,
  communityId: row.community_id,
  topic: row.topic,
  memberId: row.member_id,
  payload: row.payload,
  createdAt: row.created_at,
});
