import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { surroundingsOf } from '../listings/surroundings.ts';
import { filterOf, type Criteria } from './criteria.ts';

export const SAVED_SEARCHES_MOST = 50;

/** The member keeps as many searches as one may. */
export class TooManySavedSearches extends DomainError {
  readonly code = 'TOO_MANY_SAVED_SEARCHES';
  readonly most = SAVED_SEARCHES_MOST;
  constructor() {
    super(`A member keeps at most ${SAVED_SEARCHES_MOST} searches. Delete one that is no longer needed.`);
  }
}

/** The member's own searches, oldest first. */
export const savedSearchesOf = ({ communityId, memberId }: Member) =>
  prisma.savedSearch.findMany({
    where: { communityId, memberId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: SAVED_SEARCHES_MOST,
  });
export type SavedSearchRow = Awaited<ReturnType<typeof savedSearchesOf>>[number];

/** Keeps a search; with `notify` the member is told of what comes into the directory from now on and fits it. */
export async function createSavedSearch(
  member: Member,
  { name, criteria, notify }: { name: string; criteria: Criteria; notify: boolean },
): Promise<SavedSearchRow> {
  const { communityId, memberId } = member;
  return inCommunity(member, async (tx) => {
    await requireCriteria(tx, communityId, criteria);
    // Writing the id over itself holds the member's row: of two requests for the last place one gets it.
    await tx.member.updateMany({ where: { communityId, id: memberId }, data: { id: memberId } });
    if ((await tx.savedSearch.count({ where: { communityId, memberId } })) >= SAVED_SEARCHES_MOST)
      throw new TooManySavedSearches();
    return tx.savedSearch.create({
      data: { communityId, id: newId(), memberId, name, query: stored(criteria), notify, createdAt: clock.now() },
    });
  });
}

/** Changes what is given; a search with other criteria counts as kept from now on, so that nothing old is told as new. */
export async function updateSavedSearch(
  member: Member,
  change: { id: string; name: string | null; criteria: Criteria | null; notify: boolean | null },
): Promise<SavedSearchRow> {
  const { communityId, memberId } = member;
  const { id, name, criteria, notify } = change;
  return inCommunity(member, async (tx) => {
    if (criteria) await requireCriteria(tx, communityId, criteria);
    const [row] = await tx.savedSearch.updateManyAndReturn({
      where: { communityId, memberId, id },
      data: {
        ...(name !== null && { name }),
        ...(criteria && { query: stored(criteria), createdAt: clock.now() }),
        ...(notify !== null && { notify }),
      },
    });
    if (!row) throw notFound('saved search');
    return row;
  });
}

/** Forgets a search of the member. */
export async function deleteSavedSearch({ communityId, memberId }: Member, id: string): Promise<void> {
  const { count } = await prisma.savedSearch.deleteMany({ where: { communityId, memberId, id } });
  if (!count) throw notFound('saved search');
}

/** What could not be searched for is not kept either. */
async function requireCriteria(tx: Tx, communityId: string, criteria: Criteria) {
  filterOf(criteria, (await surroundingsOf(tx, communityId)).currencyScale);
}

/** Only what was asked for: JSON keeps it, and undefined and null say nothing. */
const stored = (criteria: Criteria): object =>
  Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== null && value !== undefined));

/** What a kept search looks for. */
export const criteriaIn = ({ query }: { query: unknown }) => query as Criteria;
