import { z } from 'zod';
import { prisma } from '../db.ts';
import { WEIGHTS, type Weights } from './weights.ts';

const share = z.number().min(0).max(1);
const stored = z.object({
  about: z.object({ words: share, text: share, meaning: share, topic: share, category: share, tags: share }),
  fit: z.object({
    price: share,
    distance: share,
    availability: share,
    language: share,
    reputation: share,
    dealings: share,
  }),
  leastFit: share,
});

/** The weights a community has learned from what its members accepted and dismissed, else the defaults. */
export async function weightsOf(communityId: string): Promise<Weights> {
  const row = await prisma.matchingWeights.findFirst({ where: { communityId }, select: { weights: true } });
  // What was learned of weights there were before is no longer understood; the next night learns anew.
  return stored.safeParse(row?.weights).data ?? WEIGHTS;
}
