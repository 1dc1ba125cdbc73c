import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { limits } from './builder.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { pool } from './db.ts';
import { Documents } from './documents.ts';
import { Rejection, unavailable } from './errors.ts';
import type { Answer } from './eventAnswers.ts';
import type { EventFeed } from './events.ts';
import { contextOf, formatError } from './graphql.ts';
import { addressOf, placeOf } from './http.ts';
import { log } from './log.ts';
import * as metrics from './metrics.ts';
import { refuseUnstorable } from './storable.ts';
import { EventStream, StreamEnd, SubscriptionHub } from './subscriptions.ts';

/** A socket that lets this much pile up is too slow: it is closed and continues from its last event when it comes back. */
const BUFFERED_MOST_BYTES = 1_048_576;
const DRAINED_BYTES = 65_536;
const DRAIN_WITHIN_MS = 30_000;
const OPERATIONS_PER_SOCKET = 100;
const CLOSE = { goingAway: 1001, tryLater: 1013, signedOut: 4401, slow: 4429 };
const SIGNED_OUT = 'The session has ended: sign in again.';
const MEMBERSHIP_ENDED = new StreamEnd('FORBIDDEN', 'The membership has ended.');
const RIGHTS_CHANGED = new StreamEnd(
  'SUBSCRIPTION_ENDED',
  'Your rights have changed: subscribe again with your last event id.',
);
const TOO_SLOW = 'Too slow: reconnect and continue after your last event.';
const RECHECK_SESSIONS_MS = 30_000;
const STOP_WITHIN_MS = 3000;

