import { prisma } from '../db.ts';
import { read, type Found } from './fits.ts';

/** Those of the listings that are published, as they are now, with every word by which they are found. */
export async function publishedListings(communityId: string, listingIds: string[]): Promise<Found[]> {
  const rows = await prisma.listing.findMany({
    where: { communityId, id: { in: listingIds }, state: 'PUBLISHED', publishedAt: { not: null } },
    include: { categories: { select: { categoryId: true } }, member: { select: { displayName: true } } },
  });
  if (!rows.length) return [];
  const [reputations, categories, sets] = await Promise.all([
    prisma.reputation.findMany({
      where: { communityId, memberId: { in: rows.map(({ memberId }) => memberId) } },
      select: { memberId: true, level: true },
    }),
    prisma.category.findMany({ where: { communityId }, select: { id: true, parentId: true, name: true } }),
    prisma.synonymSet.findMany({ where: { communityId }, select: { terms: true } }),
  ]);
  const byId = new Map(categories.map((category) => [category.id, category]));
  const levels = new Map(reputations.map(({ memberId, level }) => [memberId, level]));
  const synonyms = sets.map(({ terms }) => terms);
  return rows.map(({ categories: further, member, publishedAt, latitude, longitude, ...row }) => {
    const standing = [...(row.categoryId ? [row.categoryId] : []), ...further.map(({ categoryId }) => categoryId)];
    const categoryIds = new Set<string>();
    for (const start of standing)
      for (let id: string | null | undefined = start; id && !categoryIds.has(id); id = byId.get(id)?.parentId)
        categoryIds.add(id);
    return read({
      communityId,
      listingId: row.id,
      memberId: row.memberId,
      kind: row.kind,
      title: row.title,
      description: row.description,
      tags: row.tags,
      categoryIds: [...categoryIds],
      categoryNames: [...categoryIds].flatMap((id) => byId.get(id)?.name ?? []),
      memberName: member.displayName,
      reputationLevel: levels.get(row.memberId) ?? 0,
      terms: row.terms,
      price: row.price,
      priceTo: row.priceTo,
      place: latitude === null || longitude === null ? null : { latitude, longitude },
      remote: row.remote,
      language: row.language,
      publishedAt: publishedAt!,
      synonyms,
    });
  });
}
