import { createHash } from 'node:crypto';
import { NO_COMMUNITY, type TenantPool } from '@kith/db';
import { type Connection, connectionOf } from '../connection.ts';
import { inTransaction } from '../transaction.ts';
import { type AskedMeaning, AskedMeanings } from './askedMeanings.ts';
import * as categories from './categories/index.ts';
import { joined } from './composed.ts';
import { type Embedder, type EmbedderState } from './embedder.ts';
import { pack, unpack } from './int8.ts';
import { Knowledge } from './knowledge.ts';
import { CommunityMeanings, type Meaning, type Near, type Reading } from './memory.ts';
import type { Kind, Services } from './services/index.ts';
import {
  countMeanings,
  keepVectors,
  type Meant,
  type Missing,
  missingTexts,
  serve,
  standing,
  vectorsOf,
} from './store.ts';
import { adopt, type Adoption, adoptions, type AdoptionState, takeBack } from './adopted.ts';
import type { RefineOptions } from './refinement.ts';
import type { Space } from '../meilisearchSettings.ts';

/** What of a listing's text is understood. */
export type ListingMeaning = {
  /** Its vector without its wording, of unit length. */
  sense: Float32Array;
  /** What it is about, of unit length; empty where no categories were learned for this embedder. */
  traits: Float32Array;
  /** Which services it is likely about; null where none are known for this embedder. */
  services: Services | null;
  /** For the keys of categories, how likely its author would tick them. */
  probabilities: ReadonlyMap<string, number>;
};

/** A listing and the keys of the categories its author ticked. */
export type Ticked = { communityId: string; listingId: string; keys: string[] };

export type LikelyCategory = { key: string; probability: number };

/** A community in which another model serves than the one that is configured, or none yet. */
export type Behind = { communityId: string; listings: number; done: number; serving: string | null };

export interface Understanding {
  /** The embedder and how meaning is taken of its vectors: vectors of another cannot be compared. Throws EmbedderUnavailable. */
  model(): Promise<string>;
  readonly embedder: string;
  state(): EmbedderState;
  /** Makes what is missing ready for use, so that nobody waits for it at the first text. */
  warm(): Promise<void>;
  /**
   * Makes the vectors that listings lack, of these or of all of a community, `most` at a time; equal texts once. Answers the listings
   * that are understood since, and whether the configured model took over from another. Throws EmbedderUnavailable, EmbedderRefused.
   */
  understand(
    communityId: string,
    options?: { listingIds?: readonly string[]; most?: number },
  ): Promise<{ listingIds: string[]; tookOver: boolean }>;
  /** Every published listing that is like one, nearest first; none while the listing is not understood. */
  nearest(
    communityId: string,
    listingId: string,
    options: { kind: 'OFFER' | 'WANT'; exceptMemberId?: string | undefined; most: number },
  ): Promise<Near[]>;
  /** The vectors another engine is to hold; undefined where there are none, or none can be made now. */
  space(): Promise<Space | undefined>;
  /** What is like a text that is asked, where the community's vectors are of the configured model. */
  nearText(communityId: string, asked: NonNullable<AskedMeaning>): Promise<Near[]>;
  /** The meaning of a text that is asked, soon or not at all: throws EmbedderUnavailable. */
  asked(text: string): Promise<AskedMeaning>;
  /** What is understood of these listings. */
  meanings(communityId: string, listingIds: readonly string[]): Promise<Map<string, ListingMeaning>>;
  /** The senses of these listings for another engine, under the model that serves. */
  senses(communityId: string, listingIds: readonly string[]): Promise<Map<string, Float32Array>>;
  /** The likeliest categories of each text; none of a text that is not understood. `soon`: somebody is typing. */
  categoriesOf(texts: readonly string[], options?: { soon?: boolean }): Promise<LikelyCategory[][]>;
  /** The language of each text (primary tag of BCP 47); undefined where it cannot be told. Of languages alike the first of `likely`. */
  languagesOf(texts: readonly string[], likely: readonly string[]): Promise<(string | undefined)[]>;
  /** Communities in which the configured model does not serve yet. Throws EmbedderUnavailable. */
  behind(): Promise<Behind[]>;
  /** Of a community's published listings. */
  counts(communityId: string): Promise<{ understood: number; notUnderstood: number; waiting: number }>;
  /**
   * Learns categories from what the authors of these listings ticked, and takes that into use if it is better than what ships, in
   * communities left out of the learning. Undefined where there is too little to judge by.
   */
  learn(listings: readonly Ticked[]): Promise<AdoptionState | undefined>;
  /** What was learned, newest first. */
  adoptions(): Promise<Adoption[]>;
  /** Goes back to the categories that ship. */
  takeBack(): Promise<boolean>;
  close(): Promise<void>;
}

/** Alike enough to be looked at in matching, by sense and services. */
const CANDIDATE_LEAST = 0.2;
/** Alike enough to be found by a search: as likely as not of one thing. */
export const FOUND_LEAST = 0.3;
const FOUND_MOST = 200;
const BATCH = 256;
/** What is kept in memory of all communities together. */
const BYTES_MOST = 256_000_000;

