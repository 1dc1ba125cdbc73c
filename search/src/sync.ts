import { type TenantPool } from '@kith/db';
import { readDocuments } from './documents.ts';
import { type ListingDocument } from './engine.ts';
import { noteTexts } from './meaning/store.ts';
import { note } from './outbox.ts';
import { postgresEngine } from './postgres.ts';
import { inTransaction } from './transaction.ts';

export const SYNC_MOST = 200;

/**
 * Brings the embedded index to what these listings are now: published ones in, all others out; and notes what texts they have, for
 * whoever makes vectors of them. With `outside`, notes in the same
 * transaction that another engine has to follow. Reading happens under the community's lock, so of two jobs for one listing the
 * later has seen the newer state. Answers the documents that are in.
 */
export async function syncListings(
  pool: TenantPool,
  communityId: string,
  listingIds: readonly string[],
  { outside }: { outside: boolean },
): Promise<ListingDocument[]> {
  return inTransaction(pool, communityId, async (tx) => {
    await tx.query('select kith.search_lock()');
    const documents = await readDocuments(tx, communityId, listingIds);
    const published = new Set(documents.map(({ listingId }) => listingId));
    const engine = postgresEngine(tx);
    await engine.index(documents);
    await engine.remove(
      communityId,
      listingIds.filter((id) => !published.has(id)),
    );
    await noteTexts(tx, communityId, listingIds, documents);
    if (outside) await note(tx, communityId, listingIds);
    return documents;
  });
}
