import { z } from 'zod';
import type { ListingKind, PaymentTerms } from '@kith/db';
import type { SearchFilter } from '@kith/search';
import { line } from '../communities/text.ts';
import { badInput } from '../errors.ts';
import { toMinor } from '../money.ts';

/** What somebody looks for, as it is asked and as it is kept. Category ids are local; prices are in units of the currency. */
export interface Criteria {
  text?: string | null;
  kind?: ListingKind | null;
  categoryIds?: string[] | null;
  tags?: string[] | null;
  priceFrom?: string | null;
  priceTo?: string | null;
  near?: { latitude: number; longitude: number; withinKm?: number | null } | null;
  remote?: boolean | null;
  languages?: string[] | null;
  terms?: PaymentTerms[] | null;
  reputationLevelFrom?: number | null;
}

/** The highest level of a reputation. */
export const LEVEL_MOST = 5;

const few = <T extends z.ZodType>(item: T) => z.array(item).max(20, 'Give at most 20.');

/** The rules of each part of a search; a space at the end of the text stays: it says that the last word is whole. */
export const rules = {
  text: z
    .string()
    .max(200, 'Write at most 200 characters.')
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Leave out line breaks and control characters.'),
  categoryIds: few(z.string().max(200)),
  tags: few(line(40).toLowerCase()),
  languages: few(
    z
      .string()
      .toLowerCase()
      .regex(/^[a-z]{2,3}$/, 'Give primary language tags of BCP 47, such as "de".'),
  ),
  terms: few(z.string()),
  reputationLevelFrom: z
    .number()
    .int()
    .min(1, `Give a level, 1 to ${LEVEL_MOST}.`)
    .max(LEVEL_MOST, `Give a level, 1 to ${LEVEL_MOST}.`),
  withinKm: z.number().min(1, 'Is at least 1 km: places are rounded to about that.').max(20_000),
};

/** The filter of the port. Rejects prices the currency cannot have and ranges that end before they begin. */
export function filterOf(criteria: Criteria, currencyScale: number): SearchFilter {
  const { kind, categoryIds, tags, near, remote, languages, terms, reputationLevelFrom } = criteria;
  const priceFrom = priceOf('priceFrom', criteria.priceFrom, currencyScale);
  const priceTo = priceOf('priceTo', criteria.priceTo, currencyScale);
  if (priceFrom !== undefined && priceTo !== undefined && priceFrom > priceTo)
    throw badInput('priceTo is not below priceFrom.', 'priceTo');
  return {
    ...(kind && { kind }),
    ...(categoryIds?.length && { categoryIds }),
    ...(tags?.length && { tags }),
    ...(languages?.length && { languages }),
    ...(terms?.length && { terms }),
    ...(typeof remote === 'boolean' && { remote }),
    ...(priceFrom !== undefined && { priceFrom }),
    ...(priceTo !== undefined && { priceTo }),
    ...(typeof reputationLevelFrom === 'number' && { reputationLevelFrom }),
    ...(near?.withinKm && {
      near: { latitude: near.latitude, longitude: near.longitude, withinKm: near.withinKm },
    }),
  };
}

function priceOf(field: string, amount: string | null | undefined, scale: number): bigint | undefined {
  if (typeof amount !== 'string') return undefined;
  const minor = toMinor(amount, scale);
  if (minor < 0n) throw badInput('A price is not below zero.', field);
  return minor;
}
