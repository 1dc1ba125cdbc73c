import type { LetterKind } from '../identity/mails.ts';
import type { Mail } from './mail.ts';

/** Every mail Kith writes, in every language it writes in. Names people gave themselves stay out: an address that is not confirmed may be a stranger's. */
interface Text {
  subject: string;
  lines: string[];
  /** What the link is called. */
  link: string;
}
type Letters = Record<LetterKind, Text> & {
  NOTIFICATION: { link: string; why: string };
  INVITATION: { subject: string; line: string; link: string; after: string };
};

const en: Letters = {
  CONFIRM_EMAIL: {
    subject: 'Confirm your e-mail address',
    lines: [
      'This address was entered at Kith. If that was you, confirm it with this link. It works once, for 24 hours.',
      'If it was not you, do not open the link: without it nothing happens.',
    ],
    link: 'Confirm the address',
  },
  CHOOSE_PASSWORD: {
    subject: 'Choose your password',
    lines: [
      'Somebody signed up at Kith with this address more than once, and it was never confirmed. If that was you, choose a password with this link; it confirms the address too. It works once, for 2 hours.',
      'If it was not you, do not open the link: without it nothing happens.',
    ],
    link: 'Choose a password',
  },
  ADDRESS_IN_USE: {
    subject: 'You have an account already',
    lines: [
      'Somebody, perhaps you, entered this address at Kith for an account. It has one already: sign in with it. If you have forgotten the password, ask for a new one there.',
      'If it was not you, there is nothing to do: nobody was told that the address is known.',
    ],
    link: 'Sign in',
  },
  RESET_PASSWORD: {
    subject: 'Set a new password',
    lines: [
      'A new password was asked for your account at Kith. Set it with this link. It works once, for 2 hours, and ends all your sessions.',
      'If it was not you, do not open the link: your password stays as it is.',
    ],
    link: 'Set a new password',
  },
  EMAIL_CHANGED: {
    subject: 'Your e-mail address was changed',
    lines: [
      'The address of your account at Kith was changed. From now on mails go to the new one.',
      'If it was not you, tell the operator of your community at once.',
    ],
    link: 'Open Kith',
  },
  PASSWORD_CHANGED: {
    subject: 'Your password was changed',
    lines: [
      'The password of your account at Kith was changed, and other sessions were ended.',
      'If it was not you, set a new password at once: ask for one where you sign in.',
    ],
    link: 'Open Kith',
  },
  NOTIFICATION: {
    link: 'Open Kith',
    why: 'You get this mail because of your notification preferences in this community; you can change them there.',
  },
  INVITATION: {
    subject: 'Invitation to {community}',
    line: 'A member of {community} invites you to join. The link works until {date}.',
    link: 'See the invitation',
    after: 'If you do not know why you got this, you need not do anything.',
  },
};