const unread = async (vectors: Float32Array[]): Promise<Reading[]> =>
  vectors.map(() => ({ traits: new Float32Array(0), services: null }));

/** Opens understanding over a database and an embedder. Nothing is loaded before the first text. */
export function openUnderstanding(
  pool: TenantPool,
  embedder: Embedder,
  {
    changed = async () => {},
    bytesMost = BYTES_MOST,
  }: {
    /** Runs in the transaction in which listings, or all of a community, came to have other vectors. */
    changed?: (tx: Connection, communityId: string, listingIds: readonly string[] | 'ALL') => Promise<void>;
    bytesMost?: number;
  } = {},
): Understanding {
  const isOff = () => embedder.state().state === 'OFF';
  const everywhere = connectionOf(pool, NO_COMMUNITY);
  const knowledge = new Knowledge(embedder, async () => {
    const { rows } = await everywhere.query(
      "select learned from category_models where embedder = $1 and state = 'ADOPTED'",
      [embedder.model],
    );
    return rows[0]?.learned;
  });
  const askedMeanings = new AskedMeanings(embedder, knowledge);
  const known = new Map<string, CommunityMeanings>();
  const refreshing = new Map<string, Promise<CommunityMeanings | undefined>>();
  const following = new Map<string, Promise<CommunityMeanings | undefined>>();
  let adoptedHere: string | null | undefined;

  const model = async () => `${embedder.model}/${(await knowledge.knowing()).sense}`;

  /** What a community's listings mean, as the database has it now. All who ask while it is being looked up share the look that follows. */
  const current = (communityId: string): Promise<CommunityMeanings | undefined> => {
    const running = refreshing.get(communityId);
    const look = () => {
      following.delete(communityId);
      const began = load(communityId).finally(() => {
        if (refreshing.get(communityId) === began) refreshing.delete(communityId);
      });
      refreshing.set(communityId, began);
      return began;
    };
    if (!running) return look();
    // The one that runs may have read the database before what the caller has changed since.
    const next = following.get(communityId) ?? running.catch(() => {}).then(look);
    following.set(communityId, next);
    return next;
  };

  const load = async (communityId: string): Promise<CommunityMeanings | undefined> => {
    const connection = connectionOf(pool, communityId);
    const stand = await standing(connection, communityId, embedder.model);
    if (!stand.model || isOff()) return undefined;
    if (stand.adopted !== adoptedHere) {
      // Other categories were adopted: what every text is about is reckoned anew.
      if (adoptedHere !== undefined) knowledge.forget();
      adoptedHere = stand.adopted;
      known.clear();
    }
    let community = known.get(communityId);
    if (community?.model !== stand.model) community = new CommunityMeanings(stand.model);
    if (community.version !== stand.version) {
      // Categories are learned of one embedder's vectors: those of an earlier one only compare with each other.
      const wanted = await model().catch(() => undefined);
      const read = stand.model === wanted ? readingsOf : unread;
      await community.refresh(connection, communityId, { version: stand.version, read });
    }
    // What was used last goes last.
    known.delete(communityId);
    known.set(communityId, community);
    let bytes = [...known.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [id, one] of known) {
      if (bytes <= bytesMost || id === communityId) break;
      known.delete(id);
      bytes -= one.bytes;
    }
    return community;
  };

  const readingsOf = async (vectors: Float32Array[], kinds: Kind[]): Promise<Reading[]> => {
    const [traits, services] = [await knowledge.traits(vectors), await knowledge.services(vectors, kinds)];
    return vectors.map((_, index) => ({ traits: traits[index]!, services: services[index]! }));
  };

  const embed = async (missing: readonly Missing[]): Promise<Meant[]> => {
    const taught = embedder.languages?.map((language) => language.split('-')[0]);
    const asked = missing.filter(({ language }) => !taught || taught.includes(language));
    const texts = asked.flatMap(({ title, description }) => [title, description]);
    // Who publishes one waits for its counterpart; an import does not.
    const vectors = await embedder.embed(texts, { urgent: texts.length <= 4 });
    const whole = new Map(
      asked.map(({ hash }, index) => [hash, joined(vectors[2 * index]!, vectors[2 * index + 1]!)] as const),
    );
    const understood = missing.flatMap(({ hash }) => whole.get(hash) ?? []);
    const senses = (await knowledge.senses(understood)).values();
    return missing.map(({ hash }) => {
      const vector = whole.get(hash);
      return vector ? { hash, vector: pack(vector), sense: pack(senses.next().value!) } : { hash };
    });
  };

  const probabilitiesOf = async (traits: Float32Array): Promise<Map<string, number>> => {
    const { categories: learned } = await knowledge.knowing();
    if (!learned || !traits.length) return new Map();
    const probabilities = categories.probabilitiesOf(learned as categories.Model, traits);
    return new Map(learned.keys.map((key, index) => [key, probabilities[index]!]));
  };

  return {
    model,
    embedder: embedder.model,
    state: () => embedder.state(),
    async warm() {
      await Promise.all([
        knowledge.languages(['bicycle'], []),
        ...(isOff() ? [] : [embedder.embed(['bicycle']), knowledge.knowing()]),
      ]);
    },
    async understand(communityId, { listingIds, most = BATCH } = {}) {
      if (isOff()) return { listingIds: [], tookOver: false };
      const connection = connectionOf(pool, communityId);
      const wanted = await model();
      const missing = await missingTexts(connection, communityId, { model: wanted, listingIds, most });
      const meant = await embed(missing);
      const stand = await standing(connection, communityId, embedder.model);
      if (!missing.length && stand.model === wanted) return { listingIds: [], tookOver: false };
      return inTransaction(pool, communityId, async (tx) => {
        if (meant.length) await keepVectors(tx, communityId, { model: wanted, meant });
        const served = stand.model === wanted ? undefined : await serve(tx, communityId, wanted);
        const ids = missing.flatMap((text) => text.listingIds);
        await changed(tx, communityId, served ? 'ALL' : ids);
        return { listingIds: ids, tookOver: served === 'TOOK_OVER' };
      });
    },
    async nearest(communityId, listingId, options) {
      const community = await current(communityId);
      const own = community?.of(listingId);
      return own ? community!.nearest({ ...own, least: CANDIDATE_LEAST, ...options }) : [];
    },
    async nearText(communityId, { sense }) {
      const community = await current(communityId);
      if (community?.model !== (await model())) return [];
      return community.nearest({ sense, least: FOUND_LEAST, most: FOUND_MOST });
    },
    async space() {
      if (isOff()) return undefined;
      try {
        const hash = createHash('sha256').update(await model());
        // A server tells how many numbers its vectors have with the first of them.
        const { dimensions } = embedder;
        return dimensions === undefined ? undefined : { name: `kith_${hash.digest('hex').slice(0, 12)}`, dimensions };
      } catch {
        return undefined;
      }
    },
    asked: async (text) => (isOff() ? null : askedMeanings.of(text)),
    async meanings(communityId, listingIds) {
      const community = await current(communityId);
      const found = new Map<string, ListingMeaning>();
      for (const id of listingIds) {
        const meaning: Meaning | undefined = community?.of(id);
        if (!meaning) continue;
        const [sense, traits] = [unpack(meaning.sense), unpack(meaning.traits)];
        const { services } = meaning;
        found.set(id, { sense, traits, services, probabilities: await probabilitiesOf(traits) });
      }
      return found;
    },
    async senses(communityId, listingIds) {
      const community = await current(communityId);
      if (!community || community.model !== (await model())) return new Map();
      return new Map(
        listingIds.flatMap((id) => {
          const meaning = community.of(id);
          return meaning ? [[id, unpack(meaning.sense)] as const] : [];
        }),
      );
    },
    async categoriesOf(texts, { soon = false } = {}) {
      if (isOff()) return texts.map(() => []);
      const vectors = soon
        ? await Promise.all(texts.map(async (text) => (await askedMeanings.of(text))?.vector ?? null))
        : await embedder.embed(texts);
      const traits = (await knowledge.traits(vectors.filter((vector) => vector !== null))).values();
      return Promise.all(
        vectors.map(async (vector) => {
          if (!vector) return [];
          const probabilities = [...(await probabilitiesOf(traits.next().value!))];
          return probabilities
            .map(([key, probability]) => ({ key, probability }))
            .sort((a, b) => b.probability - a.probability);
        }),
      );
    },
    languagesOf: (texts, likely) => knowledge.languages(texts, likely),
    async behind() {
      if (isOff()) return [];
      const { rows } = await everywhere.query('select * from kith.meanings_behind($1)', [await model()]);
      return rows.map(({ community_id: communityId, listings, done, serving }) => ({
        ...{ communityId, listings: Number(listings), done: Number(done), serving },
      }));
    },
    counts: (communityId) => countMeanings(connectionOf(pool, communityId), communityId),
    async learn(ticked) {
      if (isOff()) return undefined;
      const wanted = await model();
      const vectors: Float32Array[] = [];
      const listings: RefineOptions['listings'] = [];
      for (const communityId of new Set(ticked.map((one) => one.communityId))) {
        const own = new Map(ticked.flatMap((one) => (one.communityId === communityId ? [[one.listingId, one]] : [])));
        const found = await vectorsOf(connectionOf(pool, communityId), communityId, {
          model: wanted,
          listingIds: [...own.keys()],
        });
        for (const [listingId, vector] of found) {
          vectors.push(vector);
          listings.push({ keys: own.get(listingId)!.keys, group: communityId });
        }
      }
      const dimensions = vectors[0]?.length ?? 0;
      const all = new Float32Array(vectors.length * dimensions);
      vectors.forEach((vector, index) => all.set(vector, index * dimensions));
      const refined = await knowledge.refine({ embedder: embedder.model, dimensions, vectors: all, listings });
      return refined && adopt(pool, embedder.model, refined);
    },
    adoptions: () => adoptions(pool, embedder.model),
    takeBack: () => takeBack(pool, embedder.model),
    async close() {
      await knowledge.close();
      await embedder.close();
    },
  };
}
