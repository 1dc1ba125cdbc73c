import type { Context, Viewer } from '../context.ts';
import { clock } from '../clock.ts';
import { isUniqueViolation, outsideCommunities, prisma, sqlState } from '../db.ts';
import { DomainError, badInput } from '../errors.ts';
import { newId } from '../ids.ts';
import { emailAddress } from './addresses.ts';
import { mailAbout } from './mails.ts';
import { confirmPassword, hashPassword, requireGoodPassword } from './passwords.ts';
import { takeMailRequest } from './throttle.ts';
import { consumeToken, LinkExpired, lockUser, readToken } from './tokens.ts';

/** Somebody else has this address. Told only to who has proved that it is theirs. */
export class EmailTaken extends DomainError {
  readonly code = 'EMAIL_TAKEN';
  constructor() {
    super('Another account has this address by now: sign in there.');
  }
}

export interface SignUp {
  email: string;
  password: string;
  name?: string | null | undefined;
  locale?: string | null | undefined;
}

/** Makes a user who has still to confirm the address. For an address that is known the answer and the work are the same; its owner gets a mail. */
export async function signUp(input: SignUp, { address }: Pick<Context, 'address'>) {
  const email = emailAddress(input.email);
  const name = input.name?.trim() || email.split('@')[0]!;
  requireGoodPassword(input.password, { email, name });
  await takeMailRequest({ address });
  const passwordHash = await hashPassword(input.password);
  await outsideCommunities(async (tx) => {
    const { count } = await tx.user.createMany({
      data: [{ id: newId(), email, name, locale: input.locale ?? 'en', passwordHash, createdAt: clock.now() }],
      skipDuplicates: true,
    });
    await mailAbout(tx, { reason: 'signedUp', email, isNew: count === 1 });
  });
  return { email };
}

/** Sends the link to confirm an address again, if somebody signed up with it and it is not confirmed. */
export async function requestEmailVerification(input: { email: string }, { address }: Pick<Context, 'address'>) {
  const email = emailAddress(input.email);
  await takeMailRequest({ address });
  await outsideCommunities((tx) => mailAbout(tx, { reason: 'verificationAsked', email }));
  return { email };
}

// The unconfirmed user is a member somewhere and stays.
const STILL_REFERRED_TO = '23503';

/** Confirms the address by the link that was sent to it: the one signed up with, or the new one that replaces the old now. */
export async function verifyEmail(token: string) {
  const { userId, purpose, email, user } = await readToken(token, ['VERIFY_EMAIL', 'CHANGE_EMAIL']);
  const isChange = purpose === 'CHANGE_EMAIL';
  try {
    await outsideCommunities(async (tx) => {
      if ((await lockUser(tx, userId)) !== (isChange ? user.email : email)) throw new LinkExpired();
      // Who signed up with an address that was never theirs does not keep its owner from it.
      if (isChange) await tx.user.deleteMany({ where: { email, emailVerifiedAt: null, platformAdministrator: false } });
      await consumeToken(tx, token);
      await tx.user.update({ where: { id: userId }, data: { email, emailVerifiedAt: clock.now() } });
      // Other links were sent to an address that is no longer theirs, or to confirm what is confirmed.
      await tx.oneTimeToken.deleteMany({ where: { userId, ...(!isChange && { purpose: 'VERIFY_EMAIL' }) } });
      if (isChange) await mailAbout(tx, { reason: 'emailChanged', userId, oldEmail: user.email });
    });
  } catch (error) {
    throw isUniqueViolation(error) || sqlState(error) === STILL_REFERRED_TO ? new EmailTaken() : error;
  }
  return { email };
}

/** Sends a link to the new address; the old one stays until it is used. */
export async function changeEmail(
  viewer: Viewer,
  input: { newEmail: string; currentPassword: string },
  { address }: Pick<Context, 'address'>,
) {
  const email = emailAddress(input.newEmail, 'newEmail');
  if (email === viewer.email) throw badInput('newEmail is the address you have already.', 'newEmail');
  await takeMailRequest({ address });
  await confirmPassword(viewer, input.currentPassword, address);
  const { userId, sessionId } = viewer;
  await outsideCommunities((tx) => mailAbout(tx, { reason: 'emailChangeAsked', userId, email, sessionId }));
  return { email };
}

/** Changes what the viewer is called and the language of their mails. */
export const updateUser = (
  { userId }: Viewer,
  { name, locale }: { name?: string | null | undefined; locale?: string | null | undefined },
) =>
  prisma.user.updateMany({
    where: { id: userId },
    data: { ...(name && { name }), ...(locale && { locale }) },
  });
