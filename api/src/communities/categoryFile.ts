import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { DomainError } from '../errors.ts';
import { CATEGORIES_MOST } from './categoryTree.ts';
import { line } from './text.ts';

export type CategoryFormat = 'CSV' | 'JSON';
/** A category as a file names it: by keys, never by ids. */
export interface CategoryLine {
  key: string;
  parentKey: string | null;
  name: string;
}

export class CategoryFileRefused extends DomainError {
  readonly code = 'CATEGORY_FILE_REFUSED';
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`Nothing was imported: ${problems.slice(0, 3).join(' ')}`);
    this.problems = problems.slice(0, 100);
  }
}

export const KEY = /^[a-z0-9][a-z0-9-]{0,62}$/;
const name = line(100);

/** Reads `key,parent_key,name` lines or the same as JSON. Every problem is told with its line; nothing passes half. */
export function readCategoryFile(text: string, format: CategoryFormat): CategoryLine[] {
  const rows = format === 'CSV' ? readCsv(text) : readJson(text);
  if (rows.length > CATEGORIES_MOST) throw new CategoryFileRefused([`At most ${CATEGORIES_MOST} categories at once.`]);
  const problems: string[] = [];
  const keys = new Set<string>();
  const lines = rows.map((row, index) => {
    const where = format === 'CSV' ? `Line ${index + 2}` : `Item ${index + 1}`;
    const key = textOf(row.key);
    const parsedName = name.safeParse(unguarded(textOf(row.name)));
    if (!KEY.test(key))
      problems.push(`${where}: the key "${key.slice(0, 80)}" takes small letters, digits and hyphens.`);
    if (keys.has(key)) problems.push(`${where}: the key "${key}" stands twice.`);
    if (!parsedName.success) problems.push(`${where}: the name takes 1 to 100 characters in one line.`);
    keys.add(key);
    return { key, parentKey: textOf(row.parent_key ?? row.parentKey) || null, name: parsedName.data ?? '' };
  });
  if (problems.length) throw new CategoryFileRefused(problems);
  return lines;
}

type Row = Record<string, unknown>;
const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

function readCsv(text: string): Row[] {
  const columns = (header: string[]) => {
    if (!header.includes('key') || !header.includes('name'))
      throw new Error('the first line has to be key,parent_key,name');
    return header;
  };
  try {
    const rows: Row[] = parse(text, {
      columns,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: [',', ';', '\t'],
    });
    if (!rows.length) throw new Error('there are no categories in it');
    return rows;
  } catch (error) {
    throw new CategoryFileRefused([`This is not CSV of categories: ${(error as Error).message}.`]);
  }
}

function readJson(text: string): Row[] {
  try {
    const rows: unknown = JSON.parse(text);
    if (!Array.isArray(rows) || !rows.every((row) => typeof row === 'object' && row !== null))
      throw new Error('it has to be a list of objects with key, parent_key and name');
    return rows as Row[];
  } catch (error) {
    throw new CategoryFileRefused([`This is not JSON of categories: ${(error as Error).message}.`]);
  }
}

/** The same lines as text; what is written can be read again. */
export function writeCategoryFile(lines: CategoryLine[], format: CategoryFormat): string {
  const rows = lines.map(({ key, parentKey, name }) => ({ key, parent_key: parentKey ?? '', name }));
  if (format === 'JSON') return `${JSON.stringify(rows, null, 2)}\n`;
  // A spreadsheet would run a name that begins like a formula.
  return stringify(rows, { header: true, columns: ['key', 'parent_key', 'name'], escape_formulas: true });
}
const unguarded = (name: string) => name.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, '');
