import { type Connection } from '../connection.ts';
import { dotAt, type Packed, pack } from './int8.ts';
import { affinitiesWith, type Kind, type Services } from './services/index.ts';
import { changedRows, type MeaningRow } from './store.ts';

/** What a listing means: its sense, and what it is about. */
export interface Meaning {
  sense: Packed;
  traits: Packed;
  services: Services | null;
}
/** What of a meaning is read out of a vector each time, rather than stored. */
export interface Reading {
  traits: Float32Array;
  services: Services | null;
}
type Row = { listingId: string; memberId: string; kind: Kind } & Pick<Meaning, 'traits' | 'services'>;

/** A likeness is the cosine of two senses and, where services are asked for, twice their affinity on top. */
export type Near = { listingId: string; likeness: number };

export interface NearQuery {
  sense: Packed;
  /** Whoever is about the same services is nearer. */
  services?: Services | null;
  kind?: Kind | undefined;
  exceptMemberId?: string | undefined;
  /** Likenesses from here on. */
  least: number;
  most: number;
}

/** What whole affinity adds to a cosine; matching's own score weighs them much alike. */
const AFFINITY_WORTH = 2;

const PAGE = 2_000;
/** Of ids, places and services, beside the numbers. */
const ROW_OVERHEAD = 450;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * The meanings of a community's published listings in memory, all looked at for every question: eight bits a number, 5 MB and a few
 * milliseconds for 10,000 listings.
 */
export class CommunityMeanings {
  readonly model: string;
  version = 0n;
  #senses = new Int8Array(0);
  #scales: number[] = [];
  #rows: Row[] = [];
  readonly #places = new Map<string, number>();
  #dimensions = 0;

  constructor(model: string) {
    this.model = model;
  }

  get bytes(): number {
    return this.#senses.length + this.#rows.length * (ROW_OVERHEAD + (this.#rows[0]?.traits.numbers.length ?? 0));
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Takes in what changed up to a number that was read before. */
  async refresh(
    connection: Connection,
    communityId: string,
    { version, read }: { version: bigint; read(vectors: Float32Array[], kinds: Kind[]): Promise<Reading[]> },
  ): Promise<void> {
    const since = this.version;
    for (let after = FIRST; ;) {
      const rows = await changedRows(connection, communityId, { model: this.model, since, after, most: PAGE });
      const kept = rows.filter((row) => !row.isGone);
      const readings = await read(
        kept.map(({ vector }) => Float32Array.from(vector!.numbers, (value) => value * vector!.scale)),
        kept.map(({ kind }) => kind),
      );
      for (const row of rows) if (row.isGone) this.#forget(row.listingId);
      kept.forEach((row, index) => this.#put(row, readings[index]!));
      if (rows.length < PAGE) break;
      after = rows.at(-1)!.listingId;
    }
    this.version = version;
  }

  of(listingId: string): Meaning | undefined {
    const place = this.#places.get(listingId);
    if (place === undefined) return undefined;
    const start = place * this.#dimensions;
    const numbers = this.#senses.subarray(start, start + this.#dimensions);
    const { traits, services } = this.#rows[place]!;
    return { sense: { numbers, scale: this.#scales[place]! }, traits, services };
  }

  /** The nearest, likeliest first; equals by id, so that pages fit together. */
  nearest({ sense, services, kind, exceptMemberId, least, most }: NearQuery): Near[] {
    const shared = services ? affinitiesWith(services) : undefined;
    if (sense.numbers.length !== this.#dimensions) return [];
    const found: Near[] = [];
    for (let place = 0; place < this.#rows.length; place++) {
      const row = this.#rows[place]!;
      if ((kind && row.kind !== kind) || row.memberId === exceptMemberId) continue;
      let likeness = dotAt(sense.numbers, this.#senses, place * this.#dimensions) * sense.scale * this.#scales[place]!;
      if (shared && row.services) likeness += AFFINITY_WORTH * shared(row.services);
      if (likeness >= least) found.push({ listingId: row.listingId, likeness });
    }
    found.sort((a, b) => b.likeness - a.likeness || (a.listingId < b.listingId ? -1 : 1));
    return found.slice(0, most);
  }

  #put({ listingId, memberId, kind, sense }: MeaningRow, { traits, services }: Reading) {
    const { numbers, scale } = sense!;
    this.#dimensions ||= numbers.length;
    if (numbers.length !== this.#dimensions) return this.#forget(listingId);
    const place = this.#places.get(listingId) ?? this.#rows.length;
    const start = place * this.#dimensions;
    if (start + this.#dimensions > this.#senses.length) {
      const larger = new Int8Array(Math.max(64, Math.ceil((place + 1) * 1.25)) * this.#dimensions);
      larger.set(this.#senses);
      this.#senses = larger;
    }
    this.#senses.set(numbers, start);
    this.#scales[place] = scale;
    this.#rows[place] = { listingId, memberId, kind, traits: pack(traits), services };
    this.#places.set(listingId, place);
  }

  /** The last takes the place of the one that goes. */
  #forget(listingId: string) {
    const place = this.#places.get(listingId);
    if (place === undefined) return;
    this.#places.delete(listingId);
    const last = this.#rows.pop()!;
    const scale = this.#scales.pop()!;
    if (last.listingId === listingId) return;
    const from = this.#rows.length * this.#dimensions;
    this.#senses.copyWithin(place * this.#dimensions, from, from + this.#dimensions);
    this.#rows[place] = last;
    this.#scales[place] = scale;
    this.#places.set(last.listingId, place);
  }
}
