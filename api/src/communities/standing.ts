import type { MemberRole } from '@kith/db';
import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { badInput, forbidden } from '../errors.ts';
import { phrase } from '../texts/text.ts';
import { audit } from './audit.ts';
import { can } from './capabilities.ts';
import { lockCommunity, memberRow, requireOtherOperator, step, tellChange, tellMember } from './membership.ts';
import { WrongMemberState } from './states.ts';

/** Stops a member for now: they see and do nothing until reinstated. */
export async function suspendMember(
  actor: Member,
  { memberId, reason }: { memberId: string; reason: string },
): Promise<void> {
  const { communityId } = actor;
  if (memberId === actor.memberId)
    throw badInput('You cannot suspend yourself: leave the community instead.', 'memberId');
  await inCommunity(actor, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    const member = await memberRow(tx, communityId, memberId);
    // A moderator must not be able to shut out those who gave them the role.
    if (can(member.roles, 'membersGrantRoles') && !can(actor.roles, 'membersGrantRoles'))
      throw forbidden('suspending an operator');
    await requireOtherOperator(tx, member);
    if (member.state !== 'ACTIVE') throw new WrongMemberState(member.state);
    await step(tx, member, 'SUSPENDED', { suspendedAt: clock.now(), decisionReason: reason });
    await audit(tx, actor, { action: 'member.suspend', subjectType: 'Member', subjectId: memberId, reason });
    const title = phrase('membership.suspended', { community: community.name });
    await tellMember(tx, { communityId, memberId }, { kind: 'membership.suspended', title, body: reason });
  });
}

/** Lets a suspended member act again, with the roles they had. */
export async function reinstateMember(
  actor: Member,
  { memberId, reason }: { memberId: string; reason: string },
): Promise<void> {
  const { communityId } = actor;
  await inCommunity(actor, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    const member = await memberRow(tx, communityId, memberId);
    if (can(member.roles, 'membersGrantRoles') && !can(actor.roles, 'membersGrantRoles'))
      throw forbidden('reinstating an operator');
    if (member.state !== 'SUSPENDED') throw new WrongMemberState(member.state);
    await step(tx, member, 'ACTIVE', { suspendedAt: null, decisionReason: null });
    await audit(tx, actor, { action: 'member.reinstate', subjectType: 'Member', subjectId: memberId, reason });
    const title = phrase('membership.reinstated', { community: community.name });
    await tellMember(tx, { communityId, memberId }, { kind: 'membership.reinstated', title });
  });
}

/** Gives a member exactly these roles; everybody is a member. The last operator keeps the role. */
export async function setMemberRoles(
  operator: Member,
  { memberId, roles }: { memberId: string; roles: MemberRole[] },
): Promise<void> {
  const { communityId } = operator;
  const wanted = ORDER.filter((role) => role === 'MEMBER' || roles.includes(role));
  await inCommunity(operator, async (tx) => {
    await lockCommunity(tx, communityId);
    const member = await memberRow(tx, communityId, memberId);
    if (member.state !== 'ACTIVE') throw new WrongMemberState(member.state);
    if (!wanted.includes('OPERATOR')) await requireOtherOperator(tx, member);
    if (can(member.roles, 'membersInviteMany') && !can(wanted, 'membersInviteMany'))
      await tx.invitation.updateMany({
        where: { communityId, inviterId: memberId, revokedAt: null },
        data: { revokedAt: clock.now() },
      });
    await tx.member.update({
      where: { communityId_id: { communityId, id: memberId } },
      data: { roles: wanted, updatedAt: clock.now() },
    });
    await audit(tx, operator, {
      action: 'member.roles',
      subjectType: 'Member',
      subjectId: memberId,
      detail: { before: member.roles, after: wanted },
    });
    await tellChange(tx, { communityId, memberId });
  });
}
const ORDER: MemberRole[] = ['MEMBER', 'BROKER', 'MODERATOR', 'TREASURER', 'OPERATOR'];
