import type { MemberRole, MemberState, Sql } from '@kith/db';
import type { Context, Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, prisma } from '../db.ts';
import { notFound } from '../errors.ts';
import { can, type Capability } from './capabilities.ts';
import { tellChange } from './membership.ts';

const mayDo = (member: Member | null, capability: Capability) =>
  member?.state === 'ACTIVE' && can(member.roles, capability);

/** Which members a viewer may look at: the active ones as one of them, oneself always, everybody by role. */
export function visibleMembers(member: Member | null): Sql.MemberWhereInput {
  if (!member) return { id: { in: [] } };
  if (mayDo(member, 'membersList')) return {};
  return member.state === 'ACTIVE' ? { OR: [{ state: 'ACTIVE' }, { id: member.memberId }] } : { id: member.memberId };
}

/** True for the person themselves, also in the request in which they became a member, and for roles with the capability. */
export const seesPrivate = (
  { viewer, member, communityId }: Context,
  of: { communityId: string; userId: string | null },
  capability: Capability,
) =>
  (of.userId !== null && of.userId === viewer?.userId) || (communityId === of.communityId && mayDo(member, capability));

const locales = new WeakMap<Context, Promise<string>>();
/** The language the viewer reads this community in: their membership's, else the person's. Asked once in a request. */
export function localeOf(context: Context): Promise<string> {
  const known = locales.get(context);
  if (known) return known;
  const { member, viewer } = context;
  const asked = (async () => {
    const row =
      member &&
      (await prisma.member.findFirst({
        where: { communityId: member.communityId, id: member.memberId },
        select: { locale: true },
      }));
    return row?.locale ?? viewer?.locale ?? 'en';
  })();
  locales.set(context, asked);
  return asked;
}

export interface ProfileChange {
  displayName?: string | undefined;
  bio?: string | undefined;
  photoUrl?: string | null | undefined;
  contactEmail?: string | null | undefined;
  phone?: string | null | undefined;
  locale?: string | undefined;
  place?: { latitude: number; longitude: number } | null | undefined;
  brokersMayAct?: boolean | undefined;
}

/** Changes the viewer's own profile; what is left out stays, null removes. */
export async function updateMyProfile(
  { communityId, memberId, userId }: Member,
  { place, ...change }: ProfileChange,
): Promise<void> {
  await inCommunity(communityId, async (tx) => {
    // Only while the row is still theirs: a late request must not write a name onto an erased member.
    const { count } = await tx.member.updateMany({
      where: { communityId, id: memberId, userId, state: 'ACTIVE' },
      data: {
        ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
        ...(place !== undefined && { latitude: place?.latitude ?? null, longitude: place?.longitude ?? null }),
        updatedAt: clock.now(),
      },
    });
    if (count === 0) throw notFound('member');
    if (change.displayName !== undefined || place !== undefined) await tellChange(tx, { communityId, memberId });
  });
}

export type MemberSort = 'NAME_ASC' | 'NAME_DESC' | 'APPLIED_ASC' | 'APPLIED_DESC' | 'ADMITTED_ASC' | 'ADMITTED_DESC';
const orders: Record<MemberSort, Sql.MemberOrderByWithRelationInput> = {
  NAME_ASC: { displayName: 'asc' },
  NAME_DESC: { displayName: 'desc' },
  APPLIED_ASC: { appliedAt: 'asc' },
  APPLIED_DESC: { appliedAt: 'desc' },
  ADMITTED_ASC: { admittedAt: { sort: 'asc', nulls: 'last' } },
  ADMITTED_DESC: { admittedAt: { sort: 'desc', nulls: 'last' } },
};

export interface MemberFilter {
  states?: MemberState[] | null | undefined;
  roles?: MemberRole[] | null | undefined;
  text?: string | null | undefined;
  isPlaceholder?: boolean | null | undefined;
  hasOffers?: boolean | null | undefined;
}

/** What the console's list shows: by state, role and words in the name, or in the e-mail for those who may see it. */
export const memberListWhere = (
  viewer: Member,
  { states, roles, text, isPlaceholder, hasOffers }: MemberFilter,
): Sql.MemberWhereInput => ({
  communityId: viewer.communityId,
  ...(states?.length && { state: { in: states } }),
  ...(roles?.length && { roles: { hasSome: roles } }),
  ...(isPlaceholder === true && { userId: null, erasedAt: null }),
  ...(isPlaceholder === false && { userId: { not: null } }),
  ...(hasOffers !== null &&
    hasOffers !== undefined && {
      listings: { [hasOffers ? 'some' : 'none']: { kind: 'OFFER', state: 'PUBLISHED' } },
    }),
  ...(text && {
    OR: [
      nameContains(text),
      { externalId: text },
      ...(can(viewer.roles, 'membersSeeContact')
        ? [{ user: { email: { contains: like(text), mode: 'insensitive' as const } } }]
        : []),
    ],
  }),
});
export const memberOrder = (sort: MemberSort): Sql.MemberOrderByWithRelationInput[] => [orders[sort], { id: 'asc' }];

export const nameContains = (text: string) => ({ displayName: { contains: like(text), mode: 'insensitive' as const } });
/** A name is looked for as it is written: Prisma hands % and _ on to LIKE. */
const like = (text: string) => text.replace(/[\\%_]/g, '\\$&');

export const countMembers = (where: Sql.MemberWhereInput) => prisma.member.count({ where });
