import { randomBytes } from 'node:crypto';
import type { OneTimeTokenPurpose } from '@kith/db';
import { clock } from '../clock.ts';
import { hashToken } from '../context.ts';
import { outsideCommunities, prisma, type Tx } from '../db.ts';
import { DomainError } from '../errors.ts';

/** The link of a mail was not accepted. Which of the three it was is not told: a stranger would learn from it. */
export class LinkExpired extends DomainError {
  readonly code = 'LINK_EXPIRED';
  constructor() {
    super('This link is not known, was used already or has expired. Ask for a new one.');
  }
}

const LIVES_MINUTES: Record<OneTimeTokenPurpose, number> = {
  VERIFY_EMAIL: 24 * 60,
  CHANGE_EMAIL: 24 * 60,
  // Longer than the hour in which no further mail is sent: who gets none has one that still works.
  RESET_PASSWORD: 2 * 60,
};

/** 32 random bytes. The table holds their sha256 only. */
export const newToken = () => randomBytes(32).toString('base64url');

export interface OneTime {
  userId: string;
  purpose: OneTimeTokenPurpose;
  /** The address the token was sent to. */
  email: string;
}

/**
 * Locks the user and answers the address they have now; undefined when there is no such user any more. Who changes address, password, tokens or sessions holds this first: so that a
 * reset and a change of address take turns, and the later one sees what the earlier one did.
 */
export async function lockUser(tx: Tx, userId: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ email: string }[]>`
    select email from users where id = ${userId}::uuid and erased_at is null for update`;
  return rows[0]?.email;
}

/**
 * Makes a token that works once; it is told to nobody but the caller. Null when what it was asked for holds no longer: the session
 * that asked has ended, or the address it was to prove is not the user's any more.
 */
export async function issueToken(oneTime: OneTime, { sessionId }: { sessionId?: string } = {}): Promise<string | null> {
  const token = newToken();
  const createdAt = clock.now();
  const expiresAt = new Date(createdAt.getTime() + LIVES_MINUTES[oneTime.purpose] * 60_000);
  return outsideCommunities(async (tx) => {
    const email = await lockUser(tx, oneTime.userId);
    if (!email) return null;
    if (sessionId) {
      const session = { id: sessionId, userId: oneTime.userId, expiresAt: { gt: createdAt } };
      if (!(await tx.session.count({ where: session }))) return null;
    } else if (email !== oneTime.email) return null;
    await tx.oneTimeToken.create({ data: { ...oneTime, tokenHash: hashToken(token), createdAt, expiresAt } });
    return token;
  });
}

/** What a token is good for, without using it up: passwords are hashed before the transaction that consumes it. */
export async function readToken(token: string, purposes: OneTimeTokenPurpose[]) {
  const found = await prisma.oneTimeToken.findFirst({
    where: {
      tokenHash: hashToken(token),
      purpose: { in: purposes },
      expiresAt: { gt: clock.now() },
      user: { erasedAt: null },
    },
    select: { userId: true, purpose: true, email: true, user: { select: { name: true, email: true } } },
  });
  if (!found) throw new LinkExpired();
  return found;
}

/** Uses the token up; of two at once, one wins. */
export async function consumeToken(tx: Tx, token: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`
    delete from one_time_tokens where token_hash = ${hashToken(token)} and expires_at > ${clock.now()} returning user_id`;
  if (!rows.length) throw new LinkExpired();
}
