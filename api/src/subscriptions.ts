import { execute, getOperationAST, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import type { Context } from './context.ts';
import { pool } from './db.ts';
import { comparePositions, parsePosition, toEvent, type EventFeed, type KithEvent } from './events.ts';
import { badInput } from './errors.ts';

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
    if (source.after != null && !parsePosition(source.after))
      throw badInput('after takes the id of an event, as it came with the event.', 'after');
    this.source = source;
  }
  [Symbol.asyncIterator](): AsyncIterator<KithEvent> {
    throw new Error('Event streams are delivered by the subscription hub.');
  }
}

export interface Subscriber {
  send(payload: string): void;
  /** The stream is over; with a reason when that was not the client's wish. */
  end(reason?: string): void;
}

interface Subscription {
  source: EventSource;
  /** Whose it is; the execution may run with the rights every member has. */
  owner: Context;
  args: ExecutionArgs;
  subscriber: Subscriber;
  /** While the past is being read, what happens now waits here; undefined when live. */
  waiting?: KithEvent[] | undefined;
  last: string;
}
/** Equal subscriptions: the same document, variables and rights. One execution of an event serves them all. */
interface Group {
  key: string;
  source: EventSource;
  args: ExecutionArgs;
  members: Set<Subscription>;
}

const WAITING_MOST = 5000;
const PAGE = 200;

export class SubscriptionHub {
  private readonly groups = new Map<string, Map<string, Group>>();
  private queue: Promise<void> = Promise.resolve();
  private readonly feed: EventFeed;
  constructor(feed: EventFeed) {
    this.feed = feed;
    feed.on('event', (event) => {
      const groups = this.groups.get(event.communityId);
      if (!groups?.size) return;
      // One after another, so that every socket gets the events in order whatever an execution takes.
      this.queue = this.queue.then(() => this.deliver(event, groups)).catch(() => {});
    });
  }

  get size() {
    let size = 0;
    for (const groups of this.groups.values()) for (const group of groups.values()) size += group.members.size;
    return size;
  }

  /** Adds a subscriber; returns what removes it. */
  add(stream: EventStream, args: ExecutionArgs, subscriber: Subscriber): () => void {
    const { source } = stream;
    const key = groupKey(source, args);
    const groups = this.groups.get(source.communityId) ?? new Map<string, Group>();
    this.groups.set(source.communityId, groups);
    const group = groups.get(key) ?? {
      key,
      source: { ...source, after: null },
      args: shareable(source) ? shared(args) : args,
      members: new Set<Subscription>(),
    };
    groups.set(key, group);
    const subscription: Subscription = {
      source,
      owner: args.contextValue as Context,
      args: group.args,
      subscriber,
      last: source.after ?? this.feed.position,
      waiting: source.after ? [] : undefined,
    };
    group.members.add(subscription);
    const remove = () => {
      group.members.delete(subscription);
      if (group.members.size === 0) groups.delete(key);
      if (groups.size === 0) this.groups.delete(source.communityId);
    };
    if (source.after) {
      this.catchUp(subscription).catch((error) => {
        remove();
        subscriber.end(
          error instanceof EventGone
            ? error.message
            : 'The missed events could not be read; subscribe again with the same id.',
        );
      });
    }
    return remove;
  }

  /** Ends every stream of a member of a community: the membership is over. */
  endOf(communityId: string, memberId: string, reason: string) {
    this.endWhere((context) => context.communityId === communityId && context.member?.memberId === memberId, reason);
  }

  endWhere(matches: (context: Context) => boolean, reason: string) {
    for (const groups of [...this.groups.values()])
      for (const group of [...groups.values()])
        for (const subscription of [...group.members])
          if (matches(subscription.owner)) subscription.subscriber.end(reason);
  }

  private async deliver(event: KithEvent, groups: Map<string, Group>) {
    for (const group of [...groups.values()]) {
      if (!concerns(group.source, event) || !group.members.size) continue;
      let payload: string | undefined;
      for (const subscription of [...group.members]) {
        if (subscription.waiting) {
          subscription.waiting.push(event);
          if (subscription.waiting.length > WAITING_MOST)
            subscription.subscriber.end('Too many events while catching up; subscribe again with your last event id.');
        } else if (comparePositions(event.id, subscription.last) > 0) {
          payload ??= await answer(group.args, event);
          subscription.last = event.id;
          subscription.subscriber.send(payload);
        }
      }
    }
  }

