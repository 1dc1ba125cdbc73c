import type { Member, Viewer } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, outsideCommunities, prisma, type Tx } from '../db.ts';
import { badInput, forbidden } from '../errors.ts';
import { publish } from '../events.ts';
import { confirmPassword } from '../identity/passwords.ts';
import { endSessions } from '../identity/sessions.ts';
import { enqueue } from '../jobs.ts';
import { withCommunity } from '@kith/db';
import { audit } from './audit.ts';
import { can } from './capabilities.ts';
import { membershipsOf } from './communities.ts';
import { CannotLeaveYet, end, obstaclesToLeaving } from './leaving.ts';
import { lockCommunity, memberRow, step, tellChange, tellEnd, type MemberRow } from './membership.ts';
import { PLACED, WrongMemberState } from './states.ts';

type Erasing = (tx: Tx, member: { communityId: string; memberId: string }) => Promise<void>;
const erasings: Erasing[] = [];
/** Whoever keeps a member's words elsewhere says here how they are erased. The community is locked. */
export const defineErasing = (erase: Erasing) => void erasings.push(erase);

/** Erases a former member's personal data: their own wish once they have left, or an operator's act with a reason, which also ends the membership. */
export async function eraseMember(
  actor: Member,
  { memberId, reason }: { memberId: string; reason?: string | undefined },
): Promise<void> {
  const { communityId } = actor;
  const isOwn = memberId === actor.memberId;
  if (!isOwn && !(actor.state === 'ACTIVE' && can(actor.roles, 'membersErase')))
    throw forbidden('erasing other members');
  if (!isOwn && !reason) throw badInput('Say why: the reason is kept in the audit log.', 'reason');
  await inCommunity(actor, async (tx) => {
    await lockCommunity(tx, communityId);
    const member = await memberRow(tx, communityId, memberId);
    if (isOwn && PLACED.includes(member.state)) throw new WrongMemberState(member.state);
    if (member.erasedAt) return;
    await erase(tx, member);
    await audit(tx, actor, {
      action: 'member.erase',
      subjectType: 'Member',
      subjectId: memberId,
      reason: reason ?? 'The member’s own wish.',
    });
  });
}

/** Ends what is not over yet, and leaves of the person a row without a face, so that history keeps its shape. The community is locked. */
async function erase(tx: Tx, member: MemberRow): Promise<void> {
  const { communityId, id: memberId, userId } = member;
  if (PLACED.includes(member.state)) await end(tx, member);
  else if (member.state === 'APPLIED') await step(tx, member, 'LEFT', { leftAt: clock.now() });
  const email = userId && (await tx.user.findUnique({ where: { id: userId }, select: { email: true } }))?.email;
  await tx.member.update({
    where: { communityId_id: { communityId, id: memberId } },
    data: {
      ...{ userId: null, displayName: `Former member ${memberId.slice(-4)}`, bio: '', photoUrl: null, application: '' },
      ...{
        contactEmail: null,
        phone: null,
        latitude: null,
        longitude: null,
        locale: 'en',
        notificationPreferences: {},
      },
      ...{ externalId: null, decisionReason: null, state: 'LEFT', roles: ['MEMBER'] },
      ...{ leftAt: member.leftAt ?? clock.now(), erasedAt: clock.now(), updatedAt: clock.now() },
    },
  });
  await forgetTold(tx, { communityId, memberId });
  await eraseListings(tx, { communityId, memberId });
  for (const eraseMore of erasings) await eraseMore(tx, { communityId, memberId });
  await tx.savedSearch.deleteMany({ where: { communityId, memberId } });
  // Their inbox, and what stands about them in the inboxes of others.
  await tx.notification.deleteMany({
    where: { communityId, OR: [{ memberId }, { subjectType: 'Member', subjectId: memberId }] },
  });
  await tx.suggestion.updateMany({
    where: { communityId, OR: [{ wanterId: memberId }, { providerId: memberId }] },
    data: { dismissalNote: null },
  });
  await tx.invitation.updateMany({
    where: { communityId, OR: [{ inviterId: memberId }, ...(email ? [{ email }] : []), { claimsMemberId: memberId }] },
    data: { email: null },
  });
  await tellEnd(tx, { communityId, memberId });
  await tellChange(tx, { communityId, memberId });
}

