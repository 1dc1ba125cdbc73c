import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { link } from '../links.ts';
import { wantsMail } from './mailPreferences.ts';
import { notificationMail } from './mailTexts.ts';

// A line of the inbox goes out by mail once, to members who want that for its kind and have a confirmed address.
defineJob<{ communityId: string; notificationId: string }>(
  'notification.mail',
  async ({ communityId, notificationId }) => {
    await inCommunity(communityId, async (tx) => {
      const notification = await tx.notification.findFirst({
        where: { communityId, id: notificationId, mailedAt: null },
        include: { member: { include: { user: true } }, community: { select: { name: true } } },
      });
      if (!notification) return;
      const { member, community, kind, title, body } = notification;
      const { user } = member;
      if (!user?.emailVerifiedAt || user.erasedAt || !wantsMail(member.notificationPreferences, kind)) return;
      const { count } = await tx.notification.updateMany({
        where: { communityId, id: notificationId, mailedAt: null },
        data: { mailedAt: clock.now() },
      });
      if (!count) return;
      const mail = notificationMail(
        { title, body, communityName: community.name },
        { to: user.email, locale: member.locale, url: link('') },
      );
      await enqueue(tx, 'mail.send', { ...mail });
    });
  },
);
