import type { Tx } from '../db.ts';
import type { Notice } from './notifications.ts';

type Of = (
  tx: Tx,
  where: { communityId: string; id: { in: string[] } },
) => Promise<[id: string, memberIds: string[]][]>;

/** Postings of an entry that a notice can be about; a run that charges everybody is told to nobody. */
const SIDES_MOST = 4;

/** Whose a thing is that notices are about, by its type. */
const people: Record<string, Of> = {
  Member: async (_tx, { id }) => id.in.map((memberId) => [memberId, [memberId]]),
  Listing: async (tx, where) =>
    (await tx.listing.findMany({ where, select: { id: true, memberId: true } })).map(({ id, memberId }) => [
      id,
      [memberId],
    ]),
  Suggestion: async (tx, where) =>
    (await tx.suggestion.findMany({ where, select: { id: true, wanterId: true, providerId: true } })).map(
      ({ id, wanterId, providerId }) => [id, [wanterId, providerId]],
    ),
  Trade: async (tx, where) =>
    (await tx.trade.findMany({ where, select: { id: true, buyerId: true, providerId: true } })).map(
      ({ id, buyerId, providerId }) => [id, [buyerId, providerId]],
    ),
  PaymentRequest: async (tx, where) =>
    (await tx.paymentRequest.findMany({ where, select: { id: true, payerId: true, payeeId: true } })).map(
      ({ id, payerId, payeeId }) => [id, [payerId, payeeId]],
    ),
  JournalEntry: async (tx, where) =>
    (
      await tx.journalEntry.findMany({
        where,
        select: {
          ...{ id: true, actorId: true },
          postings: { select: { account: { select: { memberId: true } } }, take: SIDES_MOST },
        },
      })
    ).map(({ id, actorId, postings }) => [
      id,
      [actorId ?? [], postings.map(({ account }) => account.memberId ?? [])].flat(2),
    ]),
};

/** The members that the subjects of these notices name, by the id of the subject. */
export async function peopleOf(
  tx: Tx,
  communityId: string,
  notices: readonly Notice[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [type, of] of Object.entries(people)) {
    const ids = [...new Set(notices.flatMap(({ subject }) => (subject?.type === type ? [subject.id] : [])))];
    if (ids.length)
      for (const [id, memberIds] of await of(tx, { communityId, id: { in: ids } })) found.set(id, memberIds);
  }
  return found;
}
