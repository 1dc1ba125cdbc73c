import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { enqueue } from '../jobs.ts';
import { phrase } from '../texts/text.ts';
import { bestFirst } from './select.ts';
import type { DismissalReason } from '@kith/db';

export class SuggestionClosed extends DomainError {
  readonly code = 'SUGGESTION_CLOSED';
  constructor() {
    super('This suggestion is no longer open: one of you has answered it, or a listing has closed.');
  }
}

/** Pairs a member may still answer: not dismissed by either, both listings published. */
export const openFor = ({ communityId, memberId }: Member) => ({
  communityId,
  withdrawnAt: null,
  want: { state: 'PUBLISHED' as const },
  offer: { state: 'PUBLISHED' as const },
  OR: [
    { wanterId: memberId, wanterState: 'OPEN' as const, providerState: { not: 'DISMISSED' as const } },
    { providerId: memberId, providerState: 'OPEN' as const, wanterState: { not: 'DISMISSED' as const } },
  ],
});
/** Pairs in which the member takes part, whatever became of them. */
export const partOf = ({ communityId, memberId }: Member) => ({
  communityId,
  OR: [{ wanterId: memberId }, { providerId: memberId }],
});

type Pair = { communityId: string; id: string; wantId: string; offerId: string; wanterId: string; providerId: string };

const INBOX_MOST = 500;

/** The inbox: open suggestions, best first, of one listing or of all the member's; with how many there are. */
export async function inbox(
  member: Member,
  { listingId, skip, take }: { listingId: string | null; skip: number; take: number },
) {
  const where = {
    AND: [openFor(member), ...(listingId ? [{ OR: [{ wantId: listingId }, { offerId: listingId }] }] : [])],
  };
  const rows = await prisma.suggestion.findMany({
    where,
    orderBy: [{ score: 'desc' }, { id: 'desc' }],
    take: INBOX_MOST,
  });
  const counterparts = rows.map((row) => ({
    ...row,
    memberId: row.wanterId === member.memberId ? row.providerId : row.wanterId,
  }));
  return {
    items: bestFirst(counterparts).slice(skip, skip + take),
    total: rows.length < INBOX_MOST ? rows.length : await prisma.suggestion.count({ where }),
  };
}

/** The member wants to go on with this pair; the other member is told. Accepting twice is accepting once. */
export const acceptSuggestion = (member: Member, id: string) => answer(member, id, { state: 'ACCEPTED' });

/** The member does not want this pair. It is never suggested again, to either of the two. */
export const dismissSuggestion = (member: Member, id: string, reason: DismissalReason, note: string | null) =>
  answer(member, id, { state: 'DISMISSED', reason, note });

async function answer(
  member: Member,
  id: string,
  given: { state: 'ACCEPTED' } | { state: 'DISMISSED'; reason: DismissalReason; note: string | null },
) {
  const { communityId, memberId } = member;
  return inCommunity(member, async (tx) => {
    const before = await tx.suggestion.findFirst({ where: { ...partOf(member), id } });
    if (!before) throw notFound('suggestion');
    const side = before.wanterId === memberId ? 'wanterState' : 'providerState';
    if (before[side] === given.state) return before;
    const dismissal = given.state === 'DISMISSED' ? { dismissal: given.reason, dismissalNote: given.note } : {};
    // The condition decides a race with the other side, or with the listing being closed.
    const { count } = await tx.suggestion.updateMany({
      where: { AND: [openFor(member), { id }] },
      data: { [side]: given.state, ...dismissal, updatedAt: clock.now() },
    });
    if (!count) {
      // Somebody else's answer came between, or the same answer sent twice at once.
      const now = await tx.suggestion.findFirstOrThrow({ where: { communityId, id } });
      if (now[side] === given.state) return now;
      throw new SuggestionClosed();
    }
    if (given.state === 'ACCEPTED') await tellCounterpart(tx, before, memberId);
    return tx.suggestion.findFirstOrThrow({ where: { communityId, id } });
  });
}

async function tellCounterpart(
  tx: Tx,
  { communityId, id, wantId, offerId, wanterId, providerId }: Pair,
  memberId: string,
) {
  const counterpartId = wanterId === memberId ? providerId : wanterId;
  const [counterpart, own] = await Promise.all([
    tx.member.findFirst({ where: { communityId, id: counterpartId }, select: { userId: true } }),
    tx.listing.findFirst({
      where: { communityId, id: wanterId === memberId ? offerId : wantId },
      select: { title: true },
    }),
  ]);
  if (!counterpart?.userId || !own) return;
  const notice = {
    memberId: counterpartId,
    kind: 'suggestion.accepted',
    key: `suggestion.accepted:${id}`,
    title: phrase('suggestion.accepted', { title: own.title }),
    subject: { type: 'Suggestion', id },
  };
  await enqueue(tx, 'notify', { communityId, notices: [notice] });
}