/** What a socket said when it was opened; who that is, is asked again for every operation. */
interface Visitor {
  request: IncomingMessage;
  given: { token?: string; community?: string };
  context: Context;
}
interface Operation extends Context {
  socket: WebSocket;
  /** What the socket writes to: several messages go out as one. */
  connection: Socket;
  operationId: string;
  /** Set when the rights it began with have ended before its stream was added. */
  ended?: StreamEnd;
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the same port. Connection parameters: `authorization` ("Bearer …") and `community`.
 * `admit` throws when somebody asks too often.
 */
export function serveSockets(
  server: Server,
  schema: GraphQLSchema,
  feed: EventFeed,
  config: Config,
  admit: (who: string) => Promise<void>,
) {
  const hub = new SubscriptionHub(feed);
  const documents = new Documents(schema);
  const visitors = new Map<WebSocket, Visitor>();
  const beginning = new Set<Operation>();
  const places = new Map<string, number>();
  let stopping = false;

  const wss = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: config.MAX_BODY_BYTES,
    verifyClient: ({ req }, answer) => {
      if (stopping) return answer(false, 503, 'Restarting', { 'retry-after': '1' });
      if ((places.get(placeOf(addressOf(req, config.TRUST_PROXY))) ?? 0) >= config.SOCKETS_PER_ADDRESS)
        return answer(false, 429, 'Too many sockets from your address');
      answer(true);
    },
  });
  wss.on('connection', (socket, request) => {
    const place = placeOf(addressOf(request, config.TRUST_PROXY));
    places.set(place, (places.get(place) ?? 0) + 1);
    // A second error of one socket would otherwise end the process.
    socket.on('error', () => {});
    socket.once('close', () => {
      const open = places.get(place)! - 1;
      if (open) places.set(place, open);
      else places.delete(place);
    });
  });

  const disposable = useServer(
    {
      connectionInitWaitTimeout: 10_000,
      onConnect: async ({ connectionParams, extra: { socket, request } }) => {
        const given = credentials(connectionParams ?? {});
        try {
          // To open a socket asks the database too; it counts by itself, so that who asked too much can come back.
          await admit(`${placeOf(addressOf(request, config.TRUST_PROXY))} opens`);
          const context = await contextOf(request, config, undefined, given);
          // A token that was sent and is not good is an error, not a visit without a name.
          if (given.token && !context.viewer) socket.close(CLOSE.signedOut, SIGNED_OUT);
          if (socket.readyState !== socket.OPEN) return false;
          visitors.set(socket, { request, given, context });
        } catch (error) {
          if (!(error instanceof Rejection)) log.warn({ error }, 'a socket could not be identified');
          socket.close(CLOSE.tryLater, 'Try again in a moment.');
          return false;
        }
        metrics.sockets.set(visitors.size);
        return true;
      },
      onClose: ({ extra: { socket } }) => {
        visitors.delete(socket);
        metrics.sockets.set(visitors.size);
      },
      onSubscribe: async ({ extra, subscriptions }, operationId, payload) => {
        const visitor = visitors.get(extra.socket);
        if (!visitor) return [unavailable('The socket is closing.')];
        if (extra.socket.bufferedAmount > BUFFERED_MOST_BYTES) extra.socket.close(CLOSE.slow, TOO_SLOW);
        const contextValue: Operation = {
          ...visitor.context,
          requestId: randomUUID(),
          socket: extra.socket,
          connection: extra.request.socket,
          operationId,
        };
        try {
          if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET)
            throw new Rejection(
              'RATE_LIMITED',
              `A socket carries at most ${OPERATIONS_PER_SOCKET} operations at a time: end some, or open another.`,
            );
          await admit(placeOf(visitor.context.address));
          return await prepare(visitor, contextValue, payload);
        } catch (error) {
          beginning.delete(contextValue);
          return [error instanceof GraphQLError ? error : failed(error)];
        }
      },
      execute: async (args) => {
        beginning.delete(args.contextValue as Operation);
        return inScope(args, async () => execute(args));
      },
      subscribe: (args) => inScope(args, () => subscribe(args)),
      onNext: (_ctx, _id, _payload, { contextValue }, result) =>
        masked(result, (contextValue as Operation).requestId) as ExecutionResult,
      onError: (_ctx, _id, _payload, errors) =>
        errors.map((error) =>
          error instanceof GraphQLError ? formatError(error.toJSON(), error, randomUUID()) : error,
        ) as never,
    },
    wss,
    12_000,
  );

  /** Checks the document and asks again who is there: roles and membership may have changed since the socket was opened. */
  async function prepare(visitor: Visitor, contextValue: Operation, payload: SubscribePayload): Promise<ExecutionArgs> {
    const document = documents.parse(payload.query);
    beginning.add(contextValue);
    const { requestId } = contextValue;
    Object.assign(contextValue, await contextOf(visitor.request, config, requestId, visitor.given));
    if (visitor.given.token && !contextValue.viewer) contextValue.socket.close(CLOSE.signedOut, SIGNED_OUT);
    const { operationName = null, variables } = payload;
    refuseUnstorable(variables);
    const args = {
      schema,
      document,
      operationName,
      variableValues: variables ?? {},
      contextValue,
      rootValue: undefined,
    };
    if (getOperationAST(document, operationName)?.operation !== 'subscription') beginning.delete(contextValue);
    else refuseTooComplex(args);
    return args;
  }

  async function subscribe(args: ExecutionArgs) {
    const operation = args.contextValue as Operation;
    try {
      const stream = await createSourceEventStream(args);
      if (!(stream instanceof EventStream)) return stream as ExecutionResult;
      return new HubIterator(operation, (subscriber) => {
        const remove = hub.add(stream, args, subscriber);
        metrics.subscriptions.set(hub.size);
        return () => {
          remove();
          metrics.subscriptions.set(hub.size);
        };
      });
    } finally {
      beginning.delete(operation);
    }
  }

  feed.on('event', ({ topic, communityId, payload }) => {
    const memberId = String(payload.memberId);
    if (topic === 'member.ended') endRights(communityId, memberId, MEMBERSHIP_ENDED, () => true);
    if (topic === 'member.changed') void recheckRights(communityId, memberId);
  });
  // "sessions": some session ended somewhere; one query finds which of ours are gone.
  feed.on('signal', (signal) => signal === 'sessions' && void closeEndedSessions());
  feed.on('reconnected', () => void closeEndedSessions());
  const recheck = setInterval(() => void closeEndedSessions(), RECHECK_SESSIONS_MS).unref();

  const beginningOf = (communityId: string, memberId: string) =>
    [...beginning].filter(({ member }) => member?.communityId === communityId && member.memberId === memberId);

  function endRights(communityId: string, memberId: string, reason: StreamEnd, when: (owner: Context) => boolean) {
    for (const operation of beginningOf(communityId, memberId)) if (when(operation)) operation.ended = reason;
    for (const owner of hub.ownersOf(communityId, memberId)) if (when(owner.context)) owner.end(reason);
  }

  /** A member's streams run with the rights they began with: when those are others now, they have to begin again. */
  async function recheckRights(communityId: string, memberId: string) {
    if (!hub.ownersOf(communityId, memberId).length && !beginningOf(communityId, memberId).length) return;
    const { rows } = await withCommunity(communityId, () =>
      pool.query('select state, roles::text[] as roles from members where community_id = $1 and id = $2', [
        communityId,
        memberId,
      ]),
    ).catch(() => ({ rows: [] }));
    const now = rows[0] && rightsOf(rows[0]);
    endRights(communityId, memberId, RIGHTS_CHANGED, ({ member }) => rightsOf(member!) !== now);
  }

  async function closeEndedSessions() {
    const open = [...visitors].filter(([, { context }]) => context.viewer);
    if (!open.length) return;
    const ids = [...new Set(open.map(([, { context }]) => context.viewer!.sessionId))];
    const { rows } = await withCommunity(NO_COMMUNITY, () =>
      pool.query('select id from sessions where id = any($1::uuid[]) and expires_at > now()', [ids]),
    ).catch(() => ({ rows: ids.map((id) => ({ id })) }));
    const alive = new Set(rows.map(({ id }) => id as string));
    for (const [socket, { context }] of open)
      if (!alive.has(context.viewer!.sessionId)) socket.close(CLOSE.signedOut, SIGNED_OUT);
  }

  return {
    hub,
    /** Tells every client to come back elsewhere, then closes; who does not answer is cut off. */
    async stop() {
      stopping = true;
      clearInterval(recheck);
      for (const client of wss.clients) client.close(CLOSE.goingAway, 'The server is restarting: reconnect.');
      const impatient = setTimeout(() => wss.clients.forEach((client) => client.terminate()), STOP_WITHIN_MS);
      await disposable.dispose();
      clearTimeout(impatient);
    },
  };
}

