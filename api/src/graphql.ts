import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { bounds } from './bounds.ts';
import type { Config } from './config.ts';
import { identify, type Context } from './context.ts';
import { directReads, stringify } from './directReads.ts';
import { TOKENS_MOST } from './documents.ts';
import { DomainError, Rejection } from './errors.ts';
import { addressOf, bearerToken, readBody } from './http.ts';
import { log } from './log.ts';
import { requestSeconds } from './metrics.ts';
import { refuseUnstorable } from './storable.ts';

const MESSAGE_MOST = 500;
/** graphql repeats a wrong value in its message, however large it is. */
const shortened = (message: string) =>
  message.length > MESSAGE_MOST ? `${message.slice(0, MESSAGE_MOST).replace(/\p{Surrogate}$/u, '')}…` : message;

/** Turns what was thrown into what the client may know. Faults are masked and logged with their stack under the request's id. */
export function formatError(
  { message, ...rest }: GraphQLFormattedError,
  thrown: unknown,
  requestId?: string,
): GraphQLFormattedError {
  const formatted = { ...rest, message: shortened(message) };
  const error = unwrapResolverError(thrown) as Error;
  if (error instanceof DomainError) return { ...formatted, message: error.message, extensions: { code: error.code } };
  // Pothos looks a node up by "find or throw"; missing and forbidden look the same.
  if ((error as { code?: string }).code === 'P2025')
    return { ...formatted, message: 'There is no such object here.', extensions: { code: 'NOT_FOUND' } };
  // A rule of ours refused the document: what checks documents calls all of that a failed validation.
  const { originalError } = error as { originalError?: unknown };
  if (originalError instanceof Rejection) return { ...formatted, extensions: originalError.extensions };
  const code = (formatted.extensions?.code as string | undefined) ?? 'INTERNAL_SERVER_ERROR';
  if (code !== 'INTERNAL_SERVER_ERROR') {
    const { stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
    return { ...formatted, extensions };
  }
  // A bad variable reaches us as a plain GraphQLError without a cause of ours.
  if (error instanceof GraphQLError && !error.originalError)
    return { ...formatted, extensions: { code: 'BAD_USER_INPUT' } };
  log.error({ requestId, path: formatted.path, error }, 'a request failed on our side');
  const { path, locations } = formatted;
  return {
    message:
      'Something went wrong on our side. Nothing is known to be wrong with your request; quote the requestId when you report it.',
    ...(path && { path }),
    ...(locations && { locations }),
    extensions: { code: 'INTERNAL', requestId },
  };
}

const storable: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({ didResolveOperation: async ({ request }) => refuseUnstorable(request.variables) }),
};

const timing: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    const began = process.hrtime.bigint();
    return {
      async willSendResponse({ operation, errors }) {
        requestSeconds.observe(
          { operation: operation?.operation ?? 'invalid', outcome: errors?.length ? 'error' : 'ok' },
          Number(process.hrtime.bigint() - began) / 1e9,
        );
      },
    };
  },
};

export async function createGraphql(schema: GraphQLSchema, config: Config) {
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    validationRules: bounds,
    parseOptions: { maxTokens: TOKENS_MOST },
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    // Cache hints are not used, and computing them would touch every field of every answer.
    plugins: [timing, storable, directReads, ApolloServerPluginCacheControlDisabled()],
    stringifyResult: stringify,
    formatError: (formatted, thrown) => formatError(formatted, thrown, requestIds.getStore()),
  });
  await apollo.start();
  return {
    apollo,
    handle: (request: IncomingMessage, response: ServerResponse) => handle(apollo, config, request, response),
  };
}

// Apollo's formatError is not told which request it formats for.
const requestIds = new AsyncLocalStorage<string>();

async function handle(
  apollo: ApolloServer<Context>,
  config: Config,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const url = new URL(request.url ?? '/', 'http://kith');
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const text = request.method === 'POST' ? await readBody(request, config.MAX_BODY_BYTES) : '';
  let body: unknown = '';
  if (text) {
    try {
      body = JSON.parse(text);
    } catch {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ errors: [{ message: 'The body is not valid JSON.', extensions: { code: 'BAD_REQUEST' } }] }),
      );
      return;
    }
  }
  const context = await contextOf(request, config, response.getHeader('x-request-id') as string);
  const httpGraphQLRequest = { method: request.method ?? 'GET', headers, search: url.search, body };
  const answer = await requestIds.run(context.requestId, () =>
    withCommunity(context.communityId ?? NO_COMMUNITY, () =>
      apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => context }),
    ),
  );
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.statusCode = answer.status ?? 200;
  if (answer.body.kind === 'complete') response.end(answer.body.string);
  else {
    for await (const chunk of answer.body.asyncIterator) response.write(chunk);
    response.end();
  }
}

/** Who asks, where, from which address. */
export async function contextOf(
  request: IncomingMessage,
  config: Config,
  requestId: string = randomUUID(),
  given: { token?: string; community?: string } = {},
): Promise<Context> {
  const token = given.token ?? bearerToken(request.headers.authorization);
  const community = given.community ?? (request.headers['x-kith-community'] as string | undefined);
  return {
    requestId,
    address: addressOf(request, config.TRUST_PROXY),
    userAgent: String(request.headers['user-agent'] ?? ''),
    shared: false,
    ...(await identify(token, community)),
  };
}
