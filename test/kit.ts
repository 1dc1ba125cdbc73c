import { createClient, type Client } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';
import { randomBytes } from 'node:crypto';
import type { MemberRole, MemberState } from '@kith/db';
import { readConfig } from '../api/src/config.ts';
import { hashToken } from '../api/src/context.ts';
import { closeDatabase, openDatabase } from '../api/src/db.ts';
import { configureIdentity } from '../api/src/identity/sessions.ts';
import { newId } from '../api/src/ids.ts';
import { runDueJobs, startWorker } from '../api/src/jobs.ts';
import { log } from '../api/src/log.ts';
import { configureMail } from '../api/src/notifications/mail.ts';
import { openSearchIndex } from '../api/src/searchIndex.ts';
import { startServer } from '../api/src/server.ts';
import { testDatabase } from './database.ts';

/** Who a request is from; nobody when left out. */
export interface As {
  token?: string;
  community?: string;
  /** The network address it seems to come from, where the settings have TRUST_PROXY on. */
  address?: string;
}
export interface Person extends As {
  token: string;
  community: string;
  userId: string;
  memberId: string;
  email: string;
}
export interface Answer<T = Record<string, never>> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they asked for
  data: (T extends Record<string, never> ? any : T) | null;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [detail: string]: unknown } }[];
}

/**
 * Kith as a frontend meets it, over HTTP and WebSocket, on a database of its own. One for each test file: `const kith = await testKith()`.
 * `worker: true` runs jobs as they come; else `kith.jobs()` runs what is due, in the test's own order.
 */
export async function testKith({
  worker = false,
  settings = {},
}: { worker?: boolean; settings?: Record<string, string> } = {}) {
  const database = await testDatabase();
  const dataDir = `/tmp/kith-test-${randomBytes(6).toString('hex')}`;
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    REQUESTS_PER_MINUTE: '1000000',
    DATABASE_POOL: '10',
    SEARCH_ENGINE: 'postgres',
    // Words alone, unless a test is about meaning.
    EMBEDDER: 'none',
    ...settings,
  });
  log.level = config.LOG_LEVEL;
  openDatabase({ ...database, connections: config.DATABASE_POOL });
  configureIdentity(config);
  configureMail(config);
  const search = await openSearchIndex(config);
  const server = await startServer(config, database);
  const runner = worker ? await startWorker(4) : undefined;
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 3 });
  owner.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  const sockets: Client[] = [];

  /** Sends a request over HTTP. */
  async function gql<T = Record<string, never>>(
    query: string,
    variables: Record<string, unknown> = {},
    as: As = {},
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (as.token) headers.authorization = `Bearer ${as.token}`;
    if (as.community) headers['x-kith-community'] = as.community;
    if (as.address) headers['x-forwarded-for'] = as.address;
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer<T>;
  }

  /** Subscribes over WebSocket; `next()` waits for one answer. */
  function subscribe(query: string, variables: Record<string, unknown> = {}, as: As = {}) {
    const client = createClient({
      url: server.url.replace('http', 'ws') + '/graphql',
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: {
        ...(as.token && { authorization: `Bearer ${as.token}` }),
        ...(as.community && { community: as.community }),
      },
    });
    sockets.push(client);
    const answers = client.iterate({ query, variables });
    const before = server.subscriptions();
    const started = (async () => {
      while (server.subscriptions() <= before) await new Promise((resolve) => setTimeout(resolve, 2));
    })();
    return {
      /** The server feeds it. Wait for one subscription before the next is made. */
      started,
      async next(withinMs = 5000): Promise<Answer> {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>(
          (_, reject) => (timer = setTimeout(() => reject(new Error(`no event within ${withinMs} ms`)), withinMs)),
        );
        const { value, done } = await Promise.race([answers.next(), late]).finally(() => clearTimeout(timer));
        if (done) throw new Error('the subscription has ended');
        return value as Answer;
      },
      close: () => client.dispose(),
    };
  }

  /** A user with a session, made in the tables directly. */
  async function user({ name = 'Somebody', administrator = false }: { name?: string; administrator?: boolean } = {}) {
    const [userId, token] = [newId(), randomBytes(32).toString('base64url')];
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${userId.slice(-12)}@example.org`;
    await owner.query(
      'insert into users (id, email, email_verified_at, name, platform_administrator) values ($1, $2, now(), $3, $4)',
      [userId, email, name, administrator],
    );
    await owner.query(
      "insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')",
      [newId(), userId, hashToken(token)],
    );
    return { userId, token, email };
  }

  /** A fresh community. */
  async function community({
    slug = `c-${randomBytes(4).toString('hex')}`,
    name = 'Testville',
    currencyScale = 2,
    locale = 'en',
  } = {}) {
    const id = newId();
    await owner.query(
      "insert into communities (id, slug, name, locale, currency_code, currency_name, currency_scale) values ($1, $2, $3, $4, 'TEST', 'Tests', $5)",
      [id, slug, name, locale, currencyScale],
    );
    return { id, slug };
  }

  /** A member of it who is signed in. */
  async function member(
    of: { id: string; slug: string },
    {
      name = 'Somebody',
      roles = ['MEMBER'],
      state = 'ACTIVE',
    }: { name?: string; roles?: MemberRole[]; state?: MemberState } = {},
  ): Promise<Person> {
    const { userId, token, email } = await user({ name });
    const memberId = newId();
    await owner.query(
      'insert into members (community_id, id, user_id, state, roles, display_name, admitted_at) values ($1, $2, $3, $4::member_state, $5::member_role[], $6, now())',
      [of.id, memberId, userId, state, roles, name],
    );
    return { userId, memberId, token, email, community: of.slug };
  }

  return {
    url: server.url,
    config,
    ...database,
    gql,
    subscribe,
    user,
    community,
    member,
    /** Asks the database as its owner: for what the API does not show. */
    sql: async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<R>(text, values)).rows,
    /** How many subscriptions the server feeds. */
    subscriptions: () => server.subscriptions(),
    jobs: runDueJobs,
    async stop() {
      for (const client of sockets) await client.dispose();
      await server.stop();
      await runner?.stop();
      await search.close();
      await owner.end();
      await closeDatabase();
      await database.drop();
    },
  };
}
export type TestKith = Awaited<ReturnType<typeof testKith>>;
