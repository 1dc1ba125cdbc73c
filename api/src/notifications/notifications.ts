import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { defineJob, enqueue } from '../jobs.ts';

/** Something to tell one member. `key` makes it the same thing: it is told once, however often it is said. */
export interface Notice {
  memberId: string;
  kind: string;
  key: string;
  title: string;
  body?: string;
  subject?: { type: string; id: string };
}

/** Puts a line into the member's inbox, tells their open sockets, and hands it to e-mail where they asked for that. */
async function deliver(tx: Tx, communityId: string, { memberId, kind, key, title, body = '', subject }: Notice) {
  const id = newId();
  const { count } = await tx.notification.createMany({
    data: [
      {
        communityId,
        id,
        memberId,
        kind,
        key,
        title,
        body,
        subjectType: subject?.type ?? null,
        subjectId: subject?.id ?? null,
        createdAt: clock.now(),
      },
    ],
    skipDuplicates: true,
  });
  if (count === 0) return;
  await publish(tx, 'notification.received', { notificationId: id }, { memberId });
  await enqueue(tx, 'notification.mail', { communityId, notificationId: id });
}

// Higher domains may not call this one; they enqueue `notify` in their own transaction.
defineJob<{ communityId: string; notices: Notice[] }>('notify', async ({ communityId, notices }) => {
  await inCommunity(communityId, async (tx) => {
    for (const notice of notices) await deliver(tx, communityId, notice);
  });
});

/** Marks the named notifications of the member as read, or all of them. Answers how many were unread. */
export async function markRead(member: Member, ids: string[] | null): Promise<number> {
  const { count } = await prisma.notification.updateMany({
    where: {
      communityId: member.communityId,
      memberId: member.memberId,
      readAt: null,
      ...(ids && { id: { in: ids } }),
    },
    data: { readAt: clock.now() },
  });
  return count;
}
