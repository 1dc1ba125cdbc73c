import {
  createSourceEventStream,
  execute,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { Server } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { pool } from './db.ts';
import type { EventFeed } from './events.ts';
import { contextOf, formatError } from './graphql.ts';
import * as metrics from './metrics.ts';
import { EventStream, SubscriptionHub } from './subscriptions.ts';

/** A socket that lets this much pile up is too slow: it is closed and continues from its last event when it comes back. */
const BUFFERED_MOST_BYTES = 1_048_576;
const CLOSE = { slow: 4429, signedOut: 4401, goingAway: 1001 };
const RECHECK_SESSIONS_MS = 30_000;
const DOCUMENTS_MOST = 1000;

interface Operation extends Context {
  socket: WebSocket;
  operationId: string;
}

/** GraphQL over WebSocket (graphql-transport-ws) on the same port. Connection parameters: `authorization` ("Bearer …") and `community`. */
export function serveSockets(server: Server, schema: GraphQLSchema, feed: EventFeed, config: Config) {
  const wss = new WebSocketServer({ server, path: '/graphql', maxPayload: config.MAX_BODY_BYTES });
  const hub = new SubscriptionHub(feed);
  const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
  const sessions = new Map<WebSocket, Context>();

  const disposable = useServer(
    {
      connectionInitWaitTimeout: 10_000,
      onConnect: async ({ connectionParams, extra }) => {
        const given = (connectionParams ?? {}) as Record<string, unknown>;
        const text = (name: string) => (typeof given[name] === 'string' ? (given[name] as string) : undefined);
        const token = (text('authorization') ?? text('Authorization'))?.replace(/^Bearer\s+/i, '');
        const community = text('community') ?? text('x-kith-community');
        const context = await contextOf(extra.request, config, undefined, {
          ...(token && { token }),
          ...(community && { community }),
        });
        // A token that was sent and is not good is an error, not a visit without a name.
        if (token && !context.viewer) return false;
        sessions.set(extra.socket, context);
        metrics.sockets.set(sessions.size);
        return true;
      },
      onClose: ({ extra }) => {
        sessions.delete(extra.socket);
        metrics.sockets.set(sessions.size);
      },
      onSubscribe: async ({ extra }, operationId, { query, operationName, variables }) => {
        const document = prepare(query);
        if (!('kind' in document))
          return document.map(
            (error) =>
              ({ ...formatError(error.toJSON(), error), toJSON: () => formatError(error.toJSON(), error) }) as never,
          );
        // Roles and membership may have changed since the socket was opened.
        const known = sessions.get(extra.socket)!;
        const contextValue: Operation = { ...known, socket: extra.socket, operationId };
        return {
          schema,
          document,
          operationName: operationName ?? null,
          variableValues: variables ?? {},
          contextValue,
          rootValue: undefined,
        };
      },
      execute: (args) => inScope(args, async () => masked(await execute(args))),
      subscribe: (args) => inScope(args, () => subscribe(args)),
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => formatError(error.toJSON(), error)) as never,
    },
    wss,
    12_000,
  );

  function prepare(query: string): DocumentNode | readonly GraphQLError[] {
    const known = documents.get(query);
    if (known) return known;
    let prepared: DocumentNode | readonly GraphQLError[];
    try {
      const document = parse(query, { maxTokens: 10_000 });
      const errors = validate(schema, document);
      prepared = errors.length ? errors : document;
    } catch (error) {
      prepared = [error as GraphQLError];
    }
    if (documents.size < DOCUMENTS_MOST) documents.set(query, prepared);
    return prepared;
  }

  async function subscribe(args: ExecutionArgs) {
    const stream = await createSourceEventStream(args);
    if (!(stream instanceof EventStream)) return masked(stream as ExecutionResult);
    const { socket, operationId } = args.contextValue as Operation;
    return new HubIterator((subscriberEnd) => {
      const remove = hub.add(stream, args, {
        send: (payload) => {
          if (socket.bufferedAmount > BUFFERED_MOST_BYTES) {
            socket.close(CLOSE.slow, 'Too slow: reconnect and continue after your last event.');
            return;
          }
          socket.send(frame(operationId, payload), { binary: false });
        },
        end: (reason) => subscriberEnd(reason, socket, operationId),
      });
      metrics.subscriptions.set(hub.size);
      return () => {
        remove();
        metrics.subscriptions.set(hub.size);
      };
    });
  }

  feed.on('event', ({ topic, communityId, payload }) => {
    if (topic === 'member.ended') hub.endOf(communityId, String(payload.memberId), 'The membership has ended.');
    if (topic === 'member.ended' || topic === 'member.changed')
      for (const [socket, { member }] of sessions)
        if (member?.communityId === communityId && member.memberId === payload.memberId) void refresh(socket);
  });
  // "sessions": some session ended somewhere; one query finds which of ours are gone.
  feed.on('signal', (signal) => signal === 'sessions' && void closeEndedSessions());
  feed.on('reconnected', () => void closeEndedSessions());
  const recheck = setInterval(() => void closeEndedSessions(), RECHECK_SESSIONS_MS).unref();

  async function closeEndedSessions() {
    const open = [...sessions].filter(([, { viewer }]) => viewer);
    if (!open.length) return;
    const ids = open.map(([, { viewer }]) => viewer!.sessionId);
    const { rows } = await withCommunity(NO_COMMUNITY, () =>
      pool.query('select id from sessions where id = any($1::uuid[]) and expires_at > now()', [ids]),
    ).catch(() => ({ rows: ids.map((id) => ({ id })) }));
    const alive = new Set(rows.map(({ id }) => id as string));
    for (const [socket, { viewer }] of open)
      if (!alive.has(viewer!.sessionId)) socket.close(CLOSE.signedOut, 'The session has ended: sign in again.');
  }

  async function refresh(socket: WebSocket) {
    const known = sessions.get(socket);
    if (!known?.member) return;
    const { communityId, memberId } = known.member;
    const { rows } = await withCommunity(communityId, () =>
      pool.query('select state, array_to_json(roles) as roles from members where community_id = $1 and id = $2', [
        communityId,
        memberId,
      ]),
    );
    const member = rows[0] ? { ...known.member, state: rows[0].state, roles: rows[0].roles } : null;
    sessions.set(socket, { ...known, member });
  }

  return {
    hub,
    /** Tells every client to come back elsewhere, then closes. */
    async stop() {
      clearInterval(recheck);
      for (const client of wss.clients) client.close(CLOSE.goingAway, 'The server is restarting: reconnect.');
      await disposable.dispose();
    },
  };
}

