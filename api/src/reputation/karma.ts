import type { KarmaCause } from '@kith/db';
import { clock } from '../clock.ts';
import { audit } from '../communities/audit.ts';
import { policiesOf } from '../communities/policies.ts';
import { lockCommunity } from '../communities/membership.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, badInput, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { EntryIdReused } from '../ledger/refusals.ts';
import { phrase } from '../texts/text.ts';

export class KarmaOff extends DomainError {
  readonly code = 'KARMA_OFF';
  constructor() {
    super('This community has no karma: an operator can turn it on in the policies.');
  }
}
export class OwnKarma extends DomainError {
  readonly code = 'OWN_KARMA';
  constructor() {
    super('Nobody gives karma to themselves: ask another operator.');
  }
}

export interface Level {
  name: string;
  /** Points from which it holds. */
  least: number;
}
export interface Badge {
  name: string;
  description: string;
  /** What is counted: awards for this cause; null: points of all causes. */
  cause: KarmaCause | null;
  least: number;
}
export interface KarmaRules {
  levels: Level[];
  badges: Badge[];
}
const standard: KarmaRules = {
  levels: [
    { name: 'Seedling', least: 1 },
    { name: 'Sapling', least: 20 },
    { name: 'Tree', least: 100 },
    { name: 'Grove', least: 500 },
  ],
  badges: [
    { name: 'Fair voice', description: 'Ten honest reviews.', cause: 'HONEST_REVIEW', least: 10 },
    { name: 'Open door', description: 'Three invited members became active.', cause: 'ACTIVE_INVITATION', least: 3 },
    { name: 'Good hands', description: 'Five times work for the community.', cause: 'COMMUNITY_WORK', least: 5 },
    { name: 'Watchful eye', description: 'Five good flags.', cause: 'GOOD_FLAG', least: 5 },
  ],
};
export const RULES_MOST = 50;

/** The levels and badges as they hold now: what the operators set, else the standard ones. */
export async function karmaRules(communityId: string): Promise<KarmaRules> {
  const rows = await prisma.karmaRule.findMany({
    where: { communityId },
    orderBy: { position: 'asc' },
    take: 2 * RULES_MOST,
  });
  if (!rows.length) return standard;
  return {
    levels: rows.filter(({ kind }) => kind === 'LEVEL').sort((one, other) => one.least - other.least),
    badges: rows.filter(({ kind }) => kind === 'BADGE'),
  };
}

/** Puts these levels and badges in the place of those there are; none at all brings the standard ones back. */
export async function setKarmaRules(operator: Member, { levels, badges }: KarmaRules): Promise<void> {
  const { communityId } = operator;
  for (const [names, field] of [
    [levels, 'levels'],
    [badges, 'badges'],
  ] as const)
    if (new Set(names.map(({ name }) => name)).size < names.length)
      throw badInput('Give each a name of its own.', field);
  if (new Set(levels.map(({ least }) => least)).size < levels.length)
    throw badInput('Two levels cannot begin at the same points.', 'levels');
  const rows = [
    ...levels.map((level) => ({ kind: 'LEVEL' as const, cause: null, description: '', ...level })),
    ...badges.map((badge) => ({ kind: 'BADGE' as const, ...badge })),
  ];
  await inCommunity(operator, async (tx) => {
    // Set twice at once, one set holds and not a mixture.
    await lockCommunity(tx, communityId);
    await tx.karmaRule.deleteMany({ where: { communityId } });
    await tx.karmaRule.createMany({
      data: rows.map((row, position) => ({ communityId, id: newId(), position, ...row })),
    });
    await audit(tx, operator, {
      action: 'karma.setRules',
      ...{ subjectType: 'Community', subjectId: communityId },
      detail: { levels: levels.length, badges: badges.length },
    });
  });
}

export interface Karma {
  memberId: string;
  points: number;
  level: Level | null;
  next: Level | null;
  badges: Badge[];
}
/** What the points of several members come to; null for everybody where the community does not play. */
export async function karmaOf(communityId: string, memberIds: readonly string[]): Promise<Map<string, Karma> | null> {
  const community = await prisma.community.findFirstOrThrow({ where: { id: communityId }, select: { policies: true } });
  if (!policiesOf(community).karma) return null;
  const sums = await prisma.karmaAward.groupBy({
    by: ['memberId', 'cause'],
    where: { communityId, memberId: { in: [...memberIds] } },
    _sum: { points: true },
    _count: true,
  });
  const rules = await karmaRules(communityId);
  const of = (memberId: string): Karma => {
    const own = sums.filter((sum) => sum.memberId === memberId);
    return {
      memberId,
      ...standing(rules, {
        points: own.reduce((sum, { _sum }) => sum + (_sum.points ?? 0), 0),
        counts: new Map(own.map(({ cause, _count }) => [cause, _count])),
      }),
    };
  };
  return new Map(memberIds.map((memberId) => [memberId, of(memberId)]));
}

