import pg from 'pg';
import { randomBytes } from 'node:crypto';
import { hashToken } from '../../api/src/context.ts';
import { syntheticListings } from '../../search/bench/synthetic.ts';

/** The community that is searched, made in the tables directly. */
export const COMMUNITY = '00000000-0000-4000-8000-000000000001';
export const SLUG = 'bench';

/** Fills the community with so many published listings of its own vocabulary, and answers the token of one who may search them. */
export async function fillDirectory(ownerUrl: string, number: number): Promise<string> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('delete from communities');
    await owner.query(
      "insert into communities (id, slug, name, currency_code, currency_name) values ($1, $2, 'Bench', 'BENCH', 'Bench')",
      [COMMUNITY, SLUG],
    );
    const listings = syntheticListings(COMMUNITY, number);
    await fillMembers(owner, listings);
    await fillCategories(owner, listings);
    for (let from = 0; from < number; from += 1_000) await fillListings(owner, listings.slice(from, from + 1_000));
    const token = await memberToken(owner);
    await owner.query('vacuum analyze');
    return token;
  } finally {
    await owner.end();
  }
}
type Listings = ReturnType<typeof syntheticListings>;

async function fillMembers(owner: pg.Client, listings: Listings) {
  const names = new Map(listings.map(({ memberId, memberName }) => [memberId, memberName]));
  await owner.query(
    "insert into members (community_id, id, state, display_name) select $1, id, 'ACTIVE', name from unnest($2::uuid[], $3::text[]) m (id, name)",
    [COMMUNITY, [...names.keys()], [...names.values()]],
  );
}

async function fillCategories(owner: pg.Client, listings: Listings) {
  const parents = new Map<string, { name: string; parentId: string | null }>();
  for (const { categoryIds, categoryNames } of listings) {
    parents.set(categoryIds[1]!, { name: categoryNames[1]!, parentId: null });
    parents.set(categoryIds[0]!, { name: categoryNames[0]!, parentId: categoryIds[1]! });
  }
  const rows = [...parents].sort(([, a], [, b]) => Number(a.parentId !== null) - Number(b.parentId !== null));
  await owner.query(
    'insert into categories (community_id, id, key, name, parent_id) select $1, id, name, name, parent from unnest($2::uuid[], $3::text[], $4::uuid[]) c (id, name, parent)',
    [COMMUNITY, rows.map(([id]) => id), rows.map(([, { name }]) => name), rows.map(([, { parentId }]) => parentId)],
  );
}

async function fillListings(owner: pg.Client, listings: Listings) {
  const rows = listings.map(({ price, place, publishedAt, categoryIds, ...listing }) => ({
    ...listing,
    price: String(price),
    publishedAt: publishedAt.toISOString(),
    categoryId: categoryIds[0],
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  }));
  await owner.query(
    `insert into listings (community_id, id, member_id, kind, state, title, description, tags, terms, price, latitude, longitude, remote, language, published_at, category_id)
     select $1, "listingId", "memberId", kind, 'PUBLISHED', title, description, tags, terms, price, latitude, longitude, remote, language, "publishedAt", "categoryId"
     from jsonb_to_recordset($2) as l ("listingId" uuid, "memberId" uuid, kind listing_kind, title text, description text, tags text[], terms payment_terms,
       price bigint, latitude float8, longitude float8, remote boolean, language text, "publishedAt" timestamptz, "categoryId" uuid)`,
    [COMMUNITY, JSON.stringify(rows)],
  );
}

async function memberToken(owner: pg.Client): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const [userId, sessionId, memberId] = [1, 2, 3].map((part) => `0000000${part}-0000-4000-8000-000000000000`);
  await owner.query('delete from users where id = $1', [userId]);
  await owner.query("insert into users (id, email, email_verified_at, name) values ($1, 'b@example.org', now(), 'B')", [
    userId,
  ]);
  await owner.query(
    "insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')",
    [sessionId, userId, hashToken(token)],
  );
  await owner.query(
    "insert into members (community_id, id, user_id, state, display_name, admitted_at) values ($1, $2, $3, 'ACTIVE', 'B', now())",
    [COMMUNITY, memberId, userId],
  );
  return token;
}
