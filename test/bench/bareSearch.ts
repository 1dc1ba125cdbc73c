import pg from 'pg';
import { pool } from '../../api/src/db.ts';
import { COMMUNITY } from './searchDirectory.ts';

/** Repeats what the last search asked of its engine, with nothing of ours around it. */
export interface Bare {
  repeat(): Promise<void>;
  close(): Promise<void>;
}

/** The statement of the last search, on a connection of its own that wears the community already, prepared. */
export async function barePostgres(appUrl: string): Promise<Bare> {
  const asked: { text: string; values: unknown[] } = { text: '', values: [] };
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  Object.assign(pool, {
    query(text: unknown, values: unknown, ...more: unknown[]) {
      if (typeof text === 'string' && text.includes('kith.search_listings'))
        Object.assign(asked, { text, values: values as unknown[] });
      return query(text, values, ...more);
    },
  });
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  await client.query("select set_config('app.community_id', $1, false)", [COMMUNITY]);
  return {
    repeat: async () => void (await client.query({ name: 'search', ...asked })),
    async close() {
      Object.assign(pool, { query });
      await client.end();
    },
  };
}

/** The requests of the last search to Meilisearch, sent again as they were and read to the end. */
export function bareMeilisearch(): Bare & { begin(): void } {
  const own = globalThis.fetch;
  let asked: [input: Parameters<typeof fetch>[0], init: RequestInit][] = [];
  globalThis.fetch = (input, init) => {
    if (/\/(search|multi-search)$/.test(String(input instanceof Request ? input.url : input)))
      asked.push([input, { ...init, signal: null }]);
    return own(input, init);
  };
  return {
    /** What is asked from here on is the last search. */
    begin: () => void (asked = []),
    async repeat() {
      for (const [input, init] of asked) await (await own(input, init)).json();
    },
    async close() {
      globalThis.fetch = own;
    },
  };
}