/** Level and badges by the rules: nothing is stored of them, so a changed rule holds for everybody at once. */
export function standing(
  { levels, badges }: KarmaRules,
  { points, counts }: { points: number; counts: Map<KarmaCause, number> },
): Omit<Karma, 'memberId'> {
  return {
    points,
    level: levels.findLast(({ least }) => points >= least) ?? null,
    next: levels.find(({ least }) => points < least) ?? null,
    badges: badges.filter(({ cause, least }) => (cause ? (counts.get(cause) ?? 0) : points) >= least),
  };
}

export interface AwardInput {
  /** Made by the client: the same id is the same award. */
  id: string;
  memberId: string;
  cause: 'COMMUNITY_WORK' | 'GOOD_FLAG';
  points: number;
  reason: string;
}
/** Gives a member points for work or a good flag, once for each id; the audit log keeps why. */
export async function awardKarma(operator: Member, { id, memberId, ...award }: AwardInput): Promise<void> {
  const { communityId } = operator;
  if (memberId === operator.memberId) throw new OwnKarma();
  await inCommunity(operator, async (tx) => {
    await requireKarma(tx, communityId);
    if (!(await tx.member.count({ where: { communityId, id: memberId, state: 'ACTIVE' } }))) throw notFound('member');
    const said = { memberId, ...award, key: id, awardedBy: operator.memberId };
    const { count } = await tx.karmaAward.createMany({
      data: [{ communityId, id, ...said, awardedAt: clock.now() }],
      skipDuplicates: true,
    });
    if (!count) {
      if (!(await tx.karmaAward.count({ where: { communityId, id, ...said } }))) throw new EntryIdReused();
      return;
    }
    const subject = { subjectType: 'Member', subjectId: memberId };
    const { points, cause, reason } = award;
    await audit(tx, operator, { action: 'karma.award', ...subject, reason, detail: { awardId: id, points, cause } });
    const title = phrase('karma.awarded', { points });
    const about = { type: 'Member', id: memberId };
    const notice = { memberId, kind: 'karma.awarded', key: `karma:${id}`, title, body: reason, subject: about };
    await enqueue(tx, 'notify', { communityId, notices: [notice] });
  });
}

async function requireKarma(tx: Tx, communityId: string) {
  const community = await tx.community.findUniqueOrThrow({ where: { id: communityId }, select: { policies: true } });
  if (!policiesOf(community).karma) throw new KarmaOff();
}

/** Takes back what an operator gave by mistake; the audit log keeps why. What the system gave follows its cause. */
export async function revokeKarma(
  operator: Member,
  { awardId, reason }: { awardId: string; reason: string },
): Promise<void> {
  const { communityId } = operator;
  await inCommunity(operator, async (tx) => {
    const where = { communityId, id: awardId, awardedBy: { not: null } };
    const award = await tx.karmaAward.findFirst({ where });
    const { count } = await tx.karmaAward.deleteMany({ where });
    if (!award || !count) throw notFound('award of an operator');
    const { memberId, points, cause } = award;
    await audit(tx, operator, {
      action: 'karma.revoke',
      ...{ subjectType: 'Member', subjectId: memberId, reason, detail: { awardId, points, cause } },
    });
  });
}

export interface AwardFilter {
  memberId?: string | null | undefined;
  causes?: KarmaCause[] | null | undefined;
}
/** A page of awards, newest first, and how many there are. */
export async function awardPage(
  communityId: string,
  { skip, take, filter: { memberId, causes } }: { skip: number; take: number; filter: AwardFilter },
) {
  const where = { communityId, ...(memberId && { memberId }), ...(causes?.length && { cause: { in: causes } }) };
  const [items, total] = await Promise.all([
    prisma.karmaAward.findMany({ where, skip, take, orderBy: [{ awardedAt: 'desc' }, { id: 'asc' }] }),
    prisma.karmaAward.count({ where }),
  ]);
  return { items, total };
}
