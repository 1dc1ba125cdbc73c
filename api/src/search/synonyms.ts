import { audit } from '../communities/audit.ts';
import { lockCommunity } from '../communities/membership.ts';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { reindexAll } from './indexing.ts';

export const SYNONYM_SETS_MOST = 500;

/** The community has as many sets of equal words as it may. */
export class TooManySynonyms extends DomainError {
  readonly code = 'TOO_MANY_SYNONYMS';
  readonly most = SYNONYM_SETS_MOST;
  constructor() {
    super(`A community has at most ${SYNONYM_SETS_MOST} sets of equal words. Delete or join some.`);
  }
}

/** The same words are equal already. */
export class SynonymsKnown extends DomainError {
  readonly code = 'SYNONYMS_KNOWN';
  constructor() {
    super('There is a set of exactly these words already.');
  }
}

/** All sets, by their words; with a text, those of which a word contains it. */
export async function synonymPage(
  communityId: string,
  { skip, take, text }: { skip: number; take: number; text: string | null },
) {
  const sets = (await setsOf(prisma, communityId)).map((set) => ({ set, key: set.terms.join().toLowerCase() }));
  const all = sets.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ set }) => set);
  const wanted = text?.trim().toLowerCase();
  const found = wanted ? all.filter(({ terms }) => terms.some((term) => term.toLowerCase().includes(wanted))) : all;
  return { items: found.slice(skip, skip + take), total: found.length };
}

const setsOf = (tx: Pick<Tx, 'synonymSet'>, communityId: string) =>
  tx.synonymSet.findMany({
    where: { communityId },
    orderBy: { id: 'asc' },
    take: SYNONYM_SETS_MOST,
  });
export type SynonymRow = Awaited<ReturnType<typeof setsOf>>[number];

/** Makes words equal for the search of the community; every listing is indexed anew. */
export async function createSynonyms(member: Member, terms: string[]): Promise<SynonymRow> {
  return change(member, async (tx, sets) => {
    const [row] = await add(tx, member, sets, [terms]);
    if (!row) throw new SynonymsKnown();
    await record(tx, member, 'create', row);
    return row;
  });
}

/** Adds many sets at once, passing over those that are there. Answers how many were new. */
export async function importSynonyms(member: Member, lists: string[][]): Promise<{ created: number; known: number }> {
  return change(member, async (tx, sets) => {
    const rows = await add(tx, member, sets, lists);
    for (const row of rows) await record(tx, member, 'create', row);
    return { created: rows.length, known: lists.length - rows.length };
  });
}

/** Replaces the words of a set. */
export async function updateSynonyms(
  member: Member,
  { id, terms }: { id: string; terms: string[] },
): Promise<SynonymRow> {
  return change(member, async (tx, sets) => {
    if (sets.some((set) => set.id !== id && keyOf(set.terms) === keyOf(terms))) throw new SynonymsKnown();
    const [row] = await tx.synonymSet.updateManyAndReturn({
      where: { communityId: member.communityId, id },
      data: { terms },
    });
    if (!row) throw notFound('set of synonyms');
    await record(tx, member, 'update', row);
    return row;
  });
}

/** The words of a set are no longer equal. */
export async function deleteSynonyms(member: Member, id: string): Promise<void> {
  await change(member, async (tx, sets) => {
    const row = sets.find((set) => set.id === id);
    if (!row) throw notFound('set of synonyms');
    await tx.synonymSet.deleteMany({ where: { communityId: member.communityId, id } });
    await record(tx, member, 'delete', row);
  });
}

/** One change of the sets at a time; the index follows. */
async function change<T>(member: Member, work: (tx: Tx, sets: SynonymRow[]) => Promise<T>): Promise<T> {
  const { communityId } = member;
  return inCommunity(member, async (tx) => {
    await lockCommunity(tx, communityId);
    const result = await work(tx, await setsOf(tx, communityId));
    await reindexAll(tx, communityId);
    return result;
  });
}

async function add(tx: Tx, { communityId }: Member, sets: SynonymRow[], lists: string[][]): Promise<SynonymRow[]> {
  const known = new Set(sets.map(({ terms }) => keyOf(terms)));
  const fresh = lists.filter((terms) => !known.has(keyOf(terms)) && known.add(keyOf(terms)));
  if (sets.length + fresh.length > SYNONYM_SETS_MOST) throw new TooManySynonyms();
  if (!fresh.length) return [];
  return tx.synonymSet.createManyAndReturn({
    data: fresh.map((terms) => ({ communityId, id: newId(), terms, createdAt: clock.now() })),
  });
}

/** Sets are the same when their words are, in any order and case. */
const keyOf = (terms: string[]) => JSON.stringify(terms.map((term) => term.toLowerCase()).sort());

const record = (tx: Tx, member: Member, action: string, { id, terms }: SynonymRow) =>
  audit(tx, member, {
    action: `synonyms.${action}`,
    subjectType: 'SynonymSet',
    subjectId: id,
    detail: { terms: terms.length },
  });