const inScope = <T>(args: ExecutionArgs, work: () => Promise<T>) =>
  withCommunity((args.contextValue as Context).communityId ?? NO_COMMUNITY, work);

const masked = (result: ExecutionResult): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => formatError(error.toJSON(), error) as GraphQLError) }
    : result;

let lastPayload = '';
let lastFrames = new Map<string, Buffer>();
/** The message for one operation; sockets that chose the same id share the same bytes. */
function frame(operationId: string, payload: string): Buffer {
  if (payload !== lastPayload) {
    lastPayload = payload;
    lastFrames = new Map();
  }
  const known = lastFrames.get(operationId);
  if (known) return known;
  const made = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":${payload}}`);
  lastFrames.set(operationId, made);
  return made;
}

/** What graphql-ws iterates: it never yields, because the hub writes to the socket itself; it ends when either side does. */
class HubIterator implements AsyncIterableIterator<ExecutionResult> {
  private finish!: (result: IteratorResult<ExecutionResult>) => void;
  private readonly finished = new Promise<IteratorResult<ExecutionResult>>((resolve) => (this.finish = resolve));
  private readonly remove: () => void;
  constructor(
    start: (end: (reason: string | undefined, socket: WebSocket, operationId: string) => void) => () => void,
  ) {
    this.remove = start((reason, socket, operationId) => {
      if (reason)
        socket.send(
          frame(
            operationId,
            JSON.stringify({ errors: [{ message: reason, extensions: { code: 'SUBSCRIPTION_ENDED' } }] }),
          ),
          { binary: false },
        );
      void this.return();
    });
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    return this.finished;
  }
  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.remove();
    this.finish({ done: true, value: undefined });
    return { done: true, value: undefined };
  }
}
