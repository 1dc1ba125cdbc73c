import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { badInput } from '../errors.ts';
import { publish } from '../events.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { audit } from './audit.ts';
import { lockCommunity } from './membership.ts';
import { changedPolicies, policiesOf, type Policies, type PolicyName } from './policies.ts';

export type PolicyChoice = Parameters<typeof changedPolicies>[1];
/** One rule that became another, from a moment on. Null is the default. */
export interface PolicyStep {
  name: string;
  before: unknown;
  after: unknown;
  effectiveAt: Date;
}

/**
 * The rules at a moment, out of what a community stores now and its changes by moment and then by their order: of each rule what the
 * last change until then made of it, else what it was before the first change after. Pure.
 */
export function policiesAmong(stored: unknown, steps: readonly PolicyStep[], time: Date): Policies {
  const rules: Record<string, unknown> = { ...(stored as object) };
  const settled = new Set<string>();
  for (const { name, before, after, effectiveAt } of steps) {
    if (effectiveAt <= time) rules[name] = after;
    else if (!settled.has(name)) rules[name] = before;
    settled.add(name);
  }
  return policiesOf({ policies: Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== null)) });
}

/** The rules that hold, held or will hold in a community at a moment, as far as it is decided now. */
export async function policiesAt(tx: Pick<Tx, 'community' | 'policyChange'>, communityId: string, time: Date) {
  const { policies } = await tx.community.findUniqueOrThrow({ where: { id: communityId }, select: { policies: true } });
  return policiesAmong(policies, await stepsOf(tx, communityId), time);
}

const STEPS_MOST = 100_000;
const stepsOf = (tx: Pick<Tx, 'policyChange'>, communityId: string) =>
  tx.policyChange.findMany({
    where: { communityId },
    select: { name: true, before: true, after: true, effectiveAt: true },
    orderBy: [{ effectiveAt: 'asc' }, { id: 'asc' }],
    take: STEPS_MOST,
  });

export interface PolicyDecision {
  policies: PolicyChoice;
  /** From when; at once when left out. */
  effectiveAt?: Date | undefined;
  reason?: string | undefined;
}

const YEARS_MOST = 5;
/**
 * Changes some rules from a moment on, never backwards: at once, or later. What is not named stays, null goes back to the default.
 * The history keeps every change.
 */
export async function changePolicies(
  operator: Member,
  { policies, effectiveAt, reason }: PolicyDecision,
): Promise<void> {
  const { communityId } = operator;
  await inCommunity(operator, async (tx) => {
    // The moment is read under the lock: whoever asks later for a moment before it gets the same answer for ever.
    const stored = await applyDue(tx, communityId);
    const now = clock.now();
    if (effectiveAt && effectiveAt <= now) throw badInput('A change holds from a moment in the future.', 'effectiveAt');
    if (effectiveAt && effectiveAt.getTime() > now.getTime() + YEARS_MOST * 366 * 86_400_000)
      throw badInput(`A change is decided at most ${YEARS_MOST} years ahead.`, 'effectiveAt');
    const moment = effectiveAt ?? now;
    const before = changedPolicies(policiesAmong(stored, await stepsOf(tx, communityId), moment), {});
    const after = changedPolicies(before, policies);
    await tx.policyChange.createMany({
      data: stepsBetween(before, after).map((step) => ({
        ...{ communityId, ...step, effectiveAt: moment, applied: !effectiveAt },
        ...{ changedBy: operator.memberId, reason: reason ?? null, createdAt: now },
      })),
    });
    if (effectiveAt) await enqueue(tx, 'policies.apply', { communityId }, { runAt: effectiveAt });
    else await tx.community.update({ where: { id: communityId }, data: { policies: after, updatedAt: now } });
    await audit(tx, operator, {
      action: effectiveAt ? 'community.schedulePolicies' : 'community.policies',
      ...{ subjectType: 'Community', subjectId: communityId, reason: reason ?? null },
      detail: { before, after, ...(effectiveAt && { effectiveAt: effectiveAt.toISOString() }) },
    });
    await publish(tx, 'community.changed', {});
  });
}

function stepsBetween(before: Partial<Policies>, after: Partial<Policies>) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<PolicyName>;
  return [...names]
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name], after: after[name] }));
}

/** Puts into the community's row what has come into force, and answers the rules stored then. The community is locked. */
async function applyDue(tx: Tx, communityId: string) {
  const { policies } = await lockCommunity(tx, communityId);
  const now = clock.now();
  const due = { communityId, applied: false, effectiveAt: { lte: now } };
  if (!(await tx.policyChange.count({ where: due }))) return policies;
  const inForce = changedPolicies(policiesAmong(policies, await stepsOf(tx, communityId), now), {});
  await tx.community.update({ where: { id: communityId }, data: { policies: inForce, updatedAt: now } });
  await tx.policyChange.updateMany({ where: due, data: { applied: true } });
  await publish(tx, 'community.changed', {});
  return inForce;
}

/** Lets changes whose moment has come be what everybody reads of the community. */
export const applyPolicies = (communityId: string): Promise<unknown> =>
  inCommunity(communityId, (tx) => applyDue(tx, communityId));
defineJob<{ communityId: string }>('policies.apply', ({ communityId }) => applyPolicies(communityId).then(() => {}));

/** A page of the history, the newest moment first, and how many changes there are. */
export async function policyChangePage(communityId: string, { skip, take }: { skip: number; take: number }) {
  const where = { communityId };
  const [items, total] = await Promise.all([
    prisma.policyChange.findMany({ where, skip, take, orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }] }),
    prisma.policyChange.count({ where }),
  ]);
  return { items, total };
}