const ru: Letters = {
  CONFIRM_EMAIL: {
    subject: 'Подтвердите адрес электронной почты',
    lines: [
      'Этот адрес указали в Kith. Если это были вы, подтвердите его по ссылке. Она действует один раз, в течение 24 часов.',
      'Если это были не вы, не открывайте ссылку: без неё ничего не произойдёт.',
    ],
    link: 'Подтвердить адрес',
  },
  CHOOSE_PASSWORD: {
    subject: 'Выберите пароль',
    lines: [
      'С этим адресом в Kith регистрировались несколько раз, и он так и не был подтверждён. Если это были вы, выберите пароль по ссылке; она же подтвердит адрес. Она действует один раз, в течение 2 часов.',
      'Если это были не вы, не открывайте ссылку: без неё ничего не произойдёт.',
    ],
    link: 'Выбрать пароль',
  },
  ADDRESS_IN_USE: {
    subject: 'У вас уже есть учётная запись',
    lines: [
      'Кто-то, возможно вы, указал этот адрес в Kith для учётной записи. Она уже есть: войдите с этим адресом. Если вы забыли пароль, запросите там новый.',
      'Если это были не вы, делать ничего не нужно: никому не сообщили, что адрес известен.',
    ],
    link: 'Войти',
  },
  RESET_PASSWORD: {
    subject: 'Новый пароль',
    lines: [
      'Для вашей учётной записи в Kith запросили новый пароль. Задайте его по ссылке. Она действует один раз, в течение 2 часов, и завершает все ваши сеансы.',
      'Если это были не вы, не открывайте ссылку: пароль останется прежним.',
    ],
    link: 'Задать новый пароль',
  },
  EMAIL_CHANGED: {
    subject: 'Адрес электронной почты изменён',
    lines: [
      'Адрес вашей учётной записи в Kith изменён. Теперь письма приходят на новый адрес.',
      'Если это сделали не вы, сразу сообщите оператору вашего сообщества.',
    ],
    link: 'Открыть Kith',
  },
  PASSWORD_CHANGED: {
    subject: 'Пароль изменён',
    lines: [
      'Пароль вашей учётной записи в Kith изменён, другие сеансы завершены.',
      'Если это сделали не вы, сразу задайте новый пароль: запросите его на странице входа.',
    ],
    link: 'Открыть Kith',
  },
  NOTIFICATION: {
    link: 'Открыть Kith',
    why: 'Вы получили это письмо согласно настройкам уведомлений в этом сообществе; там же их можно изменить.',
  },
  INVITATION: {
    subject: 'Приглашение: {community}',
    line: 'Участник сообщества «{community}» приглашает вас вступить. Ссылка действует до {date}.',
    link: 'Посмотреть приглашение',
    after: 'Если вы не знаете, почему получили это письмо, делать ничего не нужно.',
  },
};

const languages = new Map([
  ['en', en],
  ['ru', ru],
]);
/** The letters in the language of the locale; in English where we have none. */
const lettersFor = (locale: string) => languages.get(locale.split('-')[0]!.toLowerCase()) ?? en;

/** A letter about an account, with its link. */
export function accountMail(about: LetterKind, { to, locale, url }: { to: string; locale: string; url: string }): Mail {
  const { subject, lines, link } = lettersFor(locale)[about];
  return write({ to, subject, paragraphs: [lines[0]!], link, url, after: lines.slice(1) });
}

/** A notification of a community, as it stands in the inbox. */
export function notificationMail(
  { title, body, communityName }: { title: string; body: string; communityName: string },
  { to, locale, url }: { to: string; locale: string; url: string },
): Mail {
  const { link, why } = lettersFor(locale).NOTIFICATION;
  const subject = `[${communityName}] ${title}`.replace(/\s+/g, ' ').slice(0, 200);
  return write({ to, subject, paragraphs: [title, body].filter(Boolean), link, url, after: [why] });
}

/** An invitation to a community, in the community's language: of the person it goes to nothing is known. */
export function invitationMail({
  to,
  locale,
  url,
  communityName,
  expiresAt,
}: {
  to: string;
  locale: string;
  url: string;
  communityName: string;
  expiresAt: Date;
}): Mail {
  const { subject, line, link, after } = lettersFor(locale).INVITATION;
  const filled = (text: string) =>
    text.replace('{community}', () => communityName).replace('{date}', expiresAt.toISOString().slice(0, 10));
  return write({ to, subject: filled(subject), paragraphs: [filled(line)], link, url, after: [after] });
}

interface Parts {
  to: string;
  subject: string;
  paragraphs: string[];
  link: string;
  url: string;
  after: string[];
}
function write({ to, subject, paragraphs, link, url, after }: Parts): Mail {
  const html = (text: string) => `<p>${escapeHtml(text).replace(/\n/g, '<br>')}</p>`;
  return {
    to,
    subject,
    text: [...paragraphs, `${link}: ${url}`, ...after].join('\n\n'),
    html: `<!doctype html><meta charset="utf-8"><body style="font-family:sans-serif;line-height:1.5;max-width:36em">${[
      ...paragraphs.map(html),
      `<p><a href="${escapeHtml(url)}">${escapeHtml(link)}</a></p>`,
      ...after.map(html),
    ].join('')}</body>`,
  };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
