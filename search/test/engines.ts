import { type SearchEngine } from '../src/engine.ts';
import { meilisearchEngine } from '../src/meilisearch.ts';
import { postgresEngine } from '../src/postgres.ts';
import { type Database } from './database.ts';
import { meilisearchMissing, openMeilisearch } from './meilisearch.ts';

type Opened = { engine: SearchEngine; close(): Promise<void> };
type Candidate = { title: string; missing?: string; open(database: Database): Promise<Opened> };

/** Every engine there is to test, and what is missing for those that are not there. */
export const engines: Candidate[] = [
  { title: 'PostgreSQL', open: async ({ pool }) => ({ engine: postgresEngine(pool), close: async () => {} }) },
  {
    title: 'Meilisearch',
    missing: meilisearchMissing,
    async open() {
      const { close, ...server } = await openMeilisearch();
      return { engine: meilisearchEngine({ ...server, searchTimeoutMs: 10_000 }), close };
    },
  },
];
