import { hashToken, type Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, pool, prisma, type Tx } from '../db.ts';
import { DomainError, badInput, forbidden, notFound } from '../errors.ts';
import { newToken } from '../identity/tokens.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { NO_COMMUNITY, withCommunity, type MemberRole } from '@kith/db';
import { audit } from './audit.ts';
import { can } from './capabilities.ts';
import { lockCommunity } from './membership.ts';
import { policiesOf } from './policies.ts';

export class TooManyInvitations extends DomainError {
  readonly code = 'TOO_MANY_INVITATIONS';
  readonly most: number;
  constructor(most: number) {
    super(
      most === 0
        ? 'In this community operators and brokers invite: ask one of them.'
        : `You may have ${most} open invitations at a time: revoke one, or wait until one is used or expires.`,
    );
    this.most = most;
  }
}

export interface InvitationOrder {
  /** One invitation for each address, mailed; none: one link to pass on. */
  emails: string[];
  maxUses: number;
  expiresInDays: number;
  /** The placeholder member the invited person takes over. */
  claimsMemberId?: string | undefined;
}
export interface IssuedInvitation {
  invitationId: string;
  /** Told here and never again: the table holds its sha256. None where it goes by mail: then only the mail has it. */
  token: string | null;
}

/** Invites by link or e-mail. Ordinary members invite one person each, as many at a time as the policy says. */
export async function inviteMembers(inviter: Member, order: InvitationOrder): Promise<IssuedInvitation[]> {
  const { communityId, memberId } = inviter;
  const invitesMany = can(inviter.roles, 'membersInviteMany');
  if (!invitesMany && order.maxUses > 1) throw badInput('Your invitations are for one person each.', 'maxUses');
  if (!invitesMany && order.claimsMemberId) throw notFound('member');
  if (order.claimsMemberId && (order.maxUses > 1 || order.emails.length > 1))
    throw badInput('A member can be taken over by one person only.', 'claimsMemberId');
  const emails = order.emails.length ? [...new Set(order.emails.map((email) => email.toLowerCase()))] : [null];

  return inCommunity(inviter, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    if (!invitesMany) await requireFewOpen(tx, inviter, emails.length, policiesOf(community).openInvitationsPerMember);
    if (order.claimsMemberId) await requirePlaceholder(tx, inviter, order.claimsMemberId);
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + order.expiresInDays * DAY_MS);
    const issued = emails.map((email) => ({ email, id: newId(), token: newToken() }));
    await tx.invitation.createMany({
      data: issued.map(({ email, id, token }) => ({
        communityId,
        id,
        tokenHash: hashToken(token),
        inviterId: memberId,
        email,
        claimsMemberId: order.claimsMemberId ?? null,
        maxUses: email ? 1 : order.maxUses,
        createdAt: now,
        expiresAt,
      })),
    });
    for (const { email, id } of issued)
      if (email) await enqueue(tx, 'invitation.mail', { communityId, invitationId: id });
    if (invitesMany)
      await audit(tx, inviter, {
        action: 'invitation.create',
        subjectType: 'Invitation',
        subjectId: issued[0]!.id,
        detail: { invitations: issued.length, maxUses: order.maxUses, claimsMemberId: order.claimsMemberId ?? null },
      });
    return issued.map(({ email, id, token }) => ({ invitationId: id, token: email ? null : token }));
  });
}

/**
 * Gives the invitation, while it can be used, the token that its mail will carry, in place of one that nobody was told; null when
 * no mail is to go. So neither a table nor the queue ever holds it in clear.
 */
export async function invitationLetter({ communityId, invitationId }: { communityId: string; invitationId: string }) {
  const token = newToken();
  const where = { communityId, id: invitationId, email: { not: null }, ...isOpen() };
  const { count } = await prisma.invitation.updateMany({ where, data: { tokenHash: hashToken(token) } });
  if (!count) return null;
  const { email, expiresAt, community } = await prisma.invitation.findUniqueOrThrow({
    where: { communityId_id: { communityId, id: invitationId } },
    include: { community: { select: { name: true, locale: true } } },
  });
  return email === null
    ? null
    : { to: email, token, expiresAt, communityName: community.name, locale: community.locale };
}

