import type { CommunityVisibility } from '@kith/db';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import type { Context, Member, Viewer } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, isUniqueViolation, outsideCommunities, pool, prisma } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { audit } from './audit.ts';
import { defaultCategories } from './defaultCategories.ts';
import { tellChange } from './membership.ts';
import { changedPolicies, type Policies } from './policies.ts';

export class SlugTaken extends DomainError {
  readonly code = 'SLUG_TAKEN';
  readonly slug: string;
  constructor(slug: string) {
    super(`There is a community with the slug "${slug}" already: choose another one.`);
    this.slug = slug;
  }
}
export class OperatorUnknown extends DomainError {
  readonly code = 'OPERATOR_UNKNOWN';
  constructor() {
    super('Nobody has signed up with that e-mail address and confirmed it: the operator does that first.');
  }
}

export interface NewCommunity {
  slug: string;
  name: string;
  description: string;
  visibility: CommunityVisibility;
  locale: string;
  timeZone: string;
  currencyCode: string;
  currencyName: string;
  currencySymbol: string;
  currencyScale: number;
  memberCapacity: number;
}

/** Founds a community with its category tree and its first operator, in one go. Answers its id. */
export async function createCommunity(
  founder: Viewer,
  {
    operatorEmail,
    policies,
    ...community
  }: NewCommunity & { operatorEmail?: string | undefined; policies: Partial<Policies> },
): Promise<string> {
  const id = newId();
  try {
    await inCommunity(id, async (tx) => {
      const operator = await tx.user.findFirst({
        where: {
          erasedAt: null,
          // An address that nobody has confirmed may be kept by a stranger.
          emailVerifiedAt: { not: null },
          ...(operatorEmail ? { email: operatorEmail.toLowerCase() } : { id: founder.userId }),
        },
      });
      if (!operator) throw new OperatorUnknown();
      await tx.community.create({
        data: { ...community, id, policies: changedPolicies({}, policies), createdAt: clock.now() },
      });
      await tx.category.createMany({ data: defaultCategories(id, community.locale) });
      const memberId = newId();
      await tx.member.create({
        data: {
          communityId: id,
          id: memberId,
          userId: operator.id,
          state: 'ACTIVE',
          roles: ['MEMBER', 'OPERATOR'],
          displayName: operator.name,
          locale: operator.locale,
          admittedAt: clock.now(),
        },
      });
      await tellChange(tx, { communityId: id, memberId });
      const actor = { communityId: id, userId: founder.userId };
      await audit(tx, actor, { action: 'community.create', subjectType: 'Community', subjectId: id });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new SlugTaken(community.slug);
    throw error;
  }
  return id;
}

export interface CommunityChange {
  name?: string | undefined;
  description?: string | undefined;
  visibility?: CommunityVisibility | undefined;
  locale?: string | undefined;
  timeZone?: string | undefined;
  currencyName?: string | undefined;
  currencySymbol?: string | undefined;
  memberCapacity?: number | undefined;
  place?: { latitude: number; longitude: number } | null | undefined;
}

/** Changes what the community says of itself. Its slug, currency code and decimals stay: links and amounts depend on them. */
export async function updateCommunity(operator: Member, { place, ...change }: CommunityChange): Promise<void> {
  const { communityId } = operator;
  const placed = place === undefined ? {} : { latitude: place?.latitude ?? null, longitude: place?.longitude ?? null };
  await inCommunity(operator, async (tx) => {
    await tx.community.update({
      where: { id: communityId },
      data: { ...defined(change), ...placed, updatedAt: clock.now() },
    });
    const fields = Object.keys({ ...defined(change), ...placed });
    await audit(tx, operator, {
      action: 'community.update',
      subjectType: 'Community',
      subjectId: communityId,
      detail: { fields },
    });
    await publish(tx, 'community.changed', {});
  });
}
const defined = (change: object) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** Which communities the viewer may look at from outside: the listed ones, and their own. */
export const visibleCommunities = ({ viewer, communityId, member }: Context) =>
  viewer?.platformAdministrator
    ? {}
    : {
        OR: [
          { visibility: 'LISTED' as const, state: 'ACTIVE' as const },
          { id: isInside(member) ? communityId! : NO_COMMUNITY },
        ],
      };

/** Whoever applied, is or was suspended here knows the community; who left or was rejected is an outsider again. */
const isInside = (member: Member | null) => member !== null && member.state !== 'LEFT' && member.state !== 'REJECTED';

export interface PublicFacts {
  charter: { version: number; text: string; publishedAt: Date } | null;
  memberCount: number;
}
/** The charter in force and the number of members of several communities, for a directory that crosses them. */
export async function publicFacts(communityIds: readonly string[]): Promise<Map<string, PublicFacts>> {
  const { rows } = await withCommunity(NO_COMMUNITY, () =>
    pool.query({ name: 'public_facts', text: 'select * from kith.public_facts($1::uuid[])', values: [communityIds] }),
  );
  return new Map(
    rows.map((row) => [
      row.community_id as string,
      {
        charter: row.charter_version
          ? { version: row.charter_version, text: row.charter_text, publishedAt: row.charter_published_at }
          : null,
        memberCount: row.member_count as number,
      },
    ]),
  );
}

export interface Membership {
  communityId: string;
  memberId: string;
  state: Member['state'];
  roles: Member['roles'];
}
/** Every membership of one user, across communities. */
export async function membershipsOf(userId: string): Promise<Membership[]> {
  const { rows } = await withCommunity(NO_COMMUNITY, () =>
    pool.query({
      name: 'memberships_of',
      text: 'select community_id, member_id, state, array_to_json(roles) as roles from kith.memberships_of($1)',
      values: [userId],
    }),
  );
  return rows.map(({ community_id, member_id, state, roles }) => ({
    communityId: community_id,
    memberId: member_id,
    state,
    roles,
  }));
}

/** Makes a user an administrator of the whole installation; for a command-line program, never for a request. */
export async function grantPlatformAdministrator(userId: string): Promise<void> {
  const { count } = await outsideCommunities((tx) =>
    tx.user.updateMany({ where: { id: userId, erasedAt: null }, data: { platformAdministrator: true } }),
  );
  if (count === 0) throw notFound('user');
}

/** The community rows of several memberships. */
export const communitiesByIds = (ids: string[]) =>
  prisma.community.findMany({ where: { id: { in: ids } }, take: ids.length });
