import { randomBytes } from 'node:crypto';
import { Counter } from 'prom-client';
import type { Viewer } from '../context.ts';
import { clock } from '../clock.ts';
import { outsideCommunities, prisma } from '../db.ts';
import { DomainError } from '../errors.ts';
import { registry } from '../metrics.ts';
import { emailAddress } from './addresses.ts';
import { isHashOf, makeHash } from './hashing.ts';
import { mailAbout } from './mails.ts';
import { brokenRule, canonicalPassword, PASSWORD_LEAST, PASSWORD_MOST, type PasswordRule } from './passwordRules.ts';
import { endSessions } from './sessions.ts';
import { takeMailRequest, takeTry, welcome } from './throttle.ts';
import { consumeToken, LinkExpired, lockUser, readToken } from './tokens.ts';

/** The password is too easy to guess, or has no allowed length. */
export class PasswordRefused extends DomainError {
  readonly code = 'PASSWORD_REFUSED';
  readonly rule: PasswordRule;
  constructor(rule: PasswordRule) {
    super(SENTENCES[rule]);
    this.rule = rule;
  }
}
const SENTENCES: Record<PasswordRule, string> = {
  TOO_SHORT: `A password has at least ${PASSWORD_LEAST} characters; a few words make a good one.`,
  TOO_LONG: `A password has at most ${PASSWORD_MOST} characters.`,
  SAME_AS_EMAIL: 'The password is the same as the e-mail address; choose another.',
  SAME_AS_NAME: 'The password is the same as the name; choose another.',
  TOO_COMMON: 'This password is among the first that are tried; choose another.',
};

/** The present password, which the act asks for, was another one. */
export class WrongPassword extends DomainError {
  readonly code = 'WRONG_PASSWORD';
  constructor() {
    super('The present password is another one.');
  }
}

const checks = new Counter({
  name: 'kith_password_checks_total',
  help: 'Passwords checked against a hash; an unknown address costs one too.',
  registers: [registry],
});

/** A new argon2id hash; 16 ms of a core, so never inside a transaction. */
export const hashPassword = (password: string) => makeHash(canonicalPassword(password));

// What an unknown address is checked against, so that it takes as long as a known one.
const nobody = makeHash(randomBytes(32));

/** True when the password belongs to the hash; the same work whether there is one or not. */
export async function isPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  checks.inc();
  const right = await isHashOf(passwordHash ?? (await nobody), canonicalPassword(password));
  return right && Boolean(passwordHash);
}

export function requireGoodPassword(password: string, person: { email: string; name: string }) {
  const rule = brokenRule(password, person);
  if (rule) throw new PasswordRefused(rule);
}

/** Answers the hash of the viewer's present password, having checked it; it counts as a try of a sign-in. */
export async function confirmPassword(viewer: Viewer, password: string, address: string): Promise<string> {
  await takeTry({ email: viewer.email, address });
  const user = await prisma.user.findUnique({ where: { id: viewer.userId }, select: { passwordHash: true } });
  if (!(await isPassword(user?.passwordHash, password))) throw new WrongPassword();
  await welcome({ email: viewer.email, address });
  return user!.passwordHash!;
}

/** Has a link mailed by which a new password can be set, if there is such a user. Takes the same way if there is none. */
export async function requestPasswordReset(input: { email: string }, { address }: { address: string }) {
  const email = emailAddress(input.email);
  await takeMailRequest({ address });
  await outsideCommunities((tx) => mailAbout(tx, { reason: 'resetAsked', email }));
  return { email };
}

/** Sets the password by the link of a mail, which proves the address too. Ends every session and every other link. */
export async function resetPassword(
  { token, password }: { token: string; password: string },
  { address }: { address: string },
) {
  const { userId, email, user } = await readToken(token, ['RESET_PASSWORD']);
  requireGoodPassword(password, user);
  const passwordHash = await hashPassword(password);
  await outsideCommunities(async (tx) => {
    // The user first, then tokens, then sessions: all who change these lock in this order.
    if ((await lockUser(tx, userId)) !== email) throw new LinkExpired();
    await consumeToken(tx, token);
    await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    await tx.user.updateMany({ where: { id: userId, emailVerifiedAt: null }, data: { emailVerifiedAt: clock.now() } });
    await tx.oneTimeToken.deleteMany({ where: { userId } });
    await endSessions(tx, { userId });
    await mailAbout(tx, { reason: 'passwordChanged', userId });
  });
  await welcome({ email, address });
  return { email };
}

/** Sets another password for who knows the present one. Ends the other sessions and every link that is still out. */
export async function changePassword(
  viewer: Viewer,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  { address }: { address: string },
) {
  requireGoodPassword(newPassword, viewer);
  const present = await confirmPassword(viewer, currentPassword, address);
  const passwordHash = await hashPassword(newPassword);
  const { userId, sessionId } = viewer;
  await outsideCommunities(async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { id: userId, passwordHash: present },
      data: { passwordHash },
    });
    // Somebody else was faster, with a reset or in another window.
    if (!count) throw new WrongPassword();
    await tx.oneTimeToken.deleteMany({ where: { userId } });
    await endSessions(tx, { userId, NOT: { id: sessionId } });
    await mailAbout(tx, { reason: 'passwordChanged', userId });
  });
}
