import { type Connection } from './connection.ts';
import { type ListingDocument } from './engine.ts';

/** The searchable documents of these listings of the current community: those that are published, as they are now. */
export async function readDocuments(
  connection: Connection,
  communityId: string,
  listingIds: readonly string[],
): Promise<ListingDocument[]> {
  if (!listingIds.length) return [];
  const { rows } = await connection.query(DOCUMENTS, [communityId, listingIds]);
  const synonyms = rows.length ? await readSynonyms(connection, communityId) : [];
  return rows.map((row) => ({
    communityId,
    listingId: row.id,
    memberId: row.member_id,
    kind: row.kind,
    title: row.title,
    description: row.description,
    tags: row.tags,
    categoryIds: row.category_ids,
    categoryNames: row.category_names,
    memberName: row.member_name,
    reputationLevel: row.reputation_level,
    terms: row.terms,
    price: row.price === null ? null : BigInt(row.price),
    priceTo: row.price_to === null ? null : BigInt(row.price_to),
    place:
      row.latitude === null || row.longitude === null ? null : { latitude: row.latitude, longitude: row.longitude },
    remote: row.remote,
    language: row.language,
    publishedAt: row.published_at,
    synonyms,
  }));
}

/** The ids of all published listings of the current community, `size` at a time. */
export async function* publishedListings(
  connection: Connection,
  communityId: string,
  size: number,
): AsyncGenerator<string[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await connection.query(PUBLISHED, [communityId, after, size]);
    if (rows.length) yield rows.map(({ id }) => id);
    if (rows.length < size) return;
    after = rows.at(-1).id;
  }
}

async function readSynonyms(connection: Connection, communityId: string): Promise<string[][]> {
  const { rows } = await connection.query('select terms from synonyms where community_id = $1', [communityId]);
  return rows.map(({ terms }) => terms);
}

const PUBLISHED = `
  select id from listings where community_id = $1 and state = 'PUBLISHED' and id > $2 order by id limit $3`;

// "union" ends the climb also in a tree that was made a ring by mistake.
const DOCUMENTS = `
  with recursive wanted as (
    select * from listings where community_id = $1 and id = any ($2::uuid[]) and state = 'PUBLISHED'
  ), ticked as (
    select w.id as listing_id, w.category_id from wanted w where w.category_id is not null
    union
    select c.listing_id, c.category_id from listing_categories c join wanted w on w.id = c.listing_id where c.community_id = $1
  ), above as (
    select t.listing_id, c.id, c.parent_id, c.name from ticked t join categories c on c.community_id = $1 and c.id = t.category_id
    union
    select a.listing_id, c.id, c.parent_id, c.name from above a join categories c on c.community_id = $1 and c.id = a.parent_id
  ), standing as (
    select listing_id, array_agg(id) as category_ids, array_agg(name) as category_names from above group by listing_id
  )
  select w.id, w.member_id, w.kind, w.title, w.description, w.tags, w.terms, w.price::text, w.price_to::text,
         -- To about a kilometre, as members see each other's places: from exact ones a distance search would tell an address.
         round(w.latitude::numeric, 2)::float8 as latitude, round(w.longitude::numeric, 2)::float8 as longitude, w.remote, w.language, coalesce(w.published_at, w.created_at) as published_at, m.display_name as member_name, coalesce(r.level, 0) as reputation_level,
         coalesce(s.category_ids, '{}') as category_ids, coalesce(s.category_names, '{}') as category_names
  from wanted w
  join members m on m.community_id = $1 and m.id = w.member_id
  left join reputations r on r.community_id = $1 and r.member_id = w.member_id
  left join standing s on s.listing_id = w.id`;
