import { z } from 'zod';
import { PaymentTerms } from '@kith/db';
import { line, paragraphs } from '../communities/text.ts';
import { paymentRow, type Payment } from './terms.ts';

export const LISTING_LIMITS = {
  title: 120,
  description: 10_000,
  tags: 20,
  tag: 40,
  photos: 8,
  photoUrl: 2000,
  furtherCategories: 10,
  unit: 40,
  quantity: 1_000_000,
  availabilityNote: 500,
  radiusKm: 20_000,
};

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const PARTS = ['MORNING', 'AFTERNOON', 'EVENING'] as const;
export type DayPart = `${(typeof DAYS)[number]}_${(typeof PARTS)[number]}`;
/** The week in 21 parts, in their order. */
export const DAY_PARTS = DAYS.flatMap((day) => PARTS.map((part): DayPart => `${day}_${part}`));

const unique = <T>(list: T[]) => [...new Set(list)];
const atMost = <T extends z.ZodType>(item: T, most: number) => z.array(item).max(most, `Give at most ${most}.`);

const isPhoto = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && !url.username && !url.password;
};

/** The rules of each part of a listing; they also bring it into its stored form. */
export const rules = {
  title: line(LISTING_LIMITS.title, 3),
  description: paragraphs(LISTING_LIMITS.description),
  tags: atMost(line(LISTING_LIMITS.tag).toLowerCase(), LISTING_LIMITS.tags).transform(unique),
  photoUrls: atMost(
    z.string().max(LISTING_LIMITS.photoUrl).refine(isPhoto, 'Give addresses that begin with https://.'),
    LISTING_LIMITS.photos,
  ).transform(unique),
  unit: line(LISTING_LIMITS.unit, 0),
  quantity: z.number().int().min(0).max(LISTING_LIMITS.quantity),
  availability: atMost(z.enum(DAY_PARTS), DAY_PARTS.length).transform((chosen) =>
    DAY_PARTS.filter((part) => chosen.includes(part)),
  ),
  availabilityNote: line(LISTING_LIMITS.availabilityNote, 0),
  language: z
    .string()
    .toLowerCase()
    .regex(/^[a-z]{2,3}$/, 'Give a primary language tag of BCP 47, such as "de".'),
  furtherCategoryIds: atMost(z.string().max(200), LISTING_LIMITS.furtherCategories),
  globalCurrency: z.string().regex(/^[A-Z]{3}$/, 'Give a code of ISO 4217, such as EUR.'),
  radiusKm: z.number().min(0).max(LISTING_LIMITS.radiusKm),
};

/** What a member writes into a listing. Left out: as it was, or the standard; null: cleared. */
export interface Content {
  title?: string | null;
  description?: string | null;
  categoryId?: string | null;
  furtherCategoryIds?: string[] | null;
  tags?: string[] | null;
  photoUrls?: string[] | null;
  payment?: Payment | null;
  unit?: string | null;
  quantity?: number | null;
  place?: { latitude: number; longitude: number; radiusKm?: number | null } | null;
  remote?: boolean | null;
  availability?: string[] | null;
  availabilityNote?: string | null;
  language?: string | null;
}

/** What the content depends on in its community. */
export interface Surroundings {
  currencyScale: number;
  locale: string;
}

/** The columns that change with this content; those of what was left out are absent. Categories are kept apart. */
export function contentRow(content: Content, { currencyScale, locale }: Surroundings) {
  const { place, payment, title, categoryId } = content;
  return {
    ...(title && { title }),
    ...(categoryId !== undefined && { categoryId }),
    ...cleared('description', content.description, ''),
    ...cleared('tags', content.tags, []),
    ...cleared('photoUrls', content.photoUrls, []),
    ...cleared('unit', content.unit, ''),
    ...cleared('quantity', content.quantity, null),
    ...cleared('remote', content.remote, false),
    ...cleared('availability', content.availability, []),
    ...cleared('availabilityNote', content.availabilityNote, ''),
    ...cleared('language', content.language, primaryTag(locale)),
    ...(content.language !== undefined && { languageDetected: false }),
    ...(payment !== undefined && paymentRow(payment ?? { terms: PaymentTerms.AFTER }, currencyScale)),
    ...(place !== undefined && {
      latitude: place?.latitude ?? null,
      longitude: place?.longitude ?? null,
      radiusKm: place?.radiusKm ?? null,
    }),
  };
}

function cleared<K extends string, T>(key: K, value: T | null | undefined, standard: T) {
  return (value === undefined ? {} : { [key]: value ?? standard }) as { [key in K]?: T };
}

/** "de" of "de-AT". */
export const primaryTag = (locale: string) => locale.split(/[-_]/)[0]!.toLowerCase();
