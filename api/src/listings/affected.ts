import { createHash } from 'node:crypto';
import { prisma } from '../db.ts';

/** Which published listings something concerns: those of a member, those in categories, or, with neither, all of the community. */
export type Affected = {
  communityId: string;
  memberId?: string;
  categoryIds?: string[];
};

/** The next of them after an id, in the order of ids. */
export async function affectedListings(
  { communityId, memberId, categoryIds }: Affected,
  { after, take }: { after?: string | undefined; take: number },
): Promise<string[]> {
  const rows = await prisma.listing.findMany({
    where: {
      communityId,
      state: 'PUBLISHED',
      ...(after && { id: { gt: after } }),
      ...(memberId && { memberId }),
      ...(categoryIds && {
        OR: [{ categoryId: { in: categoryIds } }, { categories: { some: { categoryId: { in: categoryIds } } } }],
      }),
    },
    select: { id: true },
    orderBy: { id: 'asc' },
    take,
  });
  return rows.map(({ id }) => id);
}

/** One text for one set of listings: the key of what is done about them, so that many changes are one run. */
export const affectedKey = ({ communityId, memberId, categoryIds }: Affected): string =>
  [
    communityId,
    memberId ??
      (categoryIds &&
        createHash('sha256')
          .update([...categoryIds].sort().join())
          .digest('base64url')) ??
      'all',
  ].join(':');
