import { createHash } from 'node:crypto';
import { ListingKind, ListingState, PaymentTerms } from '@kith/db';
import { LISTING_LIMITS, contentRow, rules, type Content, type Surroundings } from '../listings/content.ts';
import { Rejection } from '../errors.ts';
import type { Row } from './columns.ts';
import { RowRefused, choice, listOf, numberIn, ownId, place, ruled, shortened } from './cells.ts';

/** What a line of a file says about a listing; the categories and the member are still as it names them. */
export interface ListingDraft {
  externalId: string;
  kind: ListingKind;
  /** Columns of the listing; those the file does not have are absent. */
  content: ReturnType<typeof contentRow>;
  category: string | undefined;
  labels: string[] | undefined;
  /** Empty when the line names nobody. */
  member: string;
  state: ListingState | undefined;
  expiresAt: Date | undefined;
  /** Told with the line although it is taken. */
  note: string | null;
}

/** Reads a line; throws a RowRefused with the reason, which names the column. */
export function readListing(row: Row, surroundings: Surroundings): ListingDraft {
  const kind = choice('kind', row.kind ?? '', kinds);
  if (!kind) throw new RowRefused('kind: write offer or want.');
  const { title, lead, note } = headline(row.title ?? '');
  const content: Content = {
    title,
    ...payment(row),
    ...place(row),
    ...(row.description !== undefined || lead
      ? { description: ruled('description', rules.description, [lead, row.description].filter(Boolean).join('\n\n')) }
      : {}),
    ...(row.tags !== undefined && { tags: ruled('tags', rules.tags, listOf(row.tags)) }),
    ...(row.photo_urls !== undefined && { photoUrls: ruled('photo_urls', rules.photoUrls, listOf(row.photo_urls)) }),
    ...(row.unit !== undefined && { unit: ruled('unit', rules.unit, row.unit) }),
    ...(row.quantity !== undefined && {
      quantity: row.quantity ? ruled('quantity', rules.quantity, numberIn('quantity', row.quantity)) : null,
    }),
    ...(row.remote !== undefined && { remote: choice('remote', row.remote, yesOrNo) ?? false }),
    ...(row.availability !== undefined && {
      availability: ruled('availability', rules.availability, listOf(row.availability.toUpperCase())),
    }),
    ...(row.availability_note !== undefined && {
      availabilityNote: ruled('availability_note', rules.availabilityNote, row.availability_note),
    }),
    ...(row.language !== undefined && {
      language: row.language ? ruled('language', rules.language, row.language.split(/[-_]/)[0]!) : null,
    }),
  };
  return {
    externalId: listingId(row),
    kind,
    content: columnsOf(content, surroundings),
    category: row.category,
    labels: row.labels === undefined ? undefined : listOf(row.labels),
    member: row.member ?? '',
    state: row.state ? choice('state', row.state, ListingState) : undefined,
    expiresAt: row.expires_at ? moment('expires_at', row.expires_at) : undefined,
    note,
  };
}

/** What makes a line the same listing in the next file: its own id, or one derived from it. */
export const listingId = (row: Row) => ownId(row.external_id) || derivedId(row);

const kinds = {
  OFFER: ListingKind.OFFER,
  OFFERS: ListingKind.OFFER,
  WANT: ListingKind.WANT,
  WANTS: ListingKind.WANT,
  REQUEST: ListingKind.WANT,
  NEED: ListingKind.WANT,
};
const yesOrNo = { YES: true, TRUE: true, 1: true, X: true, NO: false, FALSE: false, 0: false };

/** Directories allow longer titles than we do: the whole text then leads the description. */
function headline(text: string) {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (plain.length <= LISTING_LIMITS.title) return { title: ruled('title', rules.title, text), lead: '', note: null };
  return {
    title: ruled('title', rules.title, shortened(plain, LISTING_LIMITS.title)),
    lead: plain,
    note: `The title was longer than ${LISTING_LIMITS.title} characters: it is shortened, and the whole text begins the description.`,
  };
}

/** The columns of payment belong together: one of them in the file speaks for all. */
function payment(row: Row): Pick<Content, 'payment'> {
  const given = [row.terms, row.price, row.price_to, row.global_price, row.global_currency];
  if (given.every((cell) => cell === undefined)) return {};
  if (given.every((cell) => !cell)) return { payment: null };
  const amount = (cell: string | undefined) => cell?.replace(/\s/g, '').replace(',', '.') || null;
  const terms = row.terms ? choice('terms', row.terms, PaymentTerms)! : termsOf(row);
  return {
    payment: {
      terms,
      price: amount(row.price),
      priceTo: amount(row.price_to),
      globalPrice: amount(row.global_price),
      globalCurrency: row.global_currency?.toUpperCase() || null,
    },
  };
}

function termsOf(row: Row): PaymentTerms {
  if (row.global_price || row.global_currency) return row.price && row.global_price ? 'SPLIT' : 'COST_PLUS';
  return row.price && !row.price_to ? 'FIXED' : 'AFTER';
}

function columnsOf(content: Content, surroundings: Surroundings) {
  try {
    return contentRow(content, surroundings);
  } catch (error) {
    if (error instanceof Rejection) throw new RowRefused(error.message);
    throw error;
  }
}

function moment(column: string, cell: string): Date {
  const date = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(cell)
    ? new Date(/[Z+]|-\d{2}:?\d{2}$/.test(cell.slice(10)) || cell.length === 10 ? cell : `${cell}Z`)
    : new Date(NaN);
  if (Number.isNaN(date.getTime()))
    throw new RowRefused(`${column}: write a day such as 2027-03-31, or a moment such as 2027-03-31T18:00:00Z.`);
  return date;
}

/** Without an id of its own a line is the same one when kind, member and title are. */
function derivedId({ kind = '', member = '', title = '' }: Row): string {
  const text = [kind.toLowerCase()[0], member.toLowerCase(), title.toLowerCase().replace(/\s+/g, ' ')].join('\n');
  return `auto:${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}