function credentials(parameters: Record<string, unknown>): Visitor['given'] {
  const text = (...names: string[]) => names.map((name) => parameters[name]).find((value) => typeof value === 'string');
  const token = (text('authorization', 'Authorization') as string | undefined)?.replace(/^Bearer\s+/i, '');
  const community = text('community', 'x-kith-community') as string | undefined;
  return { ...(token && { token }), ...(community && { community }) };
}

const rightsOf = ({ state, roles }: { state: string; roles: string[] }) => `${state} ${[...roles].sort().join()}`;

/** A query is judged when it runs; a subscription runs first when an event comes, which is too late to refuse it. */
function refuseTooComplex({ schema, document, variableValues, contextValue }: ExecutionArgs) {
  const { complexity, depth } = complexityFromQuery(document, {
    schema,
    ctx: contextValue as object,
    variables: { ...variableValues },
  });
  if (depth > limits.depth || complexity > limits.complexity)
    throw new Rejection(
      'QUERY_TOO_COMPLEX',
      `The depth of the query is ${depth} of ${limits.depth}, its complexity ${complexity} of ${limits.complexity}. Ask for less, or in smaller pages.`,
    );
}

function failed(error: unknown): GraphQLError {
  log.warn({ error }, 'an operation could not begin');
  return unavailable('The request could not be read now. Send it again in a moment.');
}

const inScope = <T>(args: ExecutionArgs, work: () => Promise<T>) =>
  withCommunity((args.contextValue as Context).communityId ?? NO_COMMUNITY, work);

const masked = ({ errors, ...rest }: ExecutionResult, requestId: string) =>
  errors ? { ...rest, errors: errors.map((error) => formatError(error.toJSON(), error, requestId)) } : rest;

/** The message for one operation; sockets that chose the same id share the same bytes. */
function frame(operationId: string, answer: Pick<Answer, 'text' | 'framed'>): Buffer {
  if (answer.framed?.operationId !== operationId) {
    const bytes = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":${answer.text}}`);
    answer.framed = { operationId, bytes };
  }
  return answer.framed.bytes;
}

/** What graphql-ws iterates: it never yields, because the hub writes to the socket itself; it ends when either side does. */
class HubIterator implements AsyncIterableIterator<ExecutionResult> {
  private finish!: (result: IteratorResult<ExecutionResult>) => void;
  private readonly finished = new Promise<IteratorResult<ExecutionResult>>((resolve) => (this.finish = resolve));
  private readonly remove: () => void;

  constructor(operation: Operation, start: (subscriber: Parameters<SubscriptionHub['add']>[2]) => () => void) {
    const { socket, operationId } = operation;
    const write = (answer: Pick<Answer, 'text' | 'framed'>) =>
      socket.send(frame(operationId, answer), { binary: false });
    const end = ({ code, message }: StreamEnd) => {
      write({ text: JSON.stringify({ errors: [{ message, extensions: { code } }] }) });
      void this.return();
    };
    const tooSlow = () => {
      socket.close(CLOSE.slow, TOO_SLOW);
      void this.return();
    };
    this.remove = start({
      send: (answers) => {
        if (answers.length > 1) operation.connection.cork();
        for (const answer of answers) {
          // What is closing gets nothing more: it continues elsewhere, after its last event.
          if (socket.bufferedAmount > BUFFERED_MOST_BYTES) tooSlow();
          if (socket.readyState !== socket.OPEN) break;
          write(answer);
        }
        if (answers.length > 1) operation.connection.uncork();
      },
      drained: async () => {
        for (let waited = 0; socket.bufferedAmount > DRAINED_BYTES; waited += 20) {
          if (socket.readyState !== socket.OPEN) return;
          if (waited > DRAIN_WITHIN_MS) return tooSlow();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
      end,
    });
    if (operation.ended) end(operation.ended);
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    return this.finished;
  }
  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.remove?.();
    this.finish({ done: true, value: undefined });
    return { done: true, value: undefined };
  }
}
