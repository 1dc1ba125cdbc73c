import { randomUUID } from 'node:crypto';
import { TenantPool } from '@kith/db';
import pg from 'pg';
import { testDatabase } from '../../test/database.ts';

export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** A fresh database: `pool` is the application's, `owner` stands above row-level security. */
export async function openDatabase() {
  const { ownerUrl, appUrl, drop } = await testDatabase();
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 3 });
  owner.on('error', () => {});
  const pool = new TenantPool({ connectionString: appUrl, max: 6 });
  return {
    ownerUrl,
    owner,
    pool,
    /** Makes a community and answers its id. */
    async community(locale = 'en'): Promise<string> {
      const id = randomUUID();
      const values = [id, `c-${id}`, 'Test', locale, 'TEST', 'Test'];
      await owner.query(
        'insert into communities (id, slug, name, locale, currency_code, currency_name) values ($1, $2, $3, $4, $5, $6)',
        values,
      );
      return id;
    },
    async member(communityId: string, name: string): Promise<string> {
      const id = randomUUID();
      await owner.query("insert into members (community_id, id, display_name, state) values ($1, $2, $3, 'ACTIVE')", [
        communityId,
        id,
        name,
      ]);
      return id;
    },
    async category(communityId: string, { id, name, parentId }: { id: string; name: string; parentId?: string }) {
      const values = [communityId, id, parentId, name, name];
      await owner.query(
        'insert into categories (community_id, id, parent_id, key, name) values ($1, $2, $3, $4, $5)',
        values,
      );
    },
    async close() {
      await pool.end();
      await owner.end();
      await drop();
    },
  };
}
