import { type TenantPool } from '@kith/db';
import { type Connection } from './connection.ts';

/** Runs `work` in one transaction as the given community. */
export async function inTransaction<T>(
  pool: TenantPool,
  communityId: string,
  work: (tx: Connection) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    await client.query("select set_config('app.community_id', $1, true)", [communityId]);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that cannot roll back is closed, not given to the next caller.
    await client.query('rollback').catch((broken: Error) => (failure = broken));
    throw error;
  } finally {
    client.release(failure);
  }
}
