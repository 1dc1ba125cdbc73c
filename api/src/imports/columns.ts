import type { ImportKind } from '@kith/db';
import { UnreadableFile } from './csv.ts';

/** One line of a file by the names of our columns. A column the file does not have is absent and leaves things as they are; an empty cell clears. */
export type Row = Record<string, string>;

interface Column {
  name: string;
  /** Other headers that mean the same; case, spaces and hyphens do not matter. */
  aliases: string[];
  required?: boolean;
}

const column = (name: string, ...aliases: string[]): Column => ({ name, aliases });
const required = (name: string, ...aliases: string[]): Column => ({ name, aliases, required: true });

/** The columns of each kind of file, in the order an export writes them. */
export const columns: Record<ImportKind, Column[]> = {
  LISTINGS: [
    column('external_id', 'id', 'listing', 'listing_id', 'ref', 'reference'),
    required('kind', 'type'),
    required('title', 'subject', 'headline'),
    column('description', 'text', 'details', 'body'),
    column('category', 'parent', 'parent_category'),
    column('labels', 'categories', 'subcategories', 'leaf_categories'),
    column('tags', 'keywords'),
    column('terms', 'payment_terms'),
    column('price', 'amount', 'cost'),
    column('price_to', 'price_max'),
    column('global_price', 'cash_price'),
    column('global_currency', 'cash_currency'),
    column('unit', 'per'),
    column('quantity', 'stock'),
    column('language', 'lang', 'locale'),
    column('member', 'member_id', 'owner', 'provider', 'user', 'email', 'member_email'),
    column('latitude', 'lat'),
    column('longitude', 'lon', 'lng', 'long'),
    column('radius_km', 'radius'),
    column('remote', 'online'),
    column('availability', 'available'),
    column('availability_note'),
    column('photo_urls', 'photos', 'images'),
    column('expires_at', 'expires', 'expiry', 'valid_until'),
    column('state', 'status'),
  ],
  MEMBERS: [
    column('external_id', 'id', 'member', 'member_id', 'ref', 'reference'),
    required('name', 'display_name', 'full_name'),
    column('email', 'e_mail', 'mail', 'contact_email'),
    column('phone', 'telephone', 'mobile'),
    column('bio', 'about', 'description'),
    column('roles', 'role'),
    column('state', 'status'),
    column('latitude', 'lat'),
    column('longitude', 'lon', 'lng', 'long'),
    column('locale', 'language', 'lang'),
  ],
};

// Every file may say which community a line is for.
const community = column('community', 'community_slug');

export interface Header {
  /** Our name of each column of the file; null for one we do not know. */
  names: (string | null)[];
  /** Headers we do not know, as they stand in the file. */
  ignored: string[];
}

const COLUMNS_MOST = 200;

/** Reads the first line of a file. Throws an UnreadableFile that names what is missing. */
export function readHeader(kind: ImportKind, cells: string[]): Header {
  if (cells.length > COLUMNS_MOST)
    throw new UnreadableFile(`The file has ${cells.length} columns; the most is ${COLUMNS_MOST}.`);
  const known = [community, ...columns[kind]];
  const names = cells.map((cell) => known.find((candidate) => means(candidate, cell))?.name ?? null);
  const twice = names.find((name, index) => name && names.indexOf(name) !== index);
  if (twice) {
    const headers = cells.filter((_, index) => names[index] === twice).map((cell) => `"${cell}"`);
    throw new UnreadableFile(`The columns ${headers.join(' and ')} both mean ${twice}: rename or remove one.`);
  }
  const missing = known.filter(({ name, required }) => required && !names.includes(name)).map(({ name }) => name);
  if (missing.length) {
    throw new UnreadableFile(
      `The first line has to name the column${missing.length > 1 ? 's' : ''} ${missing.join(' and ')}. It has: ${cells.join(', ').slice(0, 500)}.`,
    );
  }
  return { names, ignored: cells.filter((cell, index) => !names[index] && cell.trim()) };
}

const means = ({ name, aliases }: Column, header: string) => {
  const plain = header
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return name === plain || aliases.includes(plain);
};

/** A line of the file as a row, or the reason why it is none. */
export function toRow({ names }: Header, cells: string[]): { row: Row; problem?: string } {
  const row: Row = {};
  names.forEach(
    (name, index) =>
      name &&
      (row[name] = unguarded(cells[index] ?? '')
        .replaceAll('\0', '')
        .trim()),
  );
  if (cells.length !== names.length)
    return {
      row,
      problem: `This line has ${cells.length} cells and the first line ${names.length}: a text with a delimiter in it has to stand in quotes.`,
    };
  if (cells.some((cell) => cell.includes('\0')))
    return { row, problem: 'This line holds a NUL character: the file is damaged here.' };
  return { row };
}

// What a spreadsheet program would run as a formula.
const FORMULA = /^'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell that no spreadsheet program takes for a formula: an apostrophe goes before it. Numbers stay numbers. */
export const guarded = (cell: string) => (FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell);
/** Takes the apostrophe of `guarded` away again. */
export const unguarded = (cell: string) => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);
