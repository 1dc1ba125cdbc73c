import type { Viewer } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import {
  AdmissionClosed,
  AlreadyMember,
  admit,
  putApplication,
  requireLivingUser,
  tellOperators,
} from './admission.ts';
import { requireCurrentCharter } from './charters.ts';
import { findInvitation, isPlaceholder, mayHandOver, stateOf } from './invitations.ts';
import { lockCommunity, memberRow, requirePlace, step, tellChange, type MemberRow } from './membership.ts';
import { policiesOf } from './policies.ts';
import { PLACED } from './states.ts';

export type InvitationProblem = 'OWN' | 'EXPIRED' | 'REVOKED' | 'USED_UP';
const sentences: Record<InvitationProblem, string> = {
  OWN: 'This is your own invitation: pass it on to somebody else.',
  EXPIRED: 'This invitation has expired: ask for a new one.',
  REVOKED: 'This invitation was taken back: ask for a new one.',
  USED_UP: 'This invitation was used already: ask for a new one.',
};
export class InvitationNotUsable extends DomainError {
  readonly code = 'INVITATION_NOT_USABLE';
  readonly problem: InvitationProblem;
  constructor(problem: InvitationProblem) {
    super(sentences[problem]);
    this.problem = problem;
  }
}

export interface Acceptance {
  token: string;
  displayName: string;
  charterVersion: number;
}
type Invitation = NonNullable<Awaited<ReturnType<typeof invitationRow>>>;

/** Joins by a link: at once, or as an applicant where the policy says so. Counts one use for each person, never more than allowed. */
export async function acceptInvitation(
  viewer: Viewer,
  acceptance: Acceptance,
): Promise<{ communityId: string; memberId: string }> {
  const found = await findInvitation(acceptance.token);
  if (!found) throw notFound('invitation');
  const { communityId } = found;
  return inCommunity(communityId, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    const invitation = await invitationRow(tx, found);
    if (!invitation) throw notFound('invitation');
    const known = await tx.member.findUnique({ where: { communityId_userId: { communityId, userId: viewer.userId } } });
    if (known && known.id === invitation.inviterId) throw new InvitationNotUsable('OWN');
    if (known && PLACED.includes(known.state)) throw new AlreadyMember(known.state);
    if (community.state === 'CLOSED') throw new AdmissionClosed();
    requireCurrentCharter(community, acceptance.charterVersion);
    const use = known && { communityId, invitationId: invitation.id, memberId: known.id };
    const counted = use && (await tx.invitationUse.count({ where: use })) > 0;
    if (counted) requireUsable(invitation);
    else await countUse(tx, invitation);
    if (invitation.claimsMemberId)
      return { communityId, memberId: await claim(tx, viewer, { community, invitation, known, acceptance }) };

    const application = { displayName: acceptance.displayName, message: '', charterVersion: acceptance.charterVersion };
    const member = await putApplication(tx, viewer, communityId, {
      known,
      application,
      invitedBy: invitation.inviterId,
    });
    if (!counted)
      await tx.invitationUse.create({
        data: { communityId, invitationId: invitation.id, memberId: member.id, usedAt: clock.now() },
      });
    // Who was suspended or rejected before does not come back by a friend's link alone.
    const waits = policiesOf(community).invitedNeedApproval || member.decisionReason !== null;
    if (!waits) await admit(tx, community, member);
    else if (known?.state !== 'APPLIED') await tellOperators(tx, member);
    return { communityId, memberId: member.id };
  });
}

const invitationRow = (tx: Tx, { communityId, id }: { communityId: string; id: string }) =>
  tx.invitation.findUnique({ where: { communityId_id: { communityId, id } } });

/** Who comes by the link again is counted already; but it has to be good still. */
function requireUsable({ revokedAt, expiresAt }: Invitation) {
  if (revokedAt) throw new InvitationNotUsable('REVOKED');
  if (expiresAt <= clock.now()) throw new InvitationNotUsable('EXPIRED');
}

/** Counts one use in one statement, so that of two at once on the last use one is refused. */
async function countUse(tx: Tx, invitation: Invitation) {
  const { communityId, id } = invitation;
  const { count } = await tx.invitation.updateMany({
    where: {
      communityId,
      id,
      revokedAt: null,
      expiresAt: { gt: clock.now() },
      uses: { lt: prisma.invitation.fields.maxUses },
    },
    data: { uses: { increment: 1 } },
  });
  if (count) return;
  const state = stateOf(invitation);
  throw new InvitationNotUsable(state === 'OPEN' ? 'USED_UP' : state);
}

/** Takes over the placeholder an import made, with its listings and history. */
async function claim(
  tx: Tx,
  { userId }: Viewer,
  {
    community,
    invitation,
    known,
    acceptance,
  }: {
    community: Awaited<ReturnType<typeof lockCommunity>>;
    invitation: Invitation;
    known: MemberRow | null;
    acceptance: Acceptance;
  },
): Promise<string> {
  const { communityId, claimsMemberId, inviterId } = invitation;
  // One person has one membership row in a community, and theirs has a history of its own.
  if (known) throw new AlreadyMember(known.state);
  // Asked again: the placeholder may have got roles, or the inviter lost theirs, since the invitation was made.
  const [inviter, placeholder] = [
    await memberRow(tx, communityId, inviterId),
    await memberRow(tx, communityId, claimsMemberId!),
  ];
  if (!mayHandOver(inviter, placeholder)) throw new InvitationNotUsable('REVOKED');
  const { count } = await tx.member.updateMany({
    where: { communityId, id: claimsMemberId!, ...isPlaceholder },
    data: {
      userId,
      displayName: acceptance.displayName,
      charterVersion: acceptance.charterVersion || null,
      invitedBy: inviterId,
      updatedAt: clock.now(),
    },
  });
  if (count === 0) throw new InvitationNotUsable('USED_UP');
  await requireLivingUser(tx, userId);
  const member = await memberRow(tx, communityId, claimsMemberId!);
  if (member.state === 'APPLIED') {
    await requirePlace(tx, community);
    await step(tx, member, 'ACTIVE', { admittedAt: clock.now() });
  } else await tellChange(tx, { communityId, memberId: member.id });
  return member.id;
}
