import { GraphiQL, type GraphiQLProps } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { Kind, OperationTypeNode, getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import { session } from '../session.ts';
import './graphiql.css';

const FIRST_QUERY = `# Kith's GraphQL API. Ctrl+Enter sends a query.
#
# Signed in to the console in this browser, you
# ask as yourself, in the community you chose.
# Your own headers go into the tab below:
# { "authorization": "Bearer …",
#   "x-kith-community": "the-slug" }

{
  me {
    name
    email
  }
}
`;

type Fetcher = NonNullable<GraphiQLProps['fetcher']>;

/** Sends queries over HTTP and subscriptions over WebSocket, as whoever is signed in to the console unless headers say otherwise. */
const fetcher: Fetcher = ({ query, variables, operationName }, options) => {
  const headers = { ...session.headers(), ...lowerCase(options?.headers) };
  const request = { query, variables, ...(operationName && { operationName }) };
  const operation = getOperationAST(options?.documentAST ?? parse(query), operationName);
  if (operation?.kind === Kind.OPERATION_DEFINITION && operation.operation === OperationTypeNode.SUBSCRIPTION)
    return subscribe(request, headers);
  return fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  }).then((response) => response.json());
};

function subscribe(
  request: { query: string; variables?: Record<string, unknown> },
  { authorization, 'x-kith-community': community }: Record<string, string>,
) {
  const client = createClient({
    url: new URL('/graphql', location.href.replace(/^http/, 'ws')).href,
    connectionParams: { ...(authorization && { authorization }), ...(community && { community }) },
  });
  return client.iterate(request) as ReturnType<Fetcher>;
}

const lowerCase = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

createRoot(document.getElementById('graphiql')!).render(
  <GraphiQL fetcher={fetcher} defaultQuery={FIRST_QUERY} inputValueDeprecation>
    <GraphiQL.Logo>
      <a className="kith-logo" href="/">
        <img src="/kith.svg" alt="" width="24" height="24" /> Kith
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
