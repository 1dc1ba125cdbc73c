import { type TenantPool, withCommunity } from '@kith/db';

/** A pool whose queries run as the current community, or a client inside a transaction that put one on. */
export type Connection = {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a row is what its statement says
  query(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
};

/** The pool, as one community (or as none). */
export function connectionOf(pool: Connection | TenantPool, communityId: string): Connection {
  const { query } = pool as Connection;
  return { query: (text, values) => withCommunity(communityId, () => query.call(pool, text, values)) };
}