const isOpen = () => ({
  revokedAt: null,
  expiresAt: { gt: clock.now() },
  uses: { lt: prisma.invitation.fields.maxUses },
});

const DAY_MS = 86_400_000;
async function requireFewOpen(tx: Tx, { communityId, memberId }: Member, more: number, most: number) {
  // Taking a mail back does not unsend it: for a day it counts on, else one member could mail the whole world.
  const lately = { gt: new Date(clock.now().getTime() - DAY_MS) };
  const open = await tx.invitation.count({
    where: {
      ...{ communityId, inviterId: memberId },
      OR: [isOpen(), { email: { not: null }, revokedAt: { not: null }, createdAt: lately }],
    },
  });
  if (open + more > most) throw new TooManyInvitations(most);
}

async function requirePlaceholder(tx: Tx, inviter: Member, id: string) {
  const placeholder = await tx.member.findFirst({ where: { communityId: inviter.communityId, id, ...isPlaceholder } });
  if (!placeholder) throw notFound('member without a user');
  if (!mayHandOver(inviter, placeholder)) throw forbidden('inviting somebody to a place with roles');
}
/** Whoever takes over a placeholder gets its roles: to hand them out takes the right to grant them. */
export const mayHandOver = (inviter: { roles: MemberRole[] }, placeholder: { roles: MemberRole[] }) =>
  placeholder.roles.every((role) => role === 'MEMBER') || can(inviter.roles, 'membersGrantRoles');

/** A member that an import made and nobody has signed in for yet; an erased one is none. */
export const isPlaceholder = { userId: null, erasedAt: null, state: { in: ['ACTIVE' as const, 'APPLIED' as const] } };

/** Makes a link stop working: one's own, or anybody's with the right to invite many. */
export async function revokeInvitation(member: Member, id: string): Promise<void> {
  const { communityId, memberId } = member;
  const anybodys = can(member.roles, 'membersInviteMany');
  await inCommunity(member, async (tx) => {
    const { count } = await tx.invitation.updateMany({
      where: { communityId, id, revokedAt: null, ...(!anybodys && { inviterId: memberId }) },
      data: { revokedAt: clock.now() },
    });
    const known =
      count || (await tx.invitation.count({ where: { communityId, id, ...(!anybodys && { inviterId: memberId }) } }));
    if (!known) throw notFound('invitation');
    if (count && anybodys)
      await audit(tx, member, { action: 'invitation.revoke', subjectType: 'Invitation', subjectId: id });
  });
}

export type InvitationState = 'OPEN' | 'EXPIRED' | 'REVOKED' | 'USED_UP';
interface InvitationRow {
  revokedAt: Date | null;
  expiresAt: Date;
  uses: number;
  maxUses: number;
}
/** What a link is still good for. */
export function stateOf({ revokedAt, expiresAt, uses, maxUses }: InvitationRow): InvitationState {
  if (revokedAt) return 'REVOKED';
  if (uses >= maxUses) return 'USED_UP';
  return expiresAt <= clock.now() ? 'EXPIRED' : 'OPEN';
}

/** Where a token leads, for whoever holds it; undefined when it leads nowhere. Crosses communities by the token alone. */
export async function findInvitation(token: string): Promise<{ communityId: string; id: string } | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const { rows } = await withCommunity(NO_COMMUNITY, () =>
    pool.query({
      name: 'invitation_by_token',
      text: 'select community_id, id from kith.invitation_by_token($1)',
      values: [hashToken(token)],
    }),
  );
  return rows[0] && { communityId: rows[0].community_id, id: rows[0].id };
}

/** What the holder of a link may see of it before signing in; null for an unknown token. */
export async function lookAtInvitation(token: string) {
  const found = await findInvitation(token);
  if (!found) return null;
  const { communityId, id } = found;
  return withCommunity(communityId, async () => {
    const invitation = await prisma.invitation.findUnique({
      where: { communityId_id: { communityId, id } },
      include: {
        community: true,
        inviter: { select: { displayName: true } },
        claimsMember: { select: { displayName: true } },
      },
    });
    return invitation && { ...invitation, state: stateOf(invitation) };
  });
}
export type InvitationView = NonNullable<Awaited<ReturnType<typeof lookAtInvitation>>>;
