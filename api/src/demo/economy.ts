import { withCommunity } from '@kith/db';
import { clock } from '../clock.ts';
import { ownerPool, prisma } from '../db.ts';
import { runDueJobs } from '../jobs.ts';
import { alderValleyEconomy } from './economies/alderValley.ts';
import { harbourLaneEconomy } from './economies/harbourLane.ts';
import { zarechyeEconomy } from './economies/zarechye.ts';
import { placeOf, stepsOf, type Place } from './steps.ts';

const DAY_MS = 86_400_000;
/** How long the demo's communities have been living at its first start. */
const LIVED_DAYS = 70;
/** What members have been told before is read. */
const UNREAD_DAYS = 3;
/** What has to be done of what happens while its time is now; what search and matching do is for later. */
const JOBS = ['notify', 'trade.completed', 'review.unsealed'];

export const demoSteps = stepsOf([harbourLaneEconomy, alderValleyEconomy, zarechyeEconomy]);

/** The midnight (UTC) at which the communities of a demo that is made now were founded. */
export const foundingDay = (): Date => new Date(Math.floor(clock.now().getTime() / DAY_MS - LIVED_DAYS) * DAY_MS);

/** Does something as if it were another time; afterwards the time is what it was. */
export async function atTime<T>(time: Date, work: () => Promise<T>): Promise<T> {
  const realNow = clock.now;
  clock.now = () => time;
  try {
    return await work();
  } finally {
    clock.now = realNow;
  }
}

/**
 * Lets the demo's communities live through the product's own functions, as their members would have, from the step that is given on.
 * `remember` is told how many steps are done after each: cut off anywhere and begun again from there, it comes to the same.
 */
export async function liveDemo(
  { foundedAt, done }: { foundedAt: Date; done: number },
  remember: (done: number) => Promise<unknown>,
): Promise<void> {
  const places = await demoPlaces();
  const timeOf = (at: number) => new Date(foundedAt.getTime() + demoSteps[at]!.afterMs);
  for (let at = done; at < demoSteps.length; at++) {
    const { slug, act } = demoSteps[at]!;
    const place = places.get(slug)!;
    const isLastOfWeek = at + 1 === demoSteps.length || weekOf(at) < weekOf(at + 1);
    await atTime(timeOf(at), async () => {
      await withCommunity(place.communityId, () => act(place));
      if (isLastOfWeek) await runDueJobs({ names: JOBS, concurrency: 4 });
    });
    await remember(at + 1);
  }
  // The database opens accounts by its own clock.
  const communityIds = [...places.values()].map(({ communityId }) => communityId);
  await ownerPool.query('update accounts set opened_at = $1 where community_id = any($2)', [foundedAt, communityIds]);
  const before = new Date(foundedAt.getTime() + (LIVED_DAYS - UNREAD_DAYS) * DAY_MS);
  for (const { communityId } of places.values())
    await withCommunity(communityId, () =>
      prisma.notification.updateMany({
        where: { communityId, readAt: null, createdAt: { lt: before } },
        data: { readAt: before },
      }),
    );
}
const weekOf = (at: number) => Math.floor(demoSteps[at]!.afterMs / DAY_MS / 7);

async function demoPlaces(): Promise<Map<string, Place>> {
  const slugs = [...new Set(demoSteps.map(({ slug }) => slug))];
  const communities = await prisma.community.findMany({
    where: { slug: { in: slugs } },
    select: { id: true, slug: true },
  });
  const places = new Map<string, Place>();
  for (const { id, slug } of communities) places.set(slug, await withCommunity(id, () => placeOf(id)));
  return places;
}
