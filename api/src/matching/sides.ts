import { prisma } from '../db.ts';
import { roundedDegrees } from '../listings/visibility.ts';
import type { Side } from './score.ts';

/** A listing as matching weighs it, with its author. */
export interface CandidateSide extends Side {
  listingId: string;
  title: string;
  memberId: string;
  /** Null: a placeholder nobody has claimed yet. */
  userId: string | null;
}

/** How many are looked at because they stand in the same category, though they share no word. */
const SAME_CATEGORY_MOST = 100;

type Loaded = CandidateSide & { kind: 'OFFER' | 'WANT' };

/**
 * The published listings of active members of a community, each read once for all the pairs of one job: listings that are compared
 * together have most of their counterparts in common.
 */
export class Sides {
  readonly #communityId: string;
  readonly #tree: Tree;
  /** Undefined: looked for, and not published. */
  readonly #known = new Map<string, Loaded | undefined>();

  constructor(communityId: string, tree: Tree) {
    this.#communityId = communityId;
    this.#tree = tree;
  }

  /** Those of these that are published. */
  async of(ids: readonly string[]): Promise<Loaded[]> {
    const missing = ids.filter((id) => !this.#known.has(id));
    for (const id of missing) this.#known.set(id, undefined);
    if (missing.length)
      for (const side of await load(this.#communityId, this.#tree.parents, missing))
        this.#known.set(side.listingId, side);
    return [...new Set(ids)].flatMap((id) => this.#known.get(id) ?? []);
  }

  /** The listing and its possible counterparts: those named, those in its categories, and those it was paired with before. */
  async around(
    listingId: string,
    namedIds: readonly string[],
  ): Promise<{ own: CandidateSide | undefined; others: CandidateSide[]; isPaired: boolean }> {
    const [own] = await this.of([listingId]);
    if (!own) return { own: undefined, others: [], isPaired: false };
    const [paired, alike] = await Promise.all([this.#pairedWith(listingId), this.#inCategoriesOf(own)]);
    const others = (await this.of([...namedIds, ...paired, ...alike])).filter(
      ({ memberId, kind }) => memberId !== own.memberId && kind !== own.kind,
    );
    return { own, others, isPaired: paired.length > 0 };
  }

  async #pairedWith(listingId: string): Promise<string[]> {
    const communityId = this.#communityId;
    const rows = await prisma.suggestion.findMany({
      where: { communityId, OR: [{ wantId: listingId }, { offerId: listingId }] },
      select: { wantId: true, offerId: true },
      take: 1000,
    });
    return rows.map(({ wantId, offerId }) => (wantId === listingId ? offerId : wantId));
  }

  async #inCategoriesOf({ categoryIds, kind, memberId }: Loaded): Promise<string[]> {
    if (!categoryIds.length) return [];
    const rows = await prisma.listing.findMany({
      where: {
        communityId: this.#communityId,
        state: 'PUBLISHED',
        kind: kind === 'WANT' ? 'OFFER' : 'WANT',
        memberId: { not: memberId },
        OR: [{ categoryId: { in: categoryIds } }, { categories: { some: { categoryId: { in: categoryIds } } } }],
      },
      select: { id: true },
      orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
      take: SAME_CATEGORY_MOST,
    });
    return rows.map(({ id }) => id);
  }
}

export interface Tree {
  /** The parent of each category. */
  parents: ReadonlyMap<string, string | null>;
  /** The category of each key: categories are learned by their keys, which communities share. */
  ids: ReadonlyMap<string, string>;
}
async function load(communityId: string, parents: Tree['parents'], ids: string[]): Promise<Loaded[]> {
  const rows = await prisma.listing.findMany({
    where: { communityId, id: { in: ids }, state: 'PUBLISHED', member: { state: 'ACTIVE' } },
    include: {
      categories: { select: { categoryId: true } },
      member: { select: { userId: true, latitude: true, longitude: true } },
    },
  });
  return rows.map((row) => {
    const categoryIds = [
      ...new Set([...(row.categoryId ? [row.categoryId] : []), ...row.categories.map(({ categoryId }) => categoryId)]),
    ];
    return {
      listingId: row.id,
      kind: row.kind,
      title: row.title,
      memberId: row.memberId,
      userId: row.member.userId,
      categoryIds,
      categoryPath: pathsOf(categoryIds, parents),
      tags: row.tags,
      price: row.price,
      priceTo: row.priceTo,
      place: placeOf(row) ?? placeOf(row.member),
      radiusKm: row.radiusKm,
      remote: row.remote,
      availability: row.availability,
      language: row.language,
    };
  });
}

/** To about a kilometre, as members see each other's places: exact ones would let a suggestion's distance tell an address. */
const placeOf = ({ latitude, longitude }: { latitude: number | null; longitude: number | null }) =>
  latitude === null || longitude === null
    ? null
    : { latitude: roundedDegrees(latitude), longitude: roundedDegrees(longitude) };

/** The category tree of a community. */
export async function treeOf(communityId: string): Promise<Tree> {
  const rows = await prisma.category.findMany({
    where: { communityId },
    select: { id: true, parentId: true, key: true },
  });
  return {
    parents: new Map(rows.map(({ id, parentId }) => [id, parentId])),
    ids: new Map(rows.map(({ id, key }) => [key, id])),
  };
}

function pathsOf(ids: string[], parents: Tree['parents']): string[] {
  const path = new Set<string>();
  for (const start of ids)
    for (let id: string | null | undefined = start; id && !path.has(id); id = parents.get(id)) path.add(id);
  return [...path];
}
