import { type Connection } from '../connection.ts';
import { type ListingDocument } from '../engine.ts';
import { compose, type Composed } from './composed.ts';
import { fromBytes, type Packed, toBytes, unpack } from './int8.ts';

/**
 * Notes in the caller's transaction which texts these listings have now; those without a document have left the directory. Where every
 * listing has a vector already, of an equal text, nothing more is to be done.
 */
export async function noteTexts(
  tx: Connection,
  communityId: string,
  listingIds: readonly string[],
  documents: readonly ListingDocument[],
): Promise<void> {
  if (!listingIds.length) return;
  const version = await nextVersion(tx, communityId);
  const { rows: before } = await tx.query(
    'select distinct text_hash from listing_meanings where community_id = $1 and listing_id = any ($2::uuid[])',
    [communityId, listingIds],
  );
  const published = new Set(documents.map(({ listingId }) => listingId));
  const left = listingIds.filter((id) => !published.has(id));
  if (left.length)
    await tx.query(
      'update listing_meanings set published = false, version = $3 where community_id = $1 and listing_id = any ($2::uuid[]) and published',
      [communityId, left, version],
    );
  if (documents.length)
    await tx.query(
      `insert into listing_meanings as l (community_id, listing_id, member_id, kind, published, text_hash, version)
       select $1, d.listing_id, d.member_id, d.kind, true, d.text_hash, $6
       from unnest($2::uuid[], $3::uuid[], $4::listing_kind[], $5::bytea[]) as d (listing_id, member_id, kind, text_hash)
       on conflict (community_id, listing_id) do update set
         (member_id, kind, published, text_hash, version) = (excluded.member_id, excluded.kind, true, excluded.text_hash, excluded.version)
       where not l.published or l.text_hash <> excluded.text_hash or l.member_id <> excluded.member_id`,
      [
        communityId,
        documents.map(({ listingId }) => listingId),
        documents.map(({ memberId }) => memberId),
        documents.map(({ kind }) => kind),
        documents.map((document) => compose(document).hash),
        version,
      ],
    );
  // A text nobody publishes any more leaves nothing behind; should it come back, it is understood again.
  await tx.query(
    `delete from text_meanings t where t.community_id = $1 and t.text_hash = any ($2::bytea[]) and not exists (
       select from listing_meanings l where l.community_id = $1 and l.published and l.text_hash = t.text_hash)`,
    [communityId, before.map(({ text_hash }) => text_hash)],
  );
}

/** The next number of a community; whoever has it is alone until the end of the transaction. */
async function nextVersion(tx: Connection, communityId: string): Promise<string> {
  const { rows } = await tx.query(
    `insert into meanings as m (community_id, version) values ($1, 1)
     on conflict (community_id) do update set version = m.version + 1 returning version::text`,
    [communityId],
  );
  return rows[0].version;
}

/** A text no vector of this model was made of yet, and the listings that have it. */
export type Missing = Composed & { language: string; listingIds: string[] };

/** The next texts that lack one, of these listings or of any of the community. */
export async function missingTexts(
  connection: Connection,
  communityId: string,
  { model, listingIds, most }: { model: string; listingIds?: readonly string[] | undefined; most: number },
): Promise<Missing[]> {
  const { rows } = await connection.query(MISSING, [communityId, model, listingIds ?? null, most]);
  const texts = new Map<string, Missing>();
  for (const { id, title, description, language, text_hash } of rows) {
    const composed = compose({ title, description });
    // It changed since it was indexed: what it is now is noted with its next indexing.
    if (!composed.hash.equals(text_hash)) continue;
    const key = composed.hash.toString('hex');
    const known = texts.get(key);
    if (known) known.listingIds.push(id);
    else texts.set(key, { ...composed, language, listingIds: [id] });
  }
  return [...texts.values()];
}

const MISSING = `
  select i.id, i.title, i.description, i.language, l.text_hash
  from listing_meanings l join listings i on i.community_id = $1 and i.id = l.listing_id
  where l.community_id = $1 and l.published and ($3::uuid[] is null or l.listing_id = any ($3))
    and not exists (select from text_meanings t where t.community_id = $1 and t.model = $2 and t.text_hash = l.text_hash)
  order by l.listing_id limit $4`;

/** What became of a text; without vectors it was not understood. */
export type Meant = { hash: Buffer; vector?: Packed; sense?: Packed };

/** Keeps vectors, once for each text. */
export async function keepVectors(
  tx: Connection,
  communityId: string,
  { model, meant }: { model: string; meant: readonly Meant[] },
): Promise<void> {
  const version = await nextVersion(tx, communityId);
  const { rows } = await tx.query(
    `insert into text_meanings (community_id, model, text_hash, vector, vector_scale, sense, sense_scale)
     select $1, $2, * from unnest($3::bytea[], $4::bytea[], $5::real[], $6::bytea[], $7::real[])
     on conflict (community_id, model, text_hash) do nothing returning text_hash`,
    [
      communityId,
      model,
      meant.map(({ hash }) => hash),
      meant.map(({ vector }) => (vector ? toBytes(vector.numbers) : null)),
      meant.map(({ vector }) => vector?.scale ?? null),
      meant.map(({ sense }) => (sense ? toBytes(sense.numbers) : null)),
      meant.map(({ sense }) => sense?.scale ?? null),
    ],
  );
  await tx.query(
    'update listing_meanings set version = $3 where community_id = $1 and text_hash = any ($2::bytea[]) and published',
    [communityId, rows.map(({ text_hash }) => text_hash), version],
  );
}

