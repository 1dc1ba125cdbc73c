import { clock } from '../clock.ts';
import { prisma, type Tx } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { issueToken } from './tokens.ts';

/**
 * What happened that somebody may have to be told by mail. Whether a mail goes, to whom and which, is decided by the job and never by the
 * request: so that the request takes the same way for a known and an unknown address. It holds no secret: the token is made when the mail is.
 */
export type MailReason =
  | { reason: 'signedUp'; email: string; isNew: boolean }
  | { reason: 'verificationAsked'; email: string }
  | { reason: 'resetAsked'; email: string }
  | { reason: 'emailChangeAsked'; userId: string; email: string; sessionId: string }
  | { reason: 'emailChanged'; userId: string; oldEmail: string }
  | { reason: 'passwordChanged'; userId: string };

/** Has the mail written and sent after the commit. */
export const mailAbout = (tx: Tx, reason: MailReason) => enqueue(tx, 'identity.mail', { ...reason });

export type LetterKind =
  'CONFIRM_EMAIL' | 'ADDRESS_IN_USE' | 'CHOOSE_PASSWORD' | 'RESET_PASSWORD' | 'EMAIL_CHANGED' | 'PASSWORD_CHANGED';
export interface Letter {
  to: string;
  locale: string;
  about: LetterKind;
  /** Makes the token of the link; asked for once the mail is really written. Null: the mail is not to go any more. */
  token?: () => Promise<string | null>;
}

/** The mail that this leads to, as things are now; null when nobody is to get one. */
export async function letterFor(event: MailReason): Promise<Letter | null> {
  const user =
    'userId' in event
      ? await prisma.user.findUnique({ where: { id: event.userId } })
      : await prisma.user.findUnique({ where: { email: event.email } });
  if (!user || user.erasedAt) return null;
  const { id: userId, locale, email, emailVerifiedAt } = user;
  const confirm: Letter = {
    to: email,
    locale,
    about: 'CONFIRM_EMAIL',
    token: () => issueToken({ userId, purpose: 'VERIFY_EMAIL', email }),
  };
  const choose = (about: LetterKind): Letter => ({
    to: email,
    locale,
    about,
    token: () => issueToken({ userId, purpose: 'RESET_PASSWORD', email }),
  });

  switch (event.reason) {
    case 'signedUp':
      if (event.isNew) return confirm;
      if (emailVerifiedAt) return { to: email, locale, about: 'ADDRESS_IN_USE' };
      // Two have claimed an address that nobody has confirmed. Neither password counts: the owner of the address chooses one.
      await prisma.user.updateMany({ where: { id: userId, emailVerifiedAt: null }, data: { passwordHash: null } });
      return choose('CHOOSE_PASSWORD');
    case 'verificationAsked':
      return emailVerifiedAt ? null : confirm;
    case 'resetAsked':
      return choose('RESET_PASSWORD');
    case 'emailChangeAsked':
      return letterToNewAddress(event, locale);
    case 'emailChanged':
      return { to: event.oldEmail, locale, about: 'EMAIL_CHANGED' };
    case 'passwordChanged':
      return { to: email, locale, about: 'PASSWORD_CHANGED' };
  }
}

async function letterToNewAddress(
  { userId, email, sessionId }: Extract<MailReason, { reason: 'emailChangeAsked' }>,
  locale: string,
): Promise<Letter | null> {
  // A reset ends all sessions: what a thief had asked for before does not come after it.
  const session = await prisma.session.findFirst({ where: { id: sessionId, userId, expiresAt: { gt: clock.now() } } });
  if (!session) return null;
  const owner = await prisma.user.findUnique({ where: { email } });
  if (owner?.emailVerifiedAt) return { to: email, locale: owner.locale, about: 'ADDRESS_IN_USE' };
  return {
    to: email,
    locale,
    about: 'CONFIRM_EMAIL',
    token: () => issueToken({ userId, purpose: 'CHANGE_EMAIL', email }, { sessionId }),
  };
}
