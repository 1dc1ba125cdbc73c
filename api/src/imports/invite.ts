import { inviteMembers, isPlaceholder } from '../communities/invitations.ts';
import { operatorOf } from './imports.ts';
import { clock } from '../clock.ts';
import { prisma } from '../db.ts';
import { defineJob } from '../jobs.ts';

const EXPIRES_IN_DAYS = 30;

// Invites new members to take their place over, as the operator who runs the import. Somebody who has an invitation gets no second one.
defineJob<{ communityId: string; importId: string; memberIds: string[] }>(
  'import.invite',
  async ({ communityId, importId, memberIds }) => {
    const inviter = await operatorOf({ communityId, importId });
    if (!inviter) return;
    const members = await prisma.member.findMany({
      where: {
        communityId,
        id: { in: memberIds },
        ...isPlaceholder,
        contactEmail: { not: null },
        claimInvitations: { none: { revokedAt: null, expiresAt: { gt: clock.now() } } },
      },
      select: { id: true, contactEmail: true },
      orderBy: { id: 'asc' },
    });
    for (const { id, contactEmail } of members)
      await inviteMembers(inviter, {
        emails: [contactEmail!],
        maxUses: 1,
        expiresInDays: EXPIRES_IN_DAYS,
        claimsMemberId: id,
      });
  },
);