/**
 * Makes a model the one that serves a community, if no published listing lacks its vector, and drops the vectors of others. Answers
 * whether it began to serve by that, as the first or after another.
 */
export async function serve(
  tx: Connection,
  communityId: string,
  model: string,
): Promise<'BEGAN' | 'TOOK_OVER' | undefined> {
  const { rows } = await tx.query('select model from meanings where community_id = $1 for update', [communityId]);
  if (!rows[0] || rows[0].model === model) return undefined;
  const { rows: missing } = await tx.query(MISSING, [communityId, model, null, 1]);
  if (missing.length) return undefined;
  await tx.query('update meanings set model = $2, version = version + 1 where community_id = $1', [communityId, model]);
  await tx.query('delete from text_meanings where community_id = $1 and model <> $2', [communityId, model]);
  return rows[0].model === null ? 'BEGAN' : 'TOOK_OVER';
}

/** How a community stands: whose vectors serve, the number of the last change, and which categories the installation adopted. */
export async function standing(
  connection: Connection,
  communityId: string,
  embedder: string,
): Promise<{ version: bigint; model: string | null; adopted: string | null }> {
  const { rows } = await connection.query(
    `select m.version::text, m.model, (select c.id from category_models c where c.embedder = $2 and c.state = 'ADOPTED') as adopted
     from (select 1) one left join meanings m on m.community_id = $1`,
    [communityId, embedder],
  );
  const { version, model, adopted } = rows[0];
  return { version: BigInt(version ?? 0), model, adopted };
}

export type MeaningRow = {
  listingId: string;
  memberId: string;
  kind: 'OFFER' | 'WANT';
  /** Left the directory, or has no vector: it is to be forgotten. */
  isGone: boolean;
  vector: Packed | undefined;
  sense: Packed | undefined;
};

/** The next rows that changed after a number, in the order of listings. */
export async function changedRows(
  connection: Connection,
  communityId: string,
  { model, since, after, most }: { model: string; since: bigint; after: string; most: number },
): Promise<MeaningRow[]> {
  const { rows } = await connection.query(CHANGED, [communityId, model, String(since), after, most]);
  return rows.map((row) => ({
    listingId: row.listing_id,
    memberId: row.member_id,
    kind: row.kind,
    isGone: !row.published || !row.sense,
    vector: row.vector && { numbers: fromBytes(row.vector), scale: row.vector_scale },
    sense: row.sense && { numbers: fromBytes(row.sense), scale: row.sense_scale },
  }));
}

const CHANGED = `
  select l.listing_id, l.member_id, l.kind, l.published, t.vector, t.vector_scale, t.sense, t.sense_scale
  from listing_meanings l
  left join text_meanings t on t.community_id = $1 and t.model = $2 and t.text_hash = l.text_hash and l.published
  where l.community_id = $1 and l.version > $3 and l.listing_id > $4 order by l.listing_id limit $5`;

/** Published listings of a community whose text is understood, is not (a language the model was not taught, no words), or waits. */
export async function countMeanings(
  connection: Connection,
  communityId: string,
): Promise<{ understood: number; notUnderstood: number; waiting: number }> {
  const { rows } = await connection.query(
    `select count(*) filter (where t.sense is not null)::integer as understood,
            count(*) filter (where t.text_hash is not null and t.sense is null)::integer as "notUnderstood",
            count(*) filter (where t.text_hash is null)::integer as waiting
     from listing_meanings l
     left join meanings m on m.community_id = $1
     left join text_meanings t on t.community_id = $1 and t.model = m.model and t.text_hash = l.text_hash
     where l.community_id = $1 and l.published`,
    [communityId],
  );
  return rows[0];
}

/** The vectors of these listings by a model, of those that have one. */
export async function vectorsOf(
  connection: Connection,
  communityId: string,
  { model, listingIds }: { model: string; listingIds: readonly string[] },
): Promise<Map<string, Float32Array>> {
  const { rows } = await connection.query(
    `select l.listing_id, t.vector, t.vector_scale from listing_meanings l
     join text_meanings t on t.community_id = $1 and t.model = $2 and t.text_hash = l.text_hash and t.vector is not null
     where l.community_id = $1 and l.listing_id = any ($3::uuid[])`,
    [communityId, model, listingIds],
  );
  return new Map(
    rows.map((row) => [row.listing_id, unpack({ numbers: fromBytes(row.vector), scale: row.vector_scale })]),
  );
}
