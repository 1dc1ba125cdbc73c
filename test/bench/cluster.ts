import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareDatabase, startEmbedded } from '@kith/db';
import pg from 'pg';

const running = new Set<() => Promise<void>>();
/** After a bench that failed: its servers would live on. */
export const stopClusters = async () => void (await Promise.all([...running].map((stop) => stop())));

/** A database server of the bench alone, with a durable disk, as an installation has it. */
export async function benchCluster() {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-bench-'));
  // Open to the account the server runs under; else its files would stand elsewhere and stay.
  fs.chmodSync(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, settings: { shared_buffers: '512MB', max_connections: '300' } });
  const { appUrl } = await prepareDatabase(server.ownerUrl);
  const owner = new pg.Pool({ connectionString: server.ownerUrl, max: 5 });
  owner.on('error', () => {});
  const stop = async () => {
    running.delete(stop);
    await owner.end();
    await server.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
  running.add(stop);
  return {
    ownerUrl: server.ownerUrl,
    appUrl,
    sql: async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows,
    stop,
  };
}
export type Cluster = Awaited<ReturnType<typeof benchCluster>>;

/** Communities with members, categories and published offers; the first members of the first ones are signed in. */
export async function fillCommunities(
  { sql }: Cluster,
  { communities, members, listings, sessions }: Record<'communities' | 'members' | 'listings' | 'sessions', number>,
): Promise<{ token: string; community: string; communityId: string; memberId: string }[]> {
  await sql(
    `insert into communities (id, slug, name, currency_code, currency_name)
     select gen_random_uuid(), 'c-' || c, 'Community ' || c, 'ABC', 'Abc' from generate_series(1, $1::int) c`,
    [communities],
  );
  await sql(
    `insert into users (id, email, name, email_verified_at)
     select gen_random_uuid(), c || '-' || m || '@example.org', 'Member ' || m, now()
     from generate_series(1, $1::int) c, generate_series(1, $2::int) m`,
    [communities, members],
  );
  await sql(
    `insert into members (community_id, id, user_id, state, display_name, admitted_at)
     select c.id, gen_random_uuid(), u.id, 'ACTIVE', u.name, now()
     from users u join communities c on c.slug = 'c-' || split_part(u.email, '-', 1)`,
  );
  await sql(
    `insert into categories (community_id, id, key, name)
     select id, gen_random_uuid(), 'category-' || n, 'Category ' || n from communities, generate_series(1, 10) n`,
  );
  await sql(
    `insert into listings (community_id, id, member_id, category_id, kind, state, title, description, published_at)
     select c.id, gen_random_uuid(), m.ids[1 + l % array_length(m.ids, 1)], k.ids[1 + l % 10], 'OFFER', 'PUBLISHED',
            'Something useful number ' || l, repeat('Described in some words. ', 8), now() - l * interval '1 minute'
     from communities c
     join lateral (select array_agg(id) as ids from members where community_id = c.id) m on true
     join lateral (select array_agg(id) as ids from categories where community_id = c.id) k on true,
     generate_series(1, $1::int) l`,
    [listings],
  );
  const rows = await sql(
    `with chosen as (
       select m.user_id, m.community_id, m.id as member_id, c.slug, md5(m.id::text) || md5(m.user_id::text) as token
       from members m join communities c on c.id = m.community_id order by m.display_name, m.community_id limit $1)
     , made as (insert into sessions (id, user_id, token_hash, expires_at)
       select gen_random_uuid(), user_id, sha256(token::bytea), now() + interval '1 day' from chosen)
     select token, slug as community, community_id as "communityId", member_id as "memberId" from chosen`,
    [sessions],
  );
  await sql('vacuum analyze');
  return rows as { token: string; community: string; communityId: string; memberId: string }[];
}
