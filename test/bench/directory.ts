import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

/** One line of a directory with the categories its author ticked. */
export interface DirectoryEntry {
  kind: 'OFFER' | 'WANT';
  title: string;
  labels: Set<string>;
}

/** A want with the offers it is judged against: an offer is relevant when it shares a label, graded by the Jaccard overlap. */
export interface JudgedWant {
  community: string;
  want: DirectoryEntry;
  offers: DirectoryEntry[];
  grades: number[];
}

/** Reads a CSV with the columns community, kind, title, labels (separated by |). */
export async function readDirectory(file: string): Promise<Map<string, DirectoryEntry[]>> {
  const communities = new Map<string, DirectoryEntry[]>();
  const lines = createReadStream(file).pipe(parse({ columns: true, bom: true, relax_column_count: true }));
  for await (const line of lines as AsyncIterable<Record<string, string>>) {
    const { community, kind, title, labels } = line;
    if (!community || !kind || !title) throw new Error(`${file} needs the columns community, kind and title.`);
    const entries = communities.get(community) ?? [];
    communities.set(community, entries);
    entries.push({
      kind: kind.toUpperCase() as 'OFFER' | 'WANT',
      title,
      labels: new Set((labels ?? '').split('|').filter(Boolean)),
    });
  }
  return new Map([...communities].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The wants that can be judged: with a label, and with a relevant offer in their community. */
export function judgedWants(directory: Map<string, DirectoryEntry[]>): JudgedWant[] {
  const judged: JudgedWant[] = [];
  for (const [community, entries] of directory) {
    const offers = entries.filter(({ kind }) => kind === 'OFFER');
    for (const want of entries) {
      if (want.kind !== 'WANT' || !want.labels.size) continue;
      const grades = offers.map((offer) => jaccard(want.labels, offer.labels));
      if (grades.some((grade) => grade > 0)) judged.push({ community, want, offers, grades });
    }
  }
  return judged;
}

function jaccard(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((label) => b.has(label)).length;
  return shared ? shared / (a.size + b.size - shared) : 0;
}
