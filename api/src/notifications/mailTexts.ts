import type { LetterKind } from '../identity/mails.ts';
import { text, type TextKey } from '../texts/text.ts';
import type { Mail } from './mail.ts';

/** A letter about an account, with its link. Names people gave themselves stay out: an address that is not confirmed may be a stranger's. */
export function accountMail(about: LetterKind, { to, locale, url }: { to: string; locale: string; url: string }): Mail {
  const say = (part: 'subject' | 'before' | 'link' | 'after') =>
    text(locale, `mail.${about}.${part}` satisfies TextKey);
  return write({ to, subject: say('subject'), before: [say('before')], link: say('link'), url, after: say('after') });
}

/** A notification of a community, as it stands in the inbox. */
export function notificationMail(
  { title, body, communityName }: { title: string; body: string; communityName: string },
  { to, locale, url }: { to: string; locale: string; url: string },
): Mail {
  const subject = `[${communityName}] ${title}`.replace(/\s+/g, ' ').slice(0, 200);
  const [link, after] = [text(locale, 'mail.notification.link'), text(locale, 'mail.notification.after')];
  return write({ to, subject, before: [title, body].filter(Boolean), link, url, after });
}

/** An invitation to a community, in the community's language: of the person it goes to nothing is known. */
export function invitationMail({
  to,
  locale,
  url,
  communityName: community,
  expiresAt,
}: {
  to: string;
  locale: string;
  url: string;
  communityName: string;
  expiresAt: Date;
}): Mail {
  const date = { date: expiresAt.toISOString(), timeZone: 'UTC' };
  return write({
    to,
    subject: text(locale, 'mail.invitation.subject', { community }),
    before: [text(locale, 'mail.invitation.before', { community, date })],
    link: text(locale, 'mail.invitation.link'),
    url,
    after: text(locale, 'mail.invitation.after'),
  });
}

interface Parts {
  to: string;
  subject: string;
  before: string[];
  link: string;
  url: string;
  after: string;
}
function write({ to, subject, before, link, url, after }: Parts): Mail {
  const html = (words: string) => `<p>${escapeHtml(words).replace(/\n/g, '<br>')}</p>`;
  return {
    to,
    subject,
    text: [...before, `${link}: ${url}`, after].join('\n\n'),
    html: `<!doctype html><meta charset="utf-8"><body style="font-family:sans-serif;line-height:1.5;max-width:36em">${[
      ...before.map(html),
      `<p><a href="${escapeHtml(url)}">${escapeHtml(link)}</a></p>`,
      html(after),
    ].join('')}</body>`,
  };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (words: string) => words.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
