import { NO_COMMUNITY, type TenantPool } from '@kith/db';
import { connectionOf } from './connection.ts';
import { publishedListings } from './documents.ts';
import { type ListingDocument } from './engine.ts';
import { type MeilisearchEngine } from './meilisearch.ts';
import { deliverAll, REBUILDING, waiting } from './outbox.ts';
import { syncListings, SYNC_MOST } from './sync.ts';

export type Progress = (listings: { done: number; total: number }) => void;

export type RebuildOptions = {
  progress?: Progress;
  /** Makes the vectors these listings lack; where it cannot, they are found by their words. */
  understand: (communityId: string, listingIds: readonly string[]) => Promise<unknown>;
};

/** The row of `installation` that names the outside index which is complete. */
export const COMPLETE = 'search.complete';
const REBUILD_LOCK = 727082;

/**
 * Builds the index of every community anew while searches go on: the embedded one in place, the outside one beside the one in use,
 * which it then replaces. Listings that change meanwhile are in both. Answers false when another process is at it.
 */
export async function rebuild(
  pool: TenantPool,
  meilisearch: MeilisearchEngine | undefined,
  { progress = () => {}, understand }: RebuildOptions,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    // Held by the connection: a process that is killed lets go of it.
    const { rows } = await client.query('select pg_try_advisory_lock($1, 0) as mine, clock_timestamp()::text as now', [
      REBUILD_LOCK,
    ]);
    if (!rows[0].mine) return false;
    try {
      await rebuildAll(pool, meilisearch, { began: rows[0].now, progress, understand });
      return true;
    } finally {
      await client.query('select pg_advisory_unlock($1, 0)', [REBUILD_LOCK]);
    }
  } finally {
    client.release();
  }
}

async function rebuildAll(
  pool: TenantPool,
  meilisearch: MeilisearchEngine | undefined,
  { began, ...options }: Required<RebuildOptions> & { began: string },
): Promise<void> {
  if (meilisearch) {
    await forget(pool, 'NEXT');
    await remember(pool, REBUILDING, { began });
    try {
      await meilisearch.rebuild(walk(pool, options), (next) => deliverAll(pool, 'NEXT', next));
      await remember(pool, COMPLETE, { createdAt: await meilisearch.identity(), space: await meilisearch.space() });
    } finally {
      await unremember(pool, REBUILDING);
    }
    // What was noted between the last look and the swap; whatever is noted later stands among the live changes too.
    await deliverAll(pool, 'NEXT', meilisearch);
  } else {
    // The walk itself writes the embedded index.
    for await (const batch of walk(pool, options)) void batch;
  }
  for (const { id } of await everywhere(pool, 'select kith.search_indexed() as id'))
    await connectionOf(pool, id).query('select kith.search_settle($1)', [began]);
}

/** Every published document of every community; each batch is in the embedded index when it comes. */
async function* walk(
  pool: TenantPool,
  { progress, understand }: Required<RebuildOptions>,
): AsyncGenerator<ListingDocument[]> {
  const communities: { id: string }[] = await everywhere(pool, 'select id from communities order by id');
  let total = 0;
  for (const { id } of communities) {
    const { rows } = await connectionOf(pool, id).query(COUNT_PUBLISHED, [id]);
    total += rows[0].listings;
  }
  let done = 0;
  for (const { id } of communities) {
    for await (const listingIds of publishedListings(connectionOf(pool, id), id, SYNC_MOST)) {
      const documents = await syncListings(pool, id, listingIds, { outside: false });
      await understand(id, listingIds);
      yield documents;
      done += listingIds.length;
      progress({ done, total });
    }
  }
}

const COUNT_PUBLISHED =
  "select count(*)::integer as listings from listings where community_id = $1 and state = 'PUBLISHED'";

async function forget(pool: TenantPool, target: 'NEXT'): Promise<void> {
  for (const { communityId } of await waiting(pool, target))
    await connectionOf(pool, communityId).query('delete from search_outbox where community_id = $1 and target = $2', [
      communityId,
      target,
    ]);
}

/** Whether the outside index in use is one that a rebuild completed, and not one that lost its data since. */
export async function isComplete(pool: TenantPool, meilisearch: MeilisearchEngine): Promise<boolean> {
  const [row] = await everywhere(pool, 'select value from installation where key = $1', [COMPLETE]);
  if (row?.value.createdAt === undefined || row.value.createdAt !== (await meilisearch.identity())) return false;
  // One that holds the vectors of another model, or none, answers by words; it is built anew as soon as there are others.
  const space = await meilisearch.space();
  return space === undefined || space === row.value.space;
}

async function remember(pool: TenantPool, key: string, value: object): Promise<void> {
  await everywhere(
    pool,
    `insert into installation (key, value) values ($1, $2)
     on conflict (key) do update set value = excluded.value, updated_at = now()`,
    [key, JSON.stringify(value)],
  );
}

export async function unremember(pool: TenantPool, key: string): Promise<void> {
  await everywhere(pool, 'delete from installation where key = $1', [key]);
}

/** A statement outside every community. */
async function everywhere(pool: TenantPool, text: string, values: unknown[] = []) {
  return (await connectionOf(pool, NO_COMMUNITY).query(text, values)).rows;
}
