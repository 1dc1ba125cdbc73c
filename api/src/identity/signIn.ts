import type { Context } from '../context.ts';
import { outsideCommunities, prisma } from '../db.ts';
import { DomainError } from '../errors.ts';
import { emailAddress } from './addresses.ts';
import { mailAbout } from './mails.ts';
import { isPassword } from './passwords.ts';
import { openSession } from './sessions.ts';
import { takeTry, welcome } from './throttle.ts';

/** An unknown address and a wrong password are one refusal. */
export class SignInRefused extends DomainError {
  readonly code = 'SIGN_IN_REFUSED';
  constructor() {
    super('The address or the password is wrong.');
  }
}
/** Told only to who knew the password. A fresh link is on its way. */
export class EmailNotVerified extends DomainError {
  readonly code = 'EMAIL_NOT_VERIFIED';
  readonly email: string;
  constructor(email: string) {
    super('The address is not confirmed yet. We have sent a new link to it.');
    this.email = email;
  }
}

type Place = Pick<Context, 'address' | 'userAgent'>;
export interface SignIn {
  email: string;
  password: string;
  label?: string | null | undefined;
}

/** A new session for who knows the password of a confirmed address. The token is told here and never again. */
export async function signIn(input: SignIn, { address, userAgent }: Place) {
  const email = emailAddress(input.email);
  await takeTry({ email, address });
  const user = await prisma.user.findUnique({ where: { email } });
  const right = await isPassword(user?.passwordHash, input.password);
  if (!user || user.erasedAt || !right) throw new SignInRefused();
  await welcome({ email, address });
  if (!user.emailVerifiedAt) {
    await outsideCommunities((tx) => mailAbout(tx, { reason: 'verificationAsked', email }));
    throw new EmailNotVerified(email);
  }
  return outsideCommunities(async (tx) => {
    // Locks the user and looks again: a password that was reset in the meantime opens no session.
    const { passwordHash } = user;
    const { count } = await tx.user.updateMany({ where: { id: user.id, passwordHash }, data: { passwordHash } });
    if (!count) throw new SignInRefused();
    return openSession(tx, { userId: user.id, label: input.label?.trim() || userAgent, address });
  });
}
