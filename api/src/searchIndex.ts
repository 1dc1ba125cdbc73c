import { join } from 'node:path';
import type { TenantPool } from '@kith/db';
import { findMeilisearch, openEmbedder, openSearch, type MeilisearchServer, type Search } from '@kith/search';
import { ConfigurationError, embedderOf, type Config } from './config.ts';
import { pool } from './db.ts';
import { log } from './log.ts';

/** The search index of this process, opened at start by `openSearchIndex`; search and matching read it. */
export let searchIndex: Search;
/** Why PostgreSQL answers searches where Meilisearch could: told at start and by the health check. Undefined with Meilisearch. */
export let whyEmbedded: string | undefined;

/**
 * Opens search over the open database, the engine that is configured or there, and what understands texts. Answers how to close it, and
 * the settings by which another process opens the same engine.
 */
export async function openSearchIndex(
  config: Config,
): Promise<{ settings: Record<string, string>; close(): Promise<void> }> {
  const { server, why } = await chooseEngine(config);
  whyEmbedded = why;
  searchIndex = await openSearch({
    pool: pool as TenantPool,
    embedder: openEmbedder(embedderOf(config)),
    log,
    ...(server && {
      meilisearch: {
        url: server.url,
        index: config.MEILI_INDEX,
        ensure: () => server.ensure(),
        ...(server.key && { key: server.key }),
      },
    }),
  });
  log.info(why ?? `search: Meilisearch at ${server!.url}, with PostgreSQL to stand in for it`);
  return {
    settings: server
      ? { SEARCH_ENGINE: 'meilisearch', MEILI_URL: server.url, ...(server.key && { MEILI_KEY: server.key }) }
      : { SEARCH_ENGINE: 'postgres' },
    async close() {
      await searchIndex.close();
      await server?.stop();
    },
  };
}

async function chooseEngine(config: Config): Promise<{ server?: MeilisearchServer; why?: string }> {
  const { SEARCH_ENGINE, MEILI_URL, MEILI_KEY, dataDir } = config;
  if (SEARCH_ENGINE === 'postgres') return { why: 'Search runs on PostgreSQL, as SEARCH_ENGINE says.' };
  const isOurs = !MEILI_URL;
  try {
    const server = await findMeilisearch({
      dataDir: join(dataDir, 'meilisearch'),
      ...(MEILI_URL && { url: MEILI_URL }),
      ...(MEILI_KEY && { key: MEILI_KEY }),
    });
    if (server) return { server };
  } catch (error) {
    // A program that is there by chance and does not start is no reason not to serve; one that was asked for is.
    if (SEARCH_ENGINE === 'meilisearch' || !isOurs) throw error;
    log.warn({ error }, 'Meilisearch was found and did not start');
    return { why: 'Search runs on PostgreSQL, because Meilisearch was found but did not start; the log says why.' };
  }
  if (SEARCH_ENGINE === 'meilisearch')
    throw new ConfigurationError(
      'SEARCH_ENGINE is "meilisearch", but there is none: set MEILI_URL, or put a program named meilisearch on the PATH.',
    );
  return {
    why: 'Search runs on PostgreSQL, because MEILI_URL is not set and no program named meilisearch is on the PATH.',
  };
}
