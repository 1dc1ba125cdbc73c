import { EmbedderRefused, EmbedderUnavailable } from '@kith/search';
import { clock } from '../clock.ts';
import { inCommunity, outsideCommunities } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { log } from '../log.ts';
import { searchIndex } from '../searchIndex.ts';
import { hand } from './compared.ts';

/** How long to wait after a failure: doubled each time, as long as it fails. */
const PAUSE_FIRST_MS = 2_000;
const PAUSE_MOST_MS = 60_000;
/** A refusal lasts until somebody changes a setting. */
const PAUSE_REFUSED_MS = 300_000;
/** When another job takes over, so that a worker that stops waits for little. */
const TURN_MS = 20_000;
/** Behind what members wait for. */
const LATER = 10;

type Failure = EmbedderUnavailable | EmbedderRefused;
type Task = { communityId: string; failures?: number };

/** What a community lacks of meaning is made as soon as the embedder is back. What is missing stands in the tables: nothing is lost. */
export async function understandLater(communityId: string, failure?: Failure, failures = 0) {
  const pauseMs = failure ? pauseOf(failure, failures) : 0;
  if (failure)
    log.warn({ reason: failure.message, pauseMs }, 'texts are not understood now; words serve until they are');
  const when = pauseMs ? { runAt: new Date(clock.now().getTime() + pauseMs) } : {};
  const task: Task = { communityId, failures: failures + (failure ? 1 : 0) };
  await inCommunity(communityId, (tx) =>
    enqueue(tx, 'meaning.understand', task, { key: `meaning.understand:${communityId}`, priority: LATER, ...when }),
  );
}

function pauseOf(failure: Failure, failures: number): number {
  if (!(failure instanceof EmbedderUnavailable)) return PAUSE_REFUSED_MS;
  return Math.min(PAUSE_MOST_MS, Math.max(failure.retryAfterMs ?? 0, PAUSE_FIRST_MS * 2 ** Math.min(failures, 10)));
}

// Makes vectors a batch after another until none is missing. Each batch is kept as it comes, so that running twice, or stopping halfway,
// costs at most the batch under way.
defineJob<Task>('meaning.understand', async ({ communityId, failures = 0 }) => {
  const until = clock.now().getTime() + TURN_MS;
  try {
    for (;;) {
      const { listingIds, tookOver } = await searchIndex.meaning.understand(communityId);
      if (listingIds.length) await hand('listing.indexed', communityId, listingIds);
      // What was compared by vectors of the old model is compared anew.
      if (tookOver) await compareAll(communityId);
      failures = 0;
      await searchIndex.deliver(communityId);
      if (!listingIds.length) return;
      if (clock.now().getTime() > until) return await understandLater(communityId);
    }
  } catch (error) {
    if (!isFailure(error)) throw error;
    await understandLater(communityId, error, failures);
  }
});

const isFailure = (error: unknown): error is Failure =>
  error instanceof EmbedderUnavailable || error instanceof EmbedderRefused;

const compareAll = (communityId: string) =>
  inCommunity(communityId, (tx) =>
    enqueue(
      tx,
      'listings.reindexed',
      { communityId },
      { key: `listings.reindexed:${communityId}:all`, queue: `rematch:${communityId}`, priority: LATER },
    ),
  );

// A model that was changed, or came to be, is worked on in every community it does not serve yet.
defineJob(
  'meaning.sweep',
  async () => {
    try {
      for (const { communityId } of await searchIndex.meaning.behind()) await understandLater(communityId);
    } catch (error) {
      if (!isFailure(error)) throw error;
      log.warn({ reason: error.message }, 'texts are not understood now; words serve until they are');
    }
  },
  { every: '* * * * *' },
);

/** How far the configured model is: in all communities for whoever runs the platform, else in one. */
export async function understandingStatus(communityId: string | null) {
  const { meaning } = searchIndex;
  const { state, notice } = meaning.state();
  const behind = await meaning.behind().catch((error: unknown) => {
    if (isFailure(error)) return [];
    throw error;
  });
  const chosen = behind.filter((one) => communityId === null || one.communityId === communityId);
  const names = await outsideCommunities((tx) =>
    tx.community.findMany({
      where: { id: { in: chosen.slice(0, BEHIND_MOST).map((one) => one.communityId) } },
      select: { id: true, name: true },
    }),
  );
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  const sum = (of: (one: (typeof chosen)[number]) => number) => chosen.reduce((total, one) => total + of(one), 0);
  return {
    state,
    notice: notice ?? null,
    model: meaning.embedder,
    listings: sum(({ listings }) => listings),
    done: sum(({ done }) => done),
    communitiesBehind: chosen.length,
    behind: chosen.slice(0, BEHIND_MOST).map((one) => ({ ...one, name: nameOf.get(one.communityId) ?? '' })),
  };
}
export type UnderstandingStatus = Awaited<ReturnType<typeof understandingStatus>>;
const BEHIND_MOST = 100;