  private async catchUp(subscription: Subscription) {
    const { source, args, subscriber } = subscription;
    if (!(await isKept(source)))
      throw new EventGone(
        'The event named by "after" is no longer kept: load the present state, then subscribe without "after".',
      );
    for (;;) {
      const events = await missed(source, subscription.last, this.feed.position);
      for (const event of events) {
        subscriber.send(await answer(args, event));
        subscription.last = event.id;
      }
      if (events.length < PAGE) break;
    }
    while (subscription.waiting?.length) {
      const event = subscription.waiting.shift()!;
      if (comparePositions(event.id, subscription.last) <= 0) continue;
      subscriber.send(await answer(args, event));
      subscription.last = event.id;
    }
    subscription.waiting = undefined;
  }
}

const concerns = (source: EventSource, event: KithEvent) =>
  source.topics.includes(event.topic) && (event.memberId ?? undefined) === source.memberId;

class EventGone extends Error {}

/** False when the log was pruned beyond what the client has seen: it would miss events without knowing. */
async function isKept({ communityId, after }: EventSource): Promise<boolean> {
  const { xid, id } = parsePosition(after!)!;
  const values = [communityId, String(xid), String(id)];
  const { rowCount } = await withCommunity(communityId, () =>
    pool.query({
      name: 'event_is_kept',
      text: 'select 1 from events where community_id = $1 and xid = $2::xid8 and id = $3',
      values,
    }),
  );
  return rowCount === 1;
}

async function missed(source: EventSource, after: string, until: string): Promise<KithEvent[]> {
  const [from, to] = [parsePosition(after)!, parsePosition(until)!];
  const { rows } = await withCommunity(source.communityId, () =>
    pool.query({
      name: 'missed_events',
      text: `select community_id, xid::text, id::text, topic, member_id, payload, created_at from events
             where community_id = $1 and (xid, id) > ($2::xid8, $3) and (xid, id) <= ($4::xid8, $5) and topic = any($6) and member_id is not distinct from $7
             order by xid, id limit ${PAGE}`,
      values: [
        source.communityId,
        String(from.xid),
        String(from.id),
        String(to.xid),
        String(to.id),
        source.topics,
        source.memberId ?? null,
      ],
    }),
  );
  return rows.map(toEvent);
}

/** Executes the selection for one event and gives the message's payload as text. */
async function answer(args: ExecutionArgs, event: KithEvent): Promise<string> {
  const context = args.contextValue as Context;
  const result = (await withCommunity(context.communityId ?? NO_COMMUNITY, async () =>
    execute({ ...args, rootValue: event, contextValue: { ...context } }),
  )) as ExecutionResult;
  return JSON.stringify(result);
}

/** Streams for the whole community are executed once for all, with the rights every member has. */
const shareable = (source: EventSource) => source.memberId === undefined;

function shared(args: ExecutionArgs): ExecutionArgs {
  const { communityId, requestId } = args.contextValue as Context;
  const everyone: Context = {
    requestId,
    address: '',
    userAgent: '',
    viewer: null,
    communityId,
    shared: true,
    member: { communityId: communityId!, memberId: NOBODY, userId: NOBODY, state: 'ACTIVE', roles: ['MEMBER'] },
  };
  return { ...args, contextValue: everyone };
}
const NOBODY = '00000000-0000-0000-0000-000000000000';

const documentKeys = new WeakMap<DocumentNode, number>();
let documents = 0;
function groupKey(source: EventSource, args: ExecutionArgs): string {
  const document = documentKeys.get(args.document) ?? ++documents;
  documentKeys.set(args.document, document);
  const variables = { ...args.variableValues };
  const field = getOperationAST(args.document, args.operationName)?.selectionSet.selections[0];
  // Where a client left off does not make its subscription another one.
  if (field?.kind === 'Field')
    for (const argument of field.arguments ?? [])
      if (argument.name.value === 'after' && argument.value.kind === 'Variable')
        delete variables[argument.value.name.value];
  return [
    document,
    args.operationName ?? '',
    JSON.stringify(variables),
    source.topics.join(),
    source.memberId ?? '',
  ].join('|');
}
