import { type Index, type Settings } from 'meilisearch';
import { EVEN_LIKENESS } from './meaning/sameness.ts';
import { REACH_MOST } from './engine.ts';
import { finished } from './meilisearchTasks.ts';

/** How Kith's index ranks, filters and forgives. What is not named here stays as the server has it. */
export const SETTINGS = {
  // What people write, each field before its stems; a match in an earlier one weighs more.
  searchableAttributes: [
    'title',
    'titleStems',
    'labels',
    'labelStems',
    'description',
    'descriptionStems',
    'memberName',
    'synonyms',
  ],
  filterableAttributes: [
    '_geo',
    'categoryIds',
    'communityId',
    'kind',
    'language',
    'listingId',
    'memberId',
    'price',
    'priceTo',
    'publishedAt',
    'remote',
    'reputationLevel',
    'tags',
    'terms',
  ],
  sortableAttributes: ['_geo', 'price', 'publishedAt'],
  // An order asked for holds strictly; among equals the newest is first.
  rankingRules: ['sort', 'words', 'typo', 'proximity', 'attribute', 'exactness', 'publishedAt:desc'],
  typoTolerance: { enabled: true, minWordSizeForTypos: { oneTypo: 4, twoTypos: 8 }, disableOnNumbers: true },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { '*': 'count' } },
  pagination: { maxTotalHits: REACH_MOST * 10 },
} satisfies Settings;

/** The vectors an index holds: of one model, and of how many numbers. */
export type Space = { name: string; dimensions: number };

/**
 * Applies the settings if the index has others: a change of settings reads every document anew. An index that holds documents takes no
 * other vectors than it began with, so that `space` is for a new one.
 */
export async function applySettings(index: Index, timeoutMs: number, space?: Space): Promise<void> {
  const current = await index.getSettings();
  const settings: Settings = { ...SETTINGS, ...(space && { embedders: embeddersOf(space) }) };
  if (!includes(current, settings)) await finished(index.updateSettings(settings), timeoutMs);
}

/** Likenesses are spread so that 0.5 is as likely as not of one thing: the engine adds them to scores of words. */
const embeddersOf = ({ name, dimensions }: Space): Settings['embedders'] => ({
  [name]: { source: 'userProvided', dimensions, distribution: { mean: round((1 + EVEN_LIKENESS) / 2), sigma: 0.06 } },
});
const round = (number: number) => Math.round(number * 100) / 100;

/** Whether everything named in `wanted` stands so in `value`; lists whose order means nothing come back sorted. */
function includes(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return JSON.stringify(value) === JSON.stringify(wanted);
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  return Object.entries(wanted).every(([key, inner]) => includes((value as Record<string, unknown>)?.[key], inner));
}
