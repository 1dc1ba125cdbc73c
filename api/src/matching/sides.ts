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

/** The listing and its possible counterparts: those named, those in its categories, and those it was paired with before. Only published ones of active members. */
export async function candidateSides(
  communityId: string,
  listingId: string,
  namedIds: string[],
  { parents }: Tree,
): Promise<{ own: CandidateSide | undefined; others: CandidateSide[]; isPaired: boolean }> {
  const [own] = await load(communityId, parents, { id: listingId });
  if (!own) return { own: undefined, others: [], isPaired: false };
  const paired = await prisma.suggestion.findMany({
    where: { communityId, OR: [{ wantId: listingId }, { offerId: listingId }] },
    select: { wantId: true, offerId: true },
    take: 1000,
  });
  const ids = new Set([...namedIds, ...paired.map(({ wantId, offerId }) => (wantId === listingId ? offerId : wantId))]);
  const counterpart = { memberId: { not: own.memberId }, kind: own.kind === 'WANT' ? 'OFFER' : 'WANT' } as const;
  const others = ids.size ? await load(communityId, parents, { id: { in: [...ids] }, ...counterpart }) : [];
  if (own.categoryIds.length) {
    const alike = await load(
      communityId,
      parents,
      {
        id: { notIn: [listingId, ...ids] },
        ...counterpart,
        OR: [
          { categoryId: { in: own.categoryIds } },
          { categories: { some: { categoryId: { in: own.categoryIds } } } },
        ],
      },
      SAME_CATEGORY_MOST,
    );
    others.push(...alike);
  }
  return { own, others, isPaired: paired.length > 0 };
}

export interface Tree {
  /** The parent of each category. */
  parents: ReadonlyMap<string, string | null>;
  /** The category of each key: categories are learned by their keys, which communities share. */
  ids: ReadonlyMap<string, string>;
}
type Where = NonNullable<NonNullable<Parameters<typeof prisma.listing.findMany>[0]>['where']>;

async function load(
  communityId: string,
  parents: Tree['parents'],
  where: Where,
  take = 2000,
): Promise<(CandidateSide & { kind: 'OFFER' | 'WANT' })[]> {
  const rows = await prisma.listing.findMany({
    where: { communityId, state: 'PUBLISHED', member: { state: 'ACTIVE' }, ...where },
    include: {
      categories: { select: { categoryId: true } },
      member: { select: { userId: true, latitude: true, longitude: true } },
    },
    orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
    take,
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
