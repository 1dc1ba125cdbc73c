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
  locale: string;
}

/** How many are looked at because they stand in the same category, though they share no word. */
const SAME_CATEGORY_MOST = 100;

/** The listing and its possible counterparts: those named, those in its categories, and those it was paired with before. Only published ones of active members. */
export async function candidateSides(
  communityId: string,
  listingId: string,
  namedIds: string[],
): Promise<{ own: CandidateSide | undefined; others: CandidateSide[] }> {
  const parents = await parentsOf(communityId);
  const [own] = await load(communityId, parents, { id: listingId });
  if (!own) return { own: undefined, others: [] };
  const paired = await prisma.suggestion.findMany({
    where: { communityId, OR: [{ wantId: listingId }, { offerId: listingId }] },
    select: { wantId: true, offerId: true },
    take: 1000,
  });
  const ids = new Set([...namedIds, ...paired.map(({ wantId, offerId }) => (wantId === listingId ? offerId : wantId))]);
  const others = await load(communityId, parents, {
    id: { in: [...ids] },
    memberId: { not: own.memberId },
    kind: own.kind === 'WANT' ? 'OFFER' : 'WANT',
  });
  if (own.categoryIds.length) {
    const alike = await load(
      communityId,
      parents,
      {
        id: { notIn: [listingId, ...ids] },
        memberId: { not: own.memberId },
        kind: own.kind === 'WANT' ? 'OFFER' : 'WANT',
        OR: [
          { categoryId: { in: own.categoryIds } },
          { categories: { some: { categoryId: { in: own.categoryIds } } } },
        ],
      },
      SAME_CATEGORY_MOST,
    );
    others.push(...alike);
  }
  return { own, others };
}

type Where = NonNullable<NonNullable<Parameters<typeof prisma.listing.findMany>[0]>['where']>;

async function load(
  communityId: string,
  parents: Map<string, string | null>,
  where: Where,
  take = 2000,
): Promise<(CandidateSide & { kind: 'OFFER' | 'WANT' })[]> {
  const rows = await prisma.listing.findMany({
    where: { communityId, state: 'PUBLISHED', member: { state: 'ACTIVE' }, ...where },
    include: {
      categories: { select: { categoryId: true } },
      member: { select: { userId: true, locale: true, latitude: true, longitude: true } },
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
      locale: row.member.locale,
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

async function parentsOf(communityId: string): Promise<Map<string, string | null>> {
  const rows = await prisma.category.findMany({ where: { communityId }, select: { id: true, parentId: true } });
  return new Map(rows.map(({ id, parentId }) => [id, parentId]));
}

function pathsOf(ids: string[], parents: Map<string, string | null>): string[] {
  const path = new Set<string>();
  for (const start of ids)
    for (let id: string | null | undefined = start; id && !path.has(id); id = parents.get(id)) path.add(id);
  return [...path];
}
