import { withCommunity, NO_COMMUNITY } from '@kith/db';
import { inCommunity, prisma } from '../db.ts';
import { defineJob, enqueue } from '../jobs.ts';
import { FEEDBACK_MOST, refine, type Feedback } from './refine.ts';
import type { Parts } from './score.ts';
import { WEIGHTS } from './weights.ts';

// Every night a job for each community, which does nothing where nobody answered since.
defineJob(
  'weights.learnAll',
  async () => {
    const communities = await withCommunity(NO_COMMUNITY, () => prisma.community.findMany({ select: { id: true } }));
    for (const { id: communityId } of communities)
      await inCommunity(communityId, (tx) =>
        enqueue(tx, 'weights.learn', { communityId }, { key: `weights.learn:${communityId}`, priority: 10 }),
      );
  },
  { every: '0 3 * * *' },
);

// From all answers each time, not from the weights of yesterday: running twice is as once.
defineJob<{ communityId: string }>('weights.learn', async ({ communityId }) => {
  const answered = await answersOf(communityId);
  const [newest] = answered;
  if (!newest) return;
  const known = await prisma.matchingWeights.findFirst({ where: { communityId }, select: { answeredUntil: true } });
  if (known && known.answeredUntil >= newest.at) return;
  const weights = refine(
    WEIGHTS,
    answered.map(({ feedback }) => feedback),
  );
  const row = { weights: { ...weights }, answers: answered.length, answeredUntil: newest.at };
  await inCommunity(communityId, (tx) =>
    tx.matchingWeights.upsert({ where: { communityId }, create: { communityId, ...row }, update: row }),
  );
});

/** What members did with suggestions, newest first. Who accepted first and was turned down counts as turned down. */
async function answersOf(communityId: string): Promise<{ at: Date; feedback: Feedback }[]> {
  const rows = await prisma.suggestion.findMany({
    where: {
      communityId,
      OR: [{ dismissal: { not: null } }, { wanterState: 'ACCEPTED' }, { providerState: 'ACCEPTED' }],
    },
    select: { parts: true, dismissal: true, updatedAt: true },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
    take: FEEDBACK_MOST,
  });
  return rows.map(({ parts, dismissal, updatedAt }) => ({
    at: updatedAt,
    feedback: { parts: withAll(parts as Partial<Parts>), answer: dismissal ?? 'ACCEPTED' },
  }));
}

/** A pair that was stored before a part was known has none of it. */
const withAll = (parts: Partial<Parts>): Parts => ({
  ...{ text: 0, meaning: null, topic: null, category: 0, tags: null, price: null, distance: null },
  ...{ availability: null, language: 1, reputation: null, dealings: null },
  ...parts,
});
