import type { Sql } from '@kith/db';
import { clock } from '../clock.ts';
import { hashToken, type Viewer } from '../context.ts';
import { outsideCommunities, prisma, type Tx } from '../db.ts';
import { notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { defineJob } from '../jobs.ts';
import { clearThrottle } from './throttle.ts';
import { newToken } from './tokens.ts';

let sessionDays = 30;
/** Sets how long a session lives; called once at start. */
export const configureIdentity = ({ SESSION_DAYS }: { SESSION_DAYS: number }) => void (sessionDays = SESSION_DAYS);

/** Scripts sign in again and again: the least used session gives way. */
export const SESSIONS_MOST = 100;
const LABEL_MOST = 200;

/** Opens a session for a user whom the caller has made sure of and holds locked. Every way to sign in ends here. */
export async function openSession(
  tx: Tx,
  { userId, label, address }: { userId: string; label: string; address: string },
) {
  const token = newToken();
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000);
  await tx.session.create({
    data: {
      id: newId(),
      userId,
      tokenHash: hashToken(token),
      label: label.slice(0, LABEL_MOST),
      address,
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
    },
  });
  const tooMany = await tx.session.findMany({
    where: { userId },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    skip: SESSIONS_MOST,
    select: { id: true },
  });
  if (tooMany.length) await endSessions(tx, { userId, id: { in: tooMany.map(({ id }) => id) } });
  return { token, expiresAt, userId };
}

/** Ends the sessions and has every process close their sockets after the commit. Answers how many there were. */
export async function endSessions(tx: Tx, where: Sql.SessionWhereInput & { userId: string }): Promise<number> {
  const { count } = await tx.session.deleteMany({ where });
  if (count) await tx.$executeRaw`select pg_notify('kith_signals', 'sessions')`;
  return count;
}

/** Ends one session of the viewer's own, this one or another. */
export async function endSession({ userId }: Viewer, id: string): Promise<void> {
  const count = await outsideCommunities((tx) => endSessions(tx, { userId, id }));
  if (!count) throw notFound('session');
}

/** Ends all sessions of the viewer, this one too. Answers how many there were. */
export const signOutEverywhere = ({ userId }: Viewer) => outsideCommunities((tx) => endSessions(tx, { userId }));

/** The viewer's sessions, last used first. */
export const sessionsOf = ({ userId }: Viewer) => ({
  where: { userId, expiresAt: { gt: clock.now() } },
  orderBy: [{ lastUsedAt: 'desc' as const }, { id: 'desc' as const }],
  take: SESSIONS_MOST,
});

// Expired ones are refused anyway; this only keeps the tables small.
defineJob(
  'identity.sweep',
  async () => {
    const expired = { where: { expiresAt: { lte: clock.now() } } };
    await prisma.session.deleteMany(expired);
    await prisma.oneTimeToken.deleteMany(expired);
    await clearThrottle();
  },
  { every: '17 3 * * *' },
);
