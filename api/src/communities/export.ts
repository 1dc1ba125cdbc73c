import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { prisma } from '../db.ts';
import { fromMinor } from '../money.ts';

const ROWS_MOST = 10_000;

type Exported = (member: Member, money: (minor: bigint | null) => string | null) => Promise<Record<string, unknown>>;
const parts: Exported[] = [];
/** Whoever keeps something of a member elsewhere adds it here, by its names. */
export const defineExported = (part: Exported) => void parts.push(part);

/** Everything in the community that is the member's, as plain data: amounts as decimal texts, times as ISO 8601. */
export async function exportMyData(member: Member): Promise<unknown> {
  const { communityId, memberId, userId } = member;
  const own = { where: { communityId, memberId }, take: ROWS_MOST };
  const community = await prisma.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { slug: true, name: true, currencyCode: true, currencyScale: true },
  });
  const [user, profile, listings, savedSearches, notifications, suggestions, invitations, auditLog] = await Promise.all(
    [
      prisma.user.findUniqueOrThrow({
        where: { id: userId },
        select: { email: true, name: true, locale: true, createdAt: true },
      }),
      prisma.member.findUniqueOrThrow({ where: { communityId_id: { communityId, id: memberId } } }),
      prisma.listing.findMany({ ...own, include: { categories: { select: { category: { select: { key: true } } } } } }),
      prisma.savedSearch.findMany(own),
      prisma.notification.findMany({ ...own, orderBy: { createdAt: 'desc' } }),
      prisma.suggestion.findMany({
        where: { communityId, OR: [{ wanterId: memberId }, { providerId: memberId }] },
        take: ROWS_MOST,
      }),
      prisma.invitation.findMany({
        where: { communityId, inviterId: memberId },
        omit: { tokenHash: true },
        take: ROWS_MOST,
      }),
      prisma.auditEntry.findMany({
        where: { communityId, subjectType: 'Member', subjectId: memberId },
        // Who acted is another member's data.
        omit: { actorUserId: true, actorMemberId: true },
        take: ROWS_MOST,
      }),
    ],
  );
  const money = (minor: bigint | null) => (minor === null ? null : fromMinor(minor, community.currencyScale));
  return plain({
    exportedAt: clock.now(),
    community,
    user,
    profile,
    listings: listings.map(({ price, priceTo, globalPrice, categories, ...listing }) => ({
      ...listing,
      price: money(price),
      priceTo: money(priceTo),
      // In minor units of its own currency: how many decimals that has is not stored here.
      globalPriceMinor: globalPrice === null ? null : String(globalPrice),
      categories: categories.map(({ category }) => category.key),
    })),
    savedSearches,
    notifications,
    // The other side's answer and note are theirs.
    suggestions: suggestions.map(
      ({ id, wantId, offerId, wanterId, wanterState, providerState, score, reasons, createdAt }) => ({
        ...{ id, wantId, offerId, score, reasons, createdAt },
        state: wanterId === memberId ? wanterState : providerState,
      }),
    ),
    invitations,
    auditLog,
    ...Object.assign({}, ...(await Promise.all(parts.map((part) => part(member, money))))),
  });
}

/** Without the columns that are the database's own business. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, field) => (key === 'communityId' || key === 'createdFrom' ? undefined : field)),
  );
