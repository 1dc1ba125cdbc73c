import type { ExecutionArgs } from 'graphql';
import { withCommunity } from '@kith/db';
import type { Context } from './context.ts';
import { pool } from './db.ts';
import { badInput } from './errors.ts';
import { answerTo, equality, type Answer } from './eventAnswers.ts';
import {
  comesAfter,
  parsePosition,
  positionOf,
  toEvent,
  type EventFeed,
  type KithEvent,
  type Position,
} from './events.ts';
import { log } from './log.ts';

/** What a subscription field reads of the log; its resolver turns each event into the answer. */
export interface EventSource {
  communityId: string;
  topics: string[];
  /** Only events for this member; undefined: events for the whole community. */
  memberId?: string;
  /** The id of the last event the client has seen; everything after it comes first. */
  after?: string | null;
}

/** Returned by `subscribe` of a field. It is never iterated: the hub reads the source and feeds the sockets. */
export class EventStream implements AsyncIterable<KithEvent> {
  readonly source: EventSource;
  constructor(source: EventSource) {
    if (typeof source.after === 'string' && !parsePosition(source.after))
      throw badInput('after takes the id of an event, as it came with the event.', 'after');
    this.source = source;
  }
  [Symbol.asyncIterator](): AsyncIterator<KithEvent> {
    throw new Error('Event streams are delivered by the subscription hub.');
  }
}

