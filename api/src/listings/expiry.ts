import { clock } from '../clock.ts';
import { policiesOf } from '../communities/policies.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { log } from '../log.ts';
import { phrase, type Phrase } from '../texts/text.ts';
import { announce } from './changes.ts';
import { surroundingsOf } from './surroundings.ts';

const BATCH = 200;
const DAY_MS = 86_400_000;

/** Ends what has run out in a community and reminds authors of what soon will. May run twice, also at once. Answers how many of each. */
export async function expireListings(communityId: string, now: Date): Promise<{ expired: number; reminded: number }> {
  return {
    expired: await inBatches(() => inCommunity(communityId, (tx) => expireBatch(tx, communityId, now))),
    reminded: await inBatches(() => inCommunity(communityId, (tx) => remindBatch(tx, communityId, now))),
  };
}

async function inBatches(batch: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const done = await batch();
    total += done;
    if (done < BATCH) return total;
  }
}

async function expireBatch(tx: Tx, communityId: string, now: Date): Promise<number> {
  const due = { communityId, state: 'PUBLISHED' as const, expiresAt: { lte: now } };
  const found = await tx.listing.findMany({
    where: due,
    select: { id: true },
    orderBy: { expiresAt: 'asc' },
    take: BATCH,
  });
  if (!found.length) return 0;
  // Asked again while writing: another run may have been faster, or the author renewed in this moment.
  const expired = await tx.listing.updateManyAndReturn({
    where: { ...due, id: { in: found.map(({ id }) => id) } },
    data: { state: 'EXPIRED', updatedAt: now },
    select: { communityId: true, id: true, kind: true, memberId: true, title: true, expiresAt: true },
  });
  for (const listing of expired) await announce(tx, { ...listing, before: 'PUBLISHED', after: 'EXPIRED' });
  await tell(tx, communityId, expired, 'expired', ({ title }) => phrase('listing.expired', { title }));
  return found.length;
}

async function remindBatch(tx: Tx, communityId: string, now: Date): Promise<number> {
  const { policies, timeZone } = await surroundingsOf(tx, communityId);
  const { reminderDays } = policiesOf({ policies });
  const soon = {
    communityId,
    state: 'PUBLISHED' as const,
    remindedAt: null,
    expiresAt: { gt: now, lte: new Date(now.getTime() + reminderDays * DAY_MS) },
  };
  const found = await tx.listing.findMany({
    where: soon,
    select: { id: true },
    orderBy: { expiresAt: 'asc' },
    take: BATCH,
  });
  if (!found.length) return 0;
  const reminded = await tx.listing.updateManyAndReturn({
    where: { ...soon, id: { in: found.map(({ id }) => id) } },
    data: { remindedAt: now },
    select: { id: true, memberId: true, title: true, expiresAt: true },
  });
  await tell(tx, communityId, reminded, 'expiring', ({ title, expiresAt }) =>
    phrase('listing.expiring', { title, date: { date: expiresAt!.toISOString(), timeZone } }),
  );
  return found.length;
}

interface Ending {
  id: string;
  memberId: string;
  title: string;
  expiresAt: Date | null;
}
/** One job with a notice for each listing. The end is part of the key: after a renewal it is told again. */
async function tell(
  tx: Tx,
  communityId: string,
  listings: Ending[],
  what: 'expired' | 'expiring',
  title: (listing: Ending) => Phrase,
) {
  if (!listings.length) return;
  const notices = listings.map((listing) => ({
    memberId: listing.memberId,
    kind: `listing.${what}`,
    key: `listing.${what}:${listing.id}:${listing.expiresAt!.getTime()}`,
    title: title(listing),
    body: phrase(`listing.${what}.body`),
    subject: { type: 'Listing', id: listing.id },
  }));
  await enqueue(tx, 'notify', { communityId, notices });
}

defineJob(
  'listings.expire',
  async () => {
    const communities = await prisma.community.findMany({ select: { id: true } });
    let failure: unknown;
    for (const { id } of communities) {
      // One community's trouble does not keep the others waiting; the job is tried again as a whole.
      await expireListings(id, clock.now()).catch((error: unknown) => {
        log.error({ communityId: id, error }, 'the listings of a community could not be expired');
        failure ??= error;
      });
    }
    if (failure) throw failure;
  },
  { every: '*/10 * * * *' },
);
