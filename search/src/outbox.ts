import { NO_COMMUNITY, type TenantPool } from '@kith/db';
import { type Connection, connectionOf } from './connection.ts';
import { readDocuments } from './documents.ts';
import { type SearchEngine } from './engine.ts';
import { inTransaction } from './transaction.ts';

/** What the outside engine has still to be told: for the index in use, and for the one a rebuild is filling. */
export type Target = 'LIVE' | 'NEXT';

// What the engine confirms together: a task costs it about as much for few as for many.
const BATCH_MOST = 2_000;
/** The row of `installation` that stands while a rebuild fills another index. */
export const REBUILDING = 'search.rebuild';

/** Notes in the caller's transaction that these listings changed, or all that are published. Of several changes only that there was one is kept. */
export async function note(tx: Connection, communityId: string, changed: readonly string[] | 'ALL'): Promise<void> {
  const listingIds =
    changed === 'ALL'
      ? (await tx.query(PUBLISHED, [communityId])).rows.map(({ listing_id }) => listing_id as string)
      : changed;
  await tx.query(
    `insert into search_outbox (community_id, target, listing_id)
     select $1, target, listing from unnest($2::uuid[]) listing, (
       select 'LIVE' as target union all select 'NEXT' from installation where key = $3
     ) targets
     on conflict (community_id, target, listing_id) do update set change = default`,
    [communityId, listingIds, REBUILDING],
  );
}

const PUBLISHED = 'select listing_id from listing_meanings where community_id = $1 and published';

/**
 * Tells the engine what it has missed of a community, in the order of the changes, until nothing is left. What is sent is what the
 * listings are now, so once is as good as twice; a change leaves the outbox only when the engine has confirmed it.
 */
export async function deliver(
  pool: TenantPool,
  { communityId, target }: { communityId: string; target: Target },
  engine: Pick<SearchEngine, 'index' | 'remove'>,
): Promise<void> {
  while (await deliverBatch(pool, { communityId, target }, engine));
}

async function deliverBatch(
  pool: TenantPool,
  { communityId, target }: { communityId: string; target: Target },
  engine: Pick<SearchEngine, 'index' | 'remove'>,
): Promise<boolean> {
  return inTransaction(pool, communityId, async (tx) => {
    // One messenger a community: of two, the one that read first could speak last. It locks no row, so writers go on meanwhile.
    await tx.query("set local lock_timeout = '60s'");
    await tx.query('select pg_advisory_xact_lock(727081, hashtext($1))', [communityId + target]);
    const { rows } = await tx.query(
      'select listing_id, change from search_outbox where community_id = $1 and target = $2 order by change limit $3',
      [communityId, target, BATCH_MOST],
    );
    if (!rows.length) return false;
    const ids: string[] = rows.map(({ listing_id }) => listing_id);
    const documents = await readDocuments(tx, communityId, ids);
    const published = new Set(documents.map(({ listingId }) => listingId));
    await engine.index(documents);
    await engine.remove(
      communityId,
      ids.filter((id) => !published.has(id)),
    );
    // A listing that changed again meanwhile has another number and stays.
    await tx.query(
      `delete from search_outbox o using unnest($3::uuid[], $4::bigint[]) sent (listing_id, change)
       where o.community_id = $1 and o.target = $2 and o.listing_id = sent.listing_id and o.change = sent.change`,
      [communityId, target, ids, rows.map(({ change }) => change)],
    );
    return rows.length === BATCH_MOST;
  });
}

export type Waiting = { communityId: string; changes: number; since: Date };

/** The communities of which the engine has something to be told, the longest waiting first. */
export async function waiting(pool: TenantPool, target: Target): Promise<Waiting[]> {
  const { rows } = await connectionOf(pool, NO_COMMUNITY).query(
    'select community_id, changes::integer, waiting_since from kith.search_waiting($1)',
    [target],
  );
  return rows.map((row: { community_id: string; changes: number; waiting_since: Date }) => ({
    communityId: row.community_id,
    changes: row.changes,
    since: row.waiting_since,
  }));
}

/** Delivers for every community that waits. */
export async function deliverAll(
  pool: TenantPool,
  target: Target,
  engine: Pick<SearchEngine, 'index' | 'remove'>,
): Promise<void> {
  for (const { communityId } of await waiting(pool, target)) await deliver(pool, { communityId, target }, engine);
}
