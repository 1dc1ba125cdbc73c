import type { Tx } from '../db.ts';
import { publish } from '../events.ts';
import { enqueue } from '../jobs.ts';
import { phrase, type Phrase, type TextKey, type Values } from '../texts/text.ts';

/** What may become of a trade, for its two members. */
export type TradeEvent =
  | 'proposed'
  | 'countered'
  | 'agreed'
  | 'declined'
  | 'cancelAsked'
  | 'cancelled'
  | 'expired'
  | 'delivered'
  | 'globalConfirmed'
  | 'completed'
  | 'disputed'
  | 'evidenceAdded'
  | 'resolved'
  | 'appealed'
  | 'undone';
type Told = { communityId: string; id: string; title: string; version: number; buyerId: string; providerId: string };

interface Telling {
  /** Who did it themselves, and need not be told. */
  by?: string | null;
  /** What makes it this one, where it can happen more than once in a version. */
  key?: string;
  text?: TextKey;
  values?: Values;
  body?: string | Phrase;
}

/** Tells both members: an event each for their screens, and a line in the inbox of those who did not do it themselves. */
export async function tell(tx: Tx, trade: Told, what: TradeEvent, telling: Telling = {}) {
  const { communityId, id, title, version, buyerId, providerId } = trade;
  for (const memberId of [buyerId, providerId]) await publish(tx, `trade.${what}`, { tradeId: id }, { memberId });
  const { by, key = String(version), text = `trade.${what}`, values, body } = telling;
  const notices = [buyerId, providerId]
    .filter((memberId) => memberId !== by)
    .map((memberId) => ({
      ...{ memberId, kind: `trade.${what}`, key: `trade.${what}:${id}:${key}`, subject: { type: 'Trade', id } },
      title: phrase(text, { title, ...values }),
      ...(body && { body }),
    }));
  await enqueue(tx, 'notify', { communityId, notices });
}

/** A line in the inbox of one member. */
export async function tellOne(
  tx: Tx,
  { communityId, id, title }: Pick<Told, 'communityId' | 'id' | 'title'>,
  { memberId, text, key = '', body }: { memberId: string; text: TextKey; key?: string; body?: string },
) {
  const notice = { memberId, kind: text, key: `${text}:${id}:${key}`, subject: { type: 'Trade', id } };
  await enqueue(tx, 'notify', {
    communityId,
    notices: [{ ...notice, title: phrase(text, { title }), ...(body && { body }) }],
  });
}

const MODERATORS_MOST = 100;
/** A line in the inbox of everybody who decides disputes. */
export async function tellModerators(
  tx: Tx,
  { communityId, id, title, buyerId, providerId }: Told,
  text: 'dispute.waits' | 'dispute.appealWaits',
) {
  const moderators = await tx.member.findMany({
    where: {
      ...{ communityId, state: 'ACTIVE', roles: { hasSome: ['MODERATOR', 'OPERATOR'] } },
      id: { notIn: [buyerId, providerId] },
    },
    select: { id: true },
    take: MODERATORS_MOST,
  });
  if (!moderators.length) return;
  const notices = moderators.map(({ id: memberId }) => ({
    ...{ memberId, kind: text, key: `${text}:${id}`, subject: { type: 'Trade', id } },
    title: phrase(text, { title }),
  }));
  await enqueue(tx, 'notify', { communityId, notices });
}
