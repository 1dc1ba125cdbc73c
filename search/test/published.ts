import { randomUUID } from 'node:crypto';
import { type Database } from './database.ts';

type Given = {
  title: string;
  kind?: 'OFFER' | 'WANT';
  state?: string;
  tags?: string[];
  categoryId?: string;
  description?: string;
};

/** Writes a listing (published unless said otherwise) into the database and answers its id; nothing is indexed by it. */
export async function publish(
  { owner }: Database,
  { communityId, memberId }: { communityId: string; memberId: string },
  { title, kind = 'OFFER', state = 'PUBLISHED', tags = [], categoryId, description = '' }: Given,
): Promise<string> {
  const id = randomUUID();
  await owner.query(
    `insert into listings (community_id, id, member_id, kind, state, title, description, tags, category_id, published_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
    [communityId, id, memberId, kind, state, title, description, tags, categoryId],
  );
  return id;
}