/** Takes out of the inboxes of others what names the person's listings: of suggestions, and of what saved searches found. */
async function forgetTold(tx: Tx, { communityId, memberId }: { communityId: string; memberId: string }) {
  await tx.$executeRaw`
    delete from notifications n using listings l
    where n.community_id = ${communityId}::uuid and n.subject_type = 'Listing'
      and l.community_id = n.community_id and l.member_id = ${memberId}::uuid and n.subject_id = l.id`;
  await tx.$executeRaw`
    delete from notifications n using suggestions s
    where n.community_id = ${communityId}::uuid and n.subject_type = 'Suggestion' and n.subject_id = s.id
      and s.community_id = n.community_id and ${memberId}::uuid in (s.wanter_id, s.provider_id)`;
}

/** Withdraws and empties the listings; search hears of those that were in the directory. */
async function eraseListings(tx: Tx, { communityId, memberId }: { communityId: string; memberId: string }) {
  const shown = await tx.listing.findMany({
    where: { communityId, memberId, state: 'PUBLISHED' },
    select: { id: true, kind: true },
  });
  await tx.listing.updateMany({
    where: { communityId, memberId },
    data: {
      ...{
        state: 'WITHDRAWN',
        title: '—',
        description: '',
        tags: [],
        photoUrls: [],
        availabilityNote: '',
        hiddenReason: null,
      },
      ...{ latitude: null, longitude: null, radiusKm: null, externalId: null },
      ...{ version: { increment: 1 }, updatedAt: clock.now() },
    },
  });
  for (const { id, kind } of shown) {
    await enqueue(
      tx,
      'listing.changed',
      { communityId, listingId: id },
      { key: `listing.changed:${communityId}:${id}` },
    );
    await publish(tx, 'listing.changed', { listingId: id, state: 'WITHDRAWN', kind });
  }
}

/**
 * Erases a person from every community and then the user. Each community is a transaction of its own, because a transaction
 * sees one community only; all are asked for obstacles first, and whoever is stopped half-way goes on by asking again.
 */
export async function eraseMyAccount(
  viewer: Viewer,
  { currentPassword }: { currentPassword: string },
  { address }: { address: string },
): Promise<void> {
  await confirmPassword(viewer, currentPassword, address);
  const memberships = await membershipsOf(viewer.userId);
  for (const { communityId, memberId } of memberships) await requireFreeToGo(communityId, memberId);
  for (const membership of memberships) await eraseMembership(viewer, membership);
  await eraseUser(viewer.userId);
  // Whoever applied or joined somewhere while this went on: nobody does so any more.
  for (const membership of await membershipsOf(viewer.userId)) await eraseMembership(viewer, membership);
}

const eraseMembership = ({ userId }: Viewer, { communityId, memberId }: { communityId: string; memberId: string }) =>
  inCommunity(communityId, async (tx) => {
    await lockCommunity(tx, communityId);
    await erase(tx, await memberRow(tx, communityId, memberId));
    await audit(
      tx,
      { communityId, memberId, userId },
      { action: 'member.erase', subjectType: 'Member', subjectId: memberId, reason: 'The account was erased.' },
    );
  });

async function requireFreeToGo(communityId: string, memberId: string) {
  const obstacles = await inCommunity(communityId, async (tx) =>
    obstaclesToLeaving(tx, await memberRow(tx, communityId, memberId)),
  );
  if (!obstacles.length) return;
  const community = await withCommunity(communityId, () => prisma.community.findUnique({ where: { id: communityId } }));
  throw new CannotLeaveYet(obstacles.map(({ code, message }) => ({ code, message: `${community?.name}: ${message}` })));
}

/** Leaves of the user a row that nobody can sign in to. */
async function eraseUser(userId: string) {
  await outsideCommunities(async (tx) => {
    // The user first, as everywhere: a sign-in that comes at the same time finds nobody, or its session is ended here.
    await tx.user.update({
      where: { id: userId },
      data: {
        ...{
          email: `erased-${userId}@invalid`,
          emailVerifiedAt: null,
          passwordHash: null,
          name: 'Erased',
          locale: 'en',
        },
        ...{ platformAdministrator: false, erasedAt: clock.now() },
      },
    });
    await tx.oneTimeToken.deleteMany({ where: { userId } });
    await endSessions(tx, { userId });
  });
}
