import type { Sql } from '@kith/db';
import { badInput } from './errors.ts';

/** A page continues behind a row by its time and id, not by counting: nothing repeats while rows come and go. */
export type TimeColumn = 'publishedAt' | 'createdAt';
type Row = { id: string } & { [column in TimeColumn]?: Date | null };

export const cursorOf = (column: TimeColumn) => (row: Row) =>
  Buffer.from(`${row[column]!.getTime()}:${row.id}`).toString('base64url');

export function parseCursor(cursor: string, argument: string): { time: Date; id: string } {
  const match = /^(\d{1,15}):([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw badInput(`${argument} takes a cursor as it came with a row.`, argument);
  return { time: new Date(Number(match[1])), id: match[2]! };
}

/** The conditions, order and size of a page, newest first; `inverted` reads from the other end. */
export function page(
  column: TimeColumn,
  { after, before, limit, inverted }: { after?: string; before?: string; limit: number; inverted: boolean },
) {
  const conditions: Sql.ListingWhereInput[] = [];
  if (after !== undefined) {
    const { time, id } = parseCursor(after, 'after');
    conditions.push({ [column]: { lte: time } }, { OR: [{ [column]: { lt: time } }, { id: { gt: id } }] });
  }
  if (before !== undefined) {
    const { time, id } = parseCursor(before, 'before');
    conditions.push({ [column]: { gte: time } }, { OR: [{ [column]: { gt: time } }, { id: { lt: id } }] });
  }
  const orderBy: Sql.ListingOrderByWithRelationInput[] = inverted
    ? [{ [column]: 'asc' }, { id: 'desc' }]
    : [{ [column]: 'desc' }, { id: 'asc' }];
  return { conditions, orderBy, take: limit };
}
