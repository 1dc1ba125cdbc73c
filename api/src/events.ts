import pg from 'pg';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from './announce.ts';
import { clock } from './clock.ts';
import { afterCommit, ownerPool, type Tx } from './db.ts';
import { defineJob } from './jobs.ts';
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

/** Writes an event inside the caller's transaction; readers are woken after the commit. */
export async function publish(
  tx: Pick<Tx, '$executeRaw'>,
  topic: string,
  payload: Record<string, unknown>,
  { memberId }: { memberId?: string } = {},
) {
  await tx.$executeRaw`select kith.publish(${topic}, ${memberId ?? null}::uuid, ${JSON.stringify(payload)}::jsonb)`;
  afterCommit(tx, () => announce('kith_events'));
}

export interface Position {
  xid: bigint;
  id: bigint;
}
const MOST = 2n ** 63n - 1n;

/** "xid-id"; undefined when the text is no position. */
export function parsePosition(text: string): Position | undefined {
  const match = /^(\d{1,19})-(\d{1,19})$/.exec(text);
  if (!match) return undefined;
  const [xid, id] = [BigInt(match[1]!), BigInt(match[2]!)];
  return xid <= MOST && id <= MOST ? { xid, id } : undefined;
}
/** The position of what came out of the log; a client's word goes through `parsePosition`. */
export function positionOf(id: string): Position {
  const position = parsePosition(id);
  if (!position) throw new Error(`${id} is no position in the event log.`);
  return position;
}
export const comesAfter = (one: Position, other: Position) =>
  one.xid === other.xid ? one.id > other.id : one.xid > other.xid;

const PAGE = 500;
/** How often the log is read when nobody announces anything: an announcement can be lost with the process that wrote. */
const LOOK_EVERY_MS = 1000;
const READ_WITHIN_MS = 15_000;
const RECONNECT_MS = 250;
const WAIT_MS = { least: 5, most: 100 };

/**
 * Follows the event log of all communities for this process: one LISTEN connection, one query for each wake-up, whatever the number of subscribers.
 * Emits `event` in order, exactly once; `signal` for what is not of one community (an ended session); after an outage it goes on where it stopped.
 * `reset`: the log is not the one that was followed (a restored database); who listens has to begin anew.
 */
export class EventFeed extends EventEmitter<{ event: [KithEvent]; signal: [string]; reconnected: []; reset: [] }> {
  /** The last position emitted. */
  position = '0-0';
  private client: pg.Client | undefined;
  private stopped = false;
  private reading: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    this.setMaxListeners(0);
  }

  async start() {
    this.client = await this.connect();
    this.position = await head(this.client);
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS).unref();
  }

  async stop() {
    this.stopped = true;
    clearInterval(this.timer);
    await this.reading;
    await this.disconnect();
  }

  private async disconnect() {
    await this.client?.end().catch(() => {});
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'kith events',
      connectionTimeoutMillis: 5000,
      query_timeout: READ_WITHIN_MS,
      keepAlive: true,
    });
    client.on('error', () => {});
    client.on('end', () => void this.reconnect(client));
    client.on('notification', ({ channel, payload }) =>
      channel === 'kith_signals' ? this.emit('signal', payload ?? '') : this.wake(),
    );
    try {
      await client.connect();
      await client.query('listen kith_events; listen kith_signals');
      return client;
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
  }

  private async reconnect(lost: pg.Client) {
    if (this.stopped || this.client !== lost) return;
    this.client = undefined;
    log.warn('the connection that follows the event log was lost; connecting again');
    while (!this.stopped && !this.client) {
      await sleep(RECONNECT_MS);
      await this.resume().catch(() => {});
    }
    if (this.stopped) return this.disconnect();
    log.info('the event log is followed again');
    this.emit('reconnected');
    this.wake();
  }

  private async resume() {
    const client = await this.connect();
    const now = await head(client);
    // On the server that was followed, time does not run backwards.
    if (comesAfter(positionOf(this.position), positionOf(now))) {
      log.warn({ was: this.position, now }, 'the event log began anew; its readers are told to load the present state');
      this.position = now;
      this.emit('reset');
    }
    this.client = client;
  }

  private wake() {
    this.again = true;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
  }

  private async read() {
    let pause = WAIT_MS.least;
    while (this.again && !this.stopped && this.client) {
      this.again = false;
      const client: pg.Client = this.client;
      try {
        const { events, waiting } = await eventsAfter(client, this.position, PAGE);
        for (const event of events) {
          this.position = event.id;
          this.emit('event', event);
        }
        if (events.length) pause = WAIT_MS.least;
        if (events.length === PAGE) this.again = true;
        else if (waiting) {
          // A committed event stands behind a transaction that still runs and may yet write an earlier one.
          await sleep(pause);
          pause = Math.min(pause * 2, WAIT_MS.most);
          this.again = true;
        }
      } catch (error) {
        if (this.stopped) return;
        log.warn({ error }, 'the event log could not be read');
        // A connection that does not answer in time is as good as lost; its end makes a new one.
        await client.end().catch(() => {});
        return;
      }
    }
  }
}

async function head(client: pg.Client): Promise<string> {
  const { rows } = await client.query('select xid, id::text from kith.events_head()');
  return `${rows[0].xid}-${rows[0].id}`;
}

/** One page of the log after a position, oldest first; `waiting` when more is committed but not yet final. */
export async function eventsAfter(
  client: Pick<pg.Client, 'query'>,
  after: string,
  most: number,
): Promise<{ events: KithEvent[]; waiting: boolean }> {
  const { xid, id } = positionOf(after);
  const { rows } = await client.query({
    name: 'events_after',
    text: 'select * from kith.events_after($1, $2, $3)',
    values: [String(xid), String(id), most],
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

const KEEP_DAYS = 30;
const PRUNE_AT_ONCE = 10_000;
defineJob(
  'events.prune',
  async () => {
    const olderThan = new Date(clock.now().getTime() - KEEP_DAYS * 86_400_000);
    let pruned;
    do {
      const { rows } = await ownerPool.query('select kith.events_prune($1, $2) as pruned', [olderThan, PRUNE_AT_ONCE]);
      pruned = rows[0].pruned as number;
    } while (pruned === PRUNE_AT_ONCE);
  },
  { every: '20 3 * * *' },
);
