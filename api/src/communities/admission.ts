import type { Member, Viewer } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { DomainError, notFound, unauthenticated } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { phrase } from '../texts/text.ts';
import { audit } from './audit.ts';
import { requireCurrentCharter } from './charters.ts';
import { lockCommunity, memberRow, requirePlace, step, tellChange, tellMember, type MemberRow } from './membership.ts';
import { policiesOf } from './policies.ts';
import { PLACED, WrongMemberState } from './states.ts';
import type { MemberState } from '@kith/db';

export class AlreadyMember extends DomainError {
  readonly code = 'ALREADY_MEMBER';
  readonly state: MemberState;
  constructor(state: MemberState) {
    super(`You are a member of this community already (${state.toLowerCase()}).`);
    this.state = state;
  }
}
export class AdmissionClosed extends DomainError {
  readonly code = 'ADMISSION_CLOSED';
  constructor() {
    super('This community takes new members by invitation only: ask one of its members.');
  }
}
export class RequirementsNotMet extends DomainError {
  readonly code = 'REQUIREMENTS_NOT_MET';
  readonly offersMissing: number;
  readonly wantsMissing: number;
  constructor({ offersMissing, wantsMissing }: { offersMissing: number; wantsMissing: number }) {
    super(`Before admission the applicant has to prepare ${offersMissing} more offers and ${wantsMissing} more wants.`);
    this.offersMissing = offersMissing;
    this.wantsMissing = wantsMissing;
  }
}

export interface Application {
  displayName: string;
  message: string;
  /** The charter the applicant has read; it must be the newest. */
  charterVersion: number;
}

/** Asks for membership. Where the community is open it is given at once; else the operators are told. Answers the member's id. */
export async function applyForMembership(
  viewer: Viewer,
  communityId: string,
  application: Application,
): Promise<string> {
  return inCommunity(communityId, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    const known = await tx.member.findUnique({ where: { communityId_userId: { communityId, userId: viewer.userId } } });
    // Who was never there must not learn of a hidden community.
    if (!known && (community.visibility === 'HIDDEN' || community.state === 'CLOSED')) throw notFound('community');
    if (known && PLACED.includes(known.state)) throw new AlreadyMember(known.state);
    const policies = policiesOf(community);
    if (policies.admission === 'INVITATION' || community.state === 'CLOSED') throw new AdmissionClosed();
    requireCurrentCharter(community, application.charterVersion);
    const member = await putApplication(tx, viewer, communityId, { known, application });
    // Who was suspended or rejected before waits for an operator, however open the door is.
    const isOpen = policies.admission === 'OPEN' && member.decisionReason === null;
    if (isOpen && !(await missing(tx, member, policies))) await admit(tx, community, member);
    else if (known?.state !== 'APPLIED') await tellOperators(tx, member);
    return member.id;
  });
}

/** Writes who applies; a person who comes back keeps their membership row and its history. */
export async function putApplication(
  tx: Tx,
  { userId, locale }: Viewer,
  communityId: string,
  { known, application, invitedBy }: { known: MemberRow | null; application: Application; invitedBy?: string },
): Promise<MemberRow> {
  const data = {
    displayName: application.displayName,
    application: application.message,
    charterVersion: application.charterVersion || null,
    ...(invitedBy && { invitedBy }),
    state: 'APPLIED' as const,
    updatedAt: clock.now(),
    ...(known?.state !== 'APPLIED' && { appliedAt: clock.now() }),
  };
  const member = known
    ? await tx.member.update({ where: { communityId_id: { communityId, id: known.id } }, data })
    : await tx.member.create({ data: { ...data, communityId, id: newId(), userId, locale } });
  await requireLivingUser(tx, userId);
  if (known?.state !== 'APPLIED') await tellChange(tx, { communityId, memberId: member.id });
  return member;
}

