import type { ImportOutcome } from '@kith/db';
import { RowRefused } from './cells.ts';
import type { Row } from './columns.ts';
import type { Directory } from './directory.ts';

/** A line of a file, as it is staged. */
export interface StagedRow {
  line: number;
  row: Row;
  externalId: string | null;
}

/** What becomes of a line. Refused lines have no outcome; other lines may carry a note. */
export interface Verdict {
  line: number;
  outcome: ImportOutcome | null;
  reason: string | null;
  /** The external id of the member the line brings into being. */
  newMember: string | null;
}

/** Where lines are decided. */
export interface Place {
  directory: Directory;
  options: ImportOptions;
  /** How many more members the community takes. */
  room: number;
  /** What the texts of new listings tell where their lines do not; left out, nothing is told. */
  understand?: Understand;
}

/** For each text its language, and, of those without a category, the key of the one it is surely enough of. */
export type Understand = (
  texts: { title: string; description: string; isUnplaced: boolean }[],
  locale: string,
) => Promise<{ language?: string; categoryKey?: string }[]>;

/** Options of an import, chosen when it is made. */
export interface ImportOptions {
  /** Categories the community does not have are made; else their lines are refused. */
  createMissingCategories: boolean;
  /**
   * What becomes of listings of people the community does not know. NONE: they are refused. EACH: every name gets a placeholder
   * member, and every listing that names nobody one of its own. ONE: listings that name nobody share one.
   */
  placeholderMembers: 'NONE' | 'EACH' | 'ONE';
  /** New members with an address are invited to take their place over. */
  invite: boolean;
}

/** What the work gives, or the reason why the line is refused. */
export function attempt<T>(work: () => T): T | RowRefused {
  try {
    return work();
  } catch (error) {
    if (error instanceof RowRefused) return error;
    throw error;
  }
}

/** Decides one line; the reason it was refused for becomes its verdict. */
export function verdictOf(line: number, decide: () => Omit<Verdict, 'line'>): Verdict {
  const decided = attempt(decide);
  if (decided instanceof RowRefused) return { line, outcome: null, reason: decided.message, newMember: null };
  return { line, ...decided };
}

/** Refuses a line that says again what an earlier one said. */
export function requireFirst({ line, externalId }: StagedRow, firstLines: Map<string, number>) {
  const first = externalId === null ? undefined : firstLines.get(externalId);
  if (first !== undefined && first < line)
    throw new RowRefused(`The external id "${externalId}" stands already in line ${first}.`);
}

/** The entries of `wanted` that differ from what is stored; empty when nothing does. */
export function differences<T extends object>(stored: T, wanted: Partial<T>): Partial<T> {
  const changed = Object.entries(wanted).filter(
    ([key, value]) => comparable(value) !== comparable(stored[key as keyof T]),
  );
  return Object.fromEntries(changed) as Partial<T>;
}

const comparable = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime();
  return Array.isArray(value) ? JSON.stringify(value) : (value ?? null);
};
