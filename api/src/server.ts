import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Config } from './config.ts';
import { limits } from './builder.ts';
import { Rejection } from './errors.ts';
import { EventFeed } from './events.ts';
import { createGraphql } from './graphql.ts';
import { exports } from './imports/export.ts';
import { addressOf, allowOrigin, arriveWithin, placeOf, sendJson } from './http.ts';
import { statementFile } from './ledger/statementFile.ts';
import { setPublicUrl } from './links.ts';
import { log } from './log.ts';
import { serveMetrics } from './metrics.ts';
import { readiness } from './readiness.ts';
import { schema } from './schema.ts';
import { serveSockets } from './sockets.ts';
import { serveFile } from './files.ts';
import { uploads } from './uploads.ts';

export interface RunningServer {
  url: string;
  port: number;
  server: Server;
  /** Live subscriptions of this process. */
  subscriptions(): number;
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/** Serves GraphQL over HTTP and WebSocket, uploads, the console and the health pages on one port. The database is open already. */
export async function startServer(config: Config, { appUrl }: { appUrl: string }): Promise<RunningServer> {
  limits.depth = config.MAX_QUERY_DEPTH;
  limits.complexity = config.MAX_QUERY_COMPLEXITY;
  const feed = new EventFeed(appUrl);
  await feed.start();
  const graphql = await createGraphql(schema, config);
  const limiter = new RateLimiterMemory({ points: config.REQUESTS_PER_MINUTE, duration: 60 });
  let stopping = false;

  const server = createServer((request, response) => {
    const began = performance.now();
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    response.setHeader('x-content-type-options', 'nosniff');
    response.on('finish', () =>
      log.debug(
        {
          requestId,
          method: request.method,
          path: request.url?.split('?')[0],
          status: response.statusCode,
          ms: Math.round(performance.now() - began),
        },
        'answered',
      ),
    );
    route(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      if (error instanceof Rejection)
        return sendJson(response, statusOf(error), {
          errors: [{ message: error.message, extensions: error.extensions }],
        });
      log.error({ requestId, error }, 'a request failed on our side');
      sendJson(response, 500, {
        errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId } }],
      });
    });
  });
  // An upload may come slowly; headers have a limit of their own, and so has everything that is no upload.
  server.requestTimeout = 600_000;
  const sockets = serveSockets(server, schema, feed, config, admit);

  /** Requests over HTTP and operations over WebSocket count alike. */
  async function admit(who: string) {
    await limiter.consume(who).catch(({ msBeforeNext }: { msBeforeNext: number }) => {
      throw new Rejection(
        'RATE_LIMITED',
        `More than ${config.REQUESTS_PER_MINUTE} requests in a minute from your address. Wait, then go on.`,
        { retryAfterMs: msBeforeNext },
      );
    });
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]!;
    if (!path.startsWith('/uploads/')) arriveWithin(request, response, config.REQUEST_TIMEOUT_SECONDS * 1000);
    if (path === '/health') return sendJson(response, 200, { status: 'live' });
    if (path === '/ready') {
      const ready = await readiness();
      return sendJson(response, ready.ready && !stopping ? 200 : 503, {
        ...ready,
        ...(stopping && { ready: false, stopping: true }),
      });
    }
    if (path === '/metrics') return serveMetrics(request, response, config);
    if (allowOrigin(request, response, config)) return;
    const isQuery =
      path === '/graphql' && (request.method === 'POST' || !request.headers.accept?.includes('text/html'));
    const isExport = path.startsWith('/exports/');
    if (isQuery || isExport || path.startsWith('/uploads/')) {
      await admit(placeOf(addressOf(request, config.TRUST_PROXY))).catch((refused: Rejection) => {
        response.setHeader('retry-after', Math.ceil(Number(refused.extensions.retryAfterMs) / 1000));
        throw refused;
      });
      if (path === '/exports/statement.csv') return statementFile(request, response, config);
      if (isExport) return exports(request, response, config);
      return isQuery ? graphql.handle(request, response) : uploads(request, response, config);
    }
    return serveFile(path === '/graphql' ? '/graphiql.html' : path, config, response);
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.PORT, config.HOST, resolve));
  const { port } = server.address() as { port: number };
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? 'localhost' : config.HOST;
  const url = config.PUBLIC_URL ?? `http://${host}:${port}`;
  setPublicUrl(url);

  return {
    server,
    port,
    subscriptions: () => sockets.hub.size,
    url,
    /** Finishes what runs, sends clients away, then closes. */
    async stop() {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.stop();
      server.closeIdleConnections();
      const impatient = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
      await closed;
      clearTimeout(impatient);
      await graphql.apollo.stop();
      await feed.stop();
    },
  };
}

const requestIdOf = ({ headers }: IncomingMessage) =>
  /^[\w-]{8,64}$/.test(String(headers['x-request-id'] ?? '')) ? String(headers['x-request-id']) : randomUUID();

const statusOf = ({ extensions: { code } }: Rejection) =>
  ({ UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, RATE_LIMITED: 429, UNAVAILABLE: 503 })[code as string] ??
  400;