/** Ends the act of somebody whose account is erased at the same time. Call it after the write that refers to the user, which waits for the erasure. */
export async function requireLivingUser(tx: Tx, userId: string) {
  if (!(await tx.user.count({ where: { id: userId, erasedAt: null } }))) throw unauthenticated();
}

type CommunityRow = Awaited<ReturnType<typeof lockCommunity>>;

/** Makes an applicant a member, if there is a place. The community is locked. */
export async function admit(tx: Tx, community: CommunityRow, member: MemberRow) {
  await requirePlace(tx, community);
  await step(tx, member, 'ACTIVE', { admittedAt: clock.now(), decisionReason: null, suspendedAt: null, leftAt: null });
}

/** How many listings an applicant still has to prepare; null when none. */
async function missing(
  tx: Tx,
  { communityId, id: memberId }: MemberRow,
  policies: { minimumOffers: number; minimumWants: number },
) {
  const count = (kind: 'OFFER' | 'WANT') =>
    tx.listing.count({ where: { communityId, memberId, kind, state: { in: ['DRAFT', 'PUBLISHED'] } } });
  const offersMissing = policies.minimumOffers ? Math.max(0, policies.minimumOffers - (await count('OFFER'))) : 0;
  const wantsMissing = policies.minimumWants ? Math.max(0, policies.minimumWants - (await count('WANT'))) : 0;
  return offersMissing + wantsMissing > 0 ? { offersMissing, wantsMissing } : null;
}

export async function tellOperators(tx: Tx, { communityId, id, appliedAt }: MemberRow) {
  const operators = await tx.member.findMany({
    where: { communityId, state: 'ACTIVE', roles: { has: 'OPERATOR' } },
    select: { id: true },
    take: 100,
  });
  if (!operators.length) return;
  const notices = operators.map((operator) => ({
    memberId: operator.id,
    kind: 'member.applied',
    key: `member.applied:${id}:${appliedAt.getTime()}`,
    title: phrase('member.applied'),
    subject: { type: 'Member', id },
  }));
  await enqueue(tx, 'notify', { communityId, notices });
}

/** Takes the viewer's own application back. */
export async function withdrawApplication(member: Member): Promise<void> {
  await inCommunity(member, async (tx) => {
    await lockCommunity(tx, member.communityId);
    const row = await memberRow(tx, member.communityId, member.memberId);
    if (row.state !== 'APPLIED') throw new WrongMemberState(row.state);
    await step(tx, row, 'LEFT', { leftAt: clock.now() });
  });
}

/** Admits an applicant: within the capacity, and when they have prepared what the policy asks for. */
export async function approveMember(operator: Member, memberId: string): Promise<void> {
  const { communityId } = operator;
  await inCommunity(operator, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    const member = await memberRow(tx, communityId, memberId);
    if (member.state !== 'APPLIED') throw new WrongMemberState(member.state);
    const lacking = await missing(tx, member, policiesOf(community));
    if (lacking) throw new RequirementsNotMet(lacking);
    await admit(tx, community, member);
    await audit(tx, operator, { action: 'member.approve', subjectType: 'Member', subjectId: memberId });
    await tellMember(
      tx,
      { communityId, memberId },
      { kind: 'membership.approved', title: phrase('membership.approved', { community: community.name }) },
    );
  });
}

/** Refuses an applicant; they are told why. */
export async function rejectMember(
  operator: Member,
  { memberId, reason }: { memberId: string; reason: string },
): Promise<void> {
  const { communityId } = operator;
  await inCommunity(operator, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    const member = await memberRow(tx, communityId, memberId);
    await step(tx, member, 'REJECTED', { decisionReason: reason });
    await audit(tx, operator, { action: 'member.reject', subjectType: 'Member', subjectId: memberId, reason });
    const title = phrase('membership.rejected', { community: community.name });
    await tellMember(tx, { communityId, memberId }, { kind: 'membership.rejected', title, body: reason });
  });
}
