import { prisma } from '../db.ts';
import { defineCheck } from '../readiness.ts';
import { searchIndex, whyEmbedded } from '../searchIndex.ts';

// PostgreSQL answers in place of Meilisearch, so that a failing one is a notice and no reason to take the process out of service.
defineCheck('search', async () => {
  const { engine, degraded, notice = whyEmbedded, lag } = await searchIndex.health();
  return { ok: true, engine, degraded, waiting: lag.changes, ...(notice && { notice }) };
});

// Words serve without it, so that it too is a notice only.
defineCheck('understanding', async () => {
  const { state, notice } = searchIndex.meaning.state();
  return { ok: true, state, model: searchIndex.meaning.embedder, ...(notice && { notice }) };
});

/** How search stands in a community; when nothing is under way, as many are indexed as are published. */
export async function searchStatus(communityId: string) {
  const [health, { total }, published] = await Promise.all([
    searchIndex.health(),
    searchIndex.search(communityId, { text: '', take: 0, highlights: false }),
    prisma.listing.count({ where: { communityId, state: 'PUBLISHED' } }),
  ]);
  const { engine, degraded, notice = whyEmbedded, lag } = health;
  return { engine, degraded, notice: notice ?? null, lag, documents: total, published };
}
export type SearchStatus = Awaited<ReturnType<typeof searchStatus>>;
