import { randomUUID } from 'node:crypto';
import { NO_COMMUNITY, type TenantPool } from '@kith/db';
import { connectionOf } from '../connection.ts';
import { inTransaction } from '../transaction.ts';
import type { Refined } from './refinement.ts';

export type AdoptionState = 'ADOPTED' | 'WORSE' | 'REPLACED' | 'TAKEN_BACK';

/** What was learned of categories once, and what became of it. */
export type Adoption = Omit<Refined, 'learned'> & { id: string; state: AdoptionState; createdAt: Date };

const SHOWN_MOST = 50;
/** What is no longer used is kept for the figures, not for ever. */
const KEPT_MOST = 100;

/** What this installation learned, newest first. */
export async function adoptions(pool: TenantPool, embedder: string): Promise<Adoption[]> {
  const { rows } = await connectionOf(pool, NO_COMMUNITY).query(
    `select id, state, listings, communities, share_before as before, share_after as after, created_at as "createdAt"
     from category_models where embedder = $1 order by created_at desc, id desc limit $2`,
    [embedder, SHOWN_MOST],
  );
  return rows;
}

/** Takes what was learned into use if it is better than what ships; keeps its figures either way. */
export async function adopt(
  pool: TenantPool,
  embedder: string,
  { learned, listings, communities, before, after }: Refined,
): Promise<AdoptionState> {
  const state = after > before ? 'ADOPTED' : 'WORSE';
  await inTransaction(pool, NO_COMMUNITY, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(727083, 0)');
    if (state === 'ADOPTED')
      await tx.query(
        "update category_models set state = 'REPLACED', decided_at = now() where embedder = $1 and state = 'ADOPTED'",
        [embedder],
      );
    await tx.query(
      `insert into category_models (id, embedder, state, learned, listings, communities, share_before, share_after)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [randomUUID(), embedder, state, Buffer.from(learned), listings, communities, before, after],
    );
    await tx.query(
      `delete from category_models where id in (
         select id from category_models where state <> 'ADOPTED' order by created_at desc offset $1)`,
      [KEPT_MOST],
    );
  });
  return state;
}

/** Goes back to what ships; it stays so until something else is learned that is better. Answers false where nothing was adopted. */
export async function takeBack(pool: TenantPool, embedder: string): Promise<boolean> {
  const { rows } = await connectionOf(pool, NO_COMMUNITY).query(
    `update category_models set state = 'TAKEN_BACK', decided_at = now()
     where embedder = $1 and state = 'ADOPTED' returning id`,
    [embedder],
  );
  return rows.length > 0;
}