/** Why a stream ends that its client wanted to go on. The sentence says what to do. */
export class StreamEnd extends Error {
  readonly code: 'SUBSCRIPTION_ENDED' | 'EVENT_GONE' | 'FORBIDDEN';
  constructor(code: StreamEnd['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface Subscriber {
  send(answers: Answer[]): void;
  /** Resolves when what was sent is on its way, for who sends much at once. */
  drained(): Promise<void>;
  /** The stream is over; with the reason when that was not the client's wish. */
  end(reason: StreamEnd): void;
}

interface Subscription {
  /** Whose it is; the execution may run with nobody's name. */
  owner: Context;
  subscriber: Subscriber;
  /** The last event it was sent, or what it has no claim to. */
  last: Position;
  /** While the past is being read, what happens now waits here; undefined when live. */
  waiting?: KithEvent[] | undefined;
  remove(): void;
}
/** Equal subscriptions: one execution of an event serves them all. Events wait in `queue`, for this group alone. */
interface Group {
  key: string;
  source: EventSource;
  args: ExecutionArgs;
  members: Set<Subscription>;
  queue: KithEvent[];
  busy: boolean;
  /** Answers kept while somebody catches up: many come back at once after a restart, and most missed the same. */
  answers: Map<string, Promise<Answer>>;
  catchingUp: number;
}

const WAITING_MOST = 5000;
const ANSWERS_MOST = 500;
const EXECUTIONS_AT_ONCE = 16;
/** When events come faster than they are sent, so many go to a socket in one write. */
const TOGETHER_MOST = 32;
const PAGE = 200;

const GONE = new StreamEnd(
  'EVENT_GONE',
  'The event named by "after" is not in the log any more: load the present state, then subscribe without "after".',
);
const OVERRUN = new StreamEnd(
  'SUBSCRIPTION_ENDED',
  'More events came than could be sent: subscribe again with your last event id.',
);
const UNREAD = new StreamEnd(
  'SUBSCRIPTION_ENDED',
  'The events could not be read: subscribe again with your last event id.',
);

/** Feeds the subscriptions of this process from the event log. */
export class SubscriptionHub {
  /** How many subscriptions are open. */
  size = 0;
  private readonly groups = new Map<string, Group>();
  /** The groups an event concerns, by community and member. */
  private readonly listening = new Map<string, Set<Group>>();
  private readonly owned = new Map<string, Set<Subscription>>();
  private readonly slots = new Slots(EXECUTIONS_AT_ONCE);
  private readonly feed: EventFeed;

  constructor(feed: EventFeed) {
    this.feed = feed;
    feed.on('event', (event) => {
      for (const group of this.listening.get(audience(event.communityId, event.memberId)) ?? [])
        if (group.source.topics.includes(event.topic)) this.enqueue(group, event);
    });
    feed.on('reset', () => {
      for (const group of [...this.groups.values()]) for (const member of [...group.members]) end(member, GONE);
    });
  }

  /** Adds a subscriber; returns what removes it. */
  add({ source }: EventStream, args: ExecutionArgs, subscriber: Subscriber): () => void {
    const group = this.groupOf(source, args);
    const subscription: Subscription = {
      owner: args.contextValue as Context,
      subscriber,
      last: positionOf(source.after ?? this.feed.position),
      waiting: source.after ? [] : undefined,
      remove: () => {
        if (!group.members.delete(subscription)) return;
        this.size--;
        this.own(subscription, false);
        if (group.members.size === 0) this.forget(group);
      },
    };
    group.members.add(subscription);
    this.size++;
    this.own(subscription, true);
    if (source.after) void this.catchUp(group, subscription, this.feed.position);
    return subscription.remove;
  }

  /** The open streams of a member, with the rights they began with. */
  ownersOf(communityId: string, memberId: string): { context: Context; end(reason: StreamEnd): void }[] {
    return [...(this.owned.get(audience(communityId, memberId)) ?? [])].map((subscription) => ({
      context: subscription.owner,
      end: (reason) => end(subscription, reason),
    }));
  }

  private own(subscription: Subscription, begins: boolean) {
    const { communityId, member } = subscription.owner;
    const key = audience(communityId ?? '', member?.memberId);
    const owned = this.owned.get(key) ?? new Set();
    if (begins) this.owned.set(key, owned.add(subscription));
    else if (owned.delete(subscription) && owned.size === 0) this.owned.delete(key);
  }

  private groupOf(source: EventSource, given: ExecutionArgs): Group {
    const { key, args } = equality(source, given);
    const known = this.groups.get(key);
    if (known) return known;
    const group: Group = {
      key,
      source,
      args,
      members: new Set(),
      queue: [],
      busy: false,
      answers: new Map(),
      catchingUp: 0,
    };
    this.groups.set(key, group);
    const place = audience(source.communityId, source.memberId);
    this.listening.set(place, (this.listening.get(place) ?? new Set()).add(group));
    return group;
  }

  private forget(group: Group) {
    this.groups.delete(group.key);
    group.queue = [];
    const place = audience(group.source.communityId, group.source.memberId);
    const groups = this.listening.get(place);
    groups?.delete(group);
    if (groups?.size === 0) this.listening.delete(place);
  }

  private enqueue(group: Group, event: KithEvent) {
    group.queue.push(event);
    if (group.queue.length > WAITING_MOST) for (const member of [...group.members]) end(member, OVERRUN);
    if (!group.busy) void this.work(group);
  }

  /** One after another, so that every socket gets them in order whatever an execution takes; no group waits for another. */
  private async work(group: Group) {
    group.busy = true;
    while (group.queue.length) {
      try {
        await this.deliver(group, group.queue.splice(0, TOGETHER_MOST));
      } catch (error) {
        log.error({ error }, 'an event could not be answered; its subscribers were told to come again');
        for (const member of [...group.members]) end(member, UNREAD);
      }
    }
    group.busy = false;
  }

  private async deliver(group: Group, events: KithEvent[]) {
    for (const member of [...group.members])
      if (member.waiting && member.waiting.push(...events) > WAITING_MOST) end(member, OVERRUN);
    const answers: Answer[] = [];
    try {
      for (const event of events) {
        const position = positionOf(event.id);
        if ([...group.members].some((member) => isDue(member, position))) answers.push(await this.answer(group, event));
      }
    } finally {
      // Asked again: while the answers were made, some have left.
      for (const member of [...group.members]) {
        // Nearly always all of them are due, and all members get the same list.
        const all = answers[0] === undefined || isDue(member, answers[0].position);
        send(member, all ? answers : answers.filter(({ position }) => isDue(member, position)));
      }
    }
  }

  private async catchUp(group: Group, subscription: Subscription, until: string) {
    group.catchingUp++;
    try {
      if (!(await this.slots.run(() => isKept(group.source.communityId, subscription.last)))) throw GONE;
      for (let events; events === undefined || events.length === PAGE;) {
        events = await this.slots.run(() => missed(group.source, subscription.last, positionOf(until)));
        for (const event of events) await this.sendOne(group, subscription, event);
      }
      for (let event; (event = subscription.waiting?.shift());) await this.sendOne(group, subscription, event);
      subscription.waiting = undefined;
    } catch (error) {
      if (!(error instanceof StreamEnd)) log.error({ error }, 'missed events could not be read');
      end(subscription, error instanceof StreamEnd ? error : UNREAD);
    } finally {
      if (--group.catchingUp === 0) group.answers.clear();
    }
  }

  private async sendOne(group: Group, subscription: Subscription, event: KithEvent) {
    const position = positionOf(event.id);
    if (!group.members.has(subscription) || !comesAfter(position, subscription.last)) return;
    const answer = await this.answer(group, event);
    if (!group.members.has(subscription)) return;
    send(subscription, [answer]);
    await subscription.subscriber.drained();
  }

  private answer(group: Group, event: KithEvent): Promise<Answer> {
    const known = group.answers.get(event.id);
    if (known) return known;
    const made = this.slots.run(() => answerTo(event, group.args));
    if (group.catchingUp > 0 && group.answers.size < ANSWERS_MOST) {
      group.answers.set(event.id, made);
      made.catch(() => group.answers.delete(event.id));
    }
    return made;
  }
}

const audience = (communityId: string, memberId: string | null | undefined) => `${communityId}|${memberId ?? ''}`;

const isDue = ({ waiting, last }: Subscription, position: Position) =>
  waiting === undefined && comesAfter(position, last);

function send(subscription: Subscription, answers: Answer[]) {
  if (!answers.length) return;
  subscription.last = answers.at(-1)!.position;
  subscription.subscriber.send(answers);
}

function end({ remove, subscriber }: Subscription, reason: StreamEnd) {
  remove();
  subscriber.end(reason);
}

/** At most so many at once; the others wait in line. */
class Slots {
  private free: number;
  private readonly line: (() => void)[] = [];
  constructor(free: number) {
    this.free = free;
  }
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.line.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** False when the log was pruned beyond what the client has seen, or is another log: it would miss events without knowing. */
async function isKept(communityId: string, { xid, id }: Position): Promise<boolean> {
  const { rowCount } = await withCommunity(communityId, () =>
    pool.query({
      name: 'event_is_kept',
      text: 'select 1 from events where community_id = $1 and xid = $2::xid8 and id = $3',
      values: [communityId, String(xid), String(id)],
    }),
  );
  return rowCount === 1;
}

async function missed(source: EventSource, after: Position, until: Position): Promise<KithEvent[]> {
  const { rows } = await withCommunity(source.communityId, () =>
    pool.query({
      name: 'missed_events',
      text: `select community_id, xid::text, id::text, topic, member_id, payload, created_at from events
             where community_id = $1 and (xid, id) > ($2::xid8, $3) and (xid, id) <= ($4::xid8, $5)
               and topic = any($6) and member_id is not distinct from $7
             -- The columns, not the texts of the same names: as a text 1000 comes before 999.
             order by events.xid, events.id limit ${PAGE}`,
      values: [
        source.communityId,
        String(after.xid),
        String(after.id),
        String(until.xid),
        String(until.id),
        source.topics,
        source.memberId ?? null,
      ],
    }),
  );
  return rows.map(toEvent);
}
