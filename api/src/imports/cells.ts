import type { z } from 'zod';
import { latitude, longitude } from '../communities/text.ts';
import type { Row } from './columns.ts';

/** One line of a file is not taken; the message is the reason its author reads. */
export class RowRefused extends Error {}

/** The value by the rule of its column, in its stored form. */
export function ruled<T>(column: string, rule: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = rule.safeParse(value ?? '');
  if (success) return data;
  const reasons = [...new Set(error.issues.map(({ message }) => message.replace(/\.?$/, '.')))];
  throw new RowRefused(`${column}: ${reasons.join(' ')}`);
}

export const EXTERNAL_ID_MOST = 200;

/** The external id of a line; empty when it has none. */
export function ownId(cell = ''): string {
  if (cell.length > EXTERNAL_ID_MOST)
    throw new RowRefused(`external_id: takes at most ${EXTERNAL_ID_MOST} characters.`);
  if (/\p{Cc}/u.test(cell)) throw new RowRefused('external_id: leave out line breaks and control characters.');
  return cell;
}

/** Rows of ours that have no external id are exported under this one, and known again by it. */
export const OWN = /^kith:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
export const exportId = ({ id, externalId }: { id: string; externalId: string | null }) => externalId ?? `kith:${id}`;

/** The entries of a list, written with | between them; one that belongs to an entry is written \\|. */
export const listOf = (cell: string) =>
  (cell.match(/(?:\\[\\|]|[^|])+/g) ?? []).map((entry) => entry.replace(/\\([\\|])/g, '$1').trim()).filter(Boolean);
export const listCell = (entries: readonly string[]) =>
  entries.map((entry) => entry.replace(/[\\|]/g, '\\$&')).join('|');

/** One of the words of the table, in any case; undefined for an empty cell. */
export function choice<T>(column: string, cell: string, table: Record<string, T>): T | undefined {
  if (!cell) return undefined;
  const word = cell.toUpperCase().replace(/[\s-]+/g, '_');
  if (!Object.hasOwn(table, word)) {
    const words = Object.keys(table).filter((key) => !/\d/.test(key));
    throw new RowRefused(`${column}: "${cell.slice(0, 60)}" is none of ${words.join(', ').toLowerCase()}.`);
  }
  return table[word];
}

/** A decimal number, with a point or a comma. */
export function numberIn(column: string, cell: string): number {
  const plain = cell.replace(',', '.');
  if (!/^-?\d{1,12}(\.\d{1,15})?$/.test(plain))
    throw new RowRefused(`${column}: "${cell.slice(0, 60)}" is not a number.`);
  return Number(plain);
}

/** The place a line names: undefined without such columns, null for empty ones. Half a place is refused. */
export function place(row: Row): { place?: { latitude: number; longitude: number; radiusKm: number | null } | null } {
  if (row.latitude === undefined && row.longitude === undefined) return {};
  if (!row.latitude && !row.longitude) return { place: null };
  if (!row.latitude || !row.longitude) throw new RowRefused('latitude, longitude: give both, or neither.');
  const [north, east] = [numberIn('latitude', row.latitude), numberIn('longitude', row.longitude)];
  if (!latitude.safeParse(north).success) throw new RowRefused('latitude: is a number from -90 to 90.');
  if (!longitude.safeParse(east).success) throw new RowRefused('longitude: is a number from -180 to 180.');
  const radiusKm = row.radius_km ? numberIn('radius_km', row.radius_km) : null;
  if (radiusKm !== null && !(radiusKm >= 0 && radiusKm <= 20_000))
    throw new RowRefused('radius_km: is a number from 0 to 20000.');
  return { place: { latitude: north, longitude: east, radiusKm } };
}

/** The text, or its beginning, cut between words where that keeps most of it. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a character of two units is none.
  const cut = text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.-]+$/, '')}…`;
}
