import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { publish } from '../events.ts';
import { newId } from '../ids.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { inLocale, type Phrase } from '../texts/text.ts';
import { peopleOf } from './people.ts';

/**
 * Something to tell one member: words of the community as they are, ours in the member's language. `key` makes it the same thing: it is
 * told once, however often it is said.
 */
export interface Notice {
  memberId: string;
  kind: string;
  key: string;
  title: string | Phrase;
  body?: string | Phrase;
  subject?: { type: string; id: string };
}

/** Puts a line into the member's inbox, tells their open sockets, and hands it to e-mail where they asked for that. */
async function deliver(
  tx: Tx,
  { communityId, locale }: { communityId: string; locale: string },
  { memberId, kind, key, title, body = '', subject }: Notice,
) {
  const id = newId();
  const { count } = await tx.notification.createMany({
    data: [
      {
        communityId,
        id,
        memberId,
        kind,
        key,
        title: inLocale(locale, title),
        body: inLocale(locale, body),
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
    const members = await tx.member.findMany({
      where: { communityId, id: { in: notices.map(({ memberId }) => memberId) } },
      select: { id: true, locale: true },
    });
    const silenced = await namesErased(tx, communityId, notices);
    const locales = new Map(members.map(({ id, locale }) => [id, locale]));
    for (const notice of notices) {
      const locale = locales.get(notice.memberId);
      if (locale !== undefined && !silenced.has(notice)) await deliver(tx, { communityId, locale }, notice);
    }
  });
});

/**
 * Which of the notices name somebody who was erased since they were written, or a thing of theirs. Its people are held until these are
 * delivered: an erasure comes before, and silences them, or after, and takes them out again.
 */
async function namesErased(tx: Tx, communityId: string, notices: Notice[]): Promise<Set<Notice>> {
  const people = await peopleOf(tx, communityId, notices);
  if (!people.size) return new Set();
  const rows = await tx.$queryRaw<{ id: string; isErased: boolean }[]>`
    select id, erased_at is not null as "isErased" from members
    where community_id = ${communityId}::uuid and id = any(${[...new Set([...people.values()].flat())]}::uuid[])
    order by id for share`;
  const erased = new Set(rows.flatMap(({ id, isErased }) => (isErased ? [id] : [])));
  return new Set(notices.filter(({ subject }) => people.get(subject?.id ?? '')?.some((id) => erased.has(id))));
}

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
