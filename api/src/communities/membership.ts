import type { MemberState } from '@kith/db';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { publish } from '../events.ts';
import { enqueue } from '../jobs.ts';
import type { Phrase } from '../texts/text.ts';
import { PLACED, requireStep } from './states.ts';

export class CommunityFull extends DomainError {
  readonly code = 'COMMUNITY_FULL';
  readonly capacity: number;
  constructor(capacity: number) {
    super(`The community has room for ${capacity} members and is full. An operator can raise its capacity.`);
    this.capacity = capacity;
  }
}

export class LastOperator extends DomainError {
  readonly code = 'LAST_OPERATOR';
  constructor() {
    super('A community needs an operator: give another active member the role first.');
  }
}

/**
 * Holds the community until the end of the transaction and answers its row: whatever counts members or operators, or shapes
 * the category tree, goes one after another. Adding nothing locks the row without holding up those who only refer to it.
 */
export const lockCommunity = (tx: Tx, communityId: string) =>
  tx.community.update({ where: { id: communityId }, data: { memberCapacity: { increment: 0 } } });

/** The member as it is now; call it after the lock. */
export async function memberRow(tx: Tx, communityId: string, id: string) {
  const member = await tx.member.findUnique({ where: { communityId_id: { communityId, id } } });
  if (!member) throw notFound('member');
  return member;
}
export type MemberRow = Awaited<ReturnType<typeof memberRow>>;

/** Refuses when every place is taken. The community is locked. */
export async function requirePlace(
  tx: Tx,
  { id: communityId, memberCapacity }: { id: string; memberCapacity: number },
) {
  const taken = await tx.member.count({ where: { communityId, state: { in: PLACED } } });
  if (taken >= memberCapacity) throw new CommunityFull(memberCapacity);
}

/** Refuses when nobody else who can sign in runs the community. The community is locked. */
export async function requireOtherOperator(tx: Tx, { communityId, id, state, roles }: MemberRow) {
  if (state !== 'ACTIVE' || !roles.includes('OPERATOR')) return;
  const others = await tx.member.count({
    where: { communityId, id: { not: id }, state: 'ACTIVE', userId: { not: null }, roles: { has: 'OPERATOR' } },
  });
  if (others === 0) throw new LastOperator();
}

type Step = { from: MemberState; to: MemberState };
type Follow = (tx: Tx, member: Pick<MemberRow, 'communityId' | 'id'>, step: Step) => Promise<void>;
const followers: Follow[] = [];
/** Adds what another domain does in the transaction in which a membership takes a step; what it throws keeps the step from being taken. */
export const followSteps = (follow: Follow) => void followers.push(follow);

/** Takes a membership one step further and tells everybody whom it concerns. */
export async function step(
  tx: Tx,
  member: Pick<MemberRow, 'communityId' | 'id' | 'state'>,
  to: MemberState,
  data: Parameters<Tx['member']['update']>[0]['data'] = {},
) {
  requireStep(member.state, to);
  const { communityId, id } = member;
  await tx.member.update({
    where: { communityId_id: { communityId, id } },
    data: { ...data, state: to, updatedAt: clock.now() },
  });
  for (const follow of followers) await follow(tx, { communityId, id }, { from: member.state, to });
  if (to === 'SUSPENDED' || to === 'LEFT') await tellEnd(tx, { communityId, memberId: id });
  if (to === 'ACTIVE' && member.state !== 'SUSPENDED')
    await enqueue(tx, 'member.admitted', { communityId, memberId: id });
  await tellChange(tx, { communityId, memberId: id });
  return { ...member, state: to };
}

/** Name, place, state or roles of a member changed: open sockets and the search index follow. */
export async function tellChange(tx: Tx, { communityId, memberId }: { communityId: string; memberId: string }) {
  await publish(tx, 'member.changed', { memberId });
  await enqueue(tx, 'member.changed', { communityId, memberId }, { key: `member.changed:${communityId}:${memberId}` });
}

/** A member may act no more: streams end, listings go, invitations stop working. */
export async function tellEnd(tx: Tx, { communityId, memberId }: { communityId: string; memberId: string }) {
  await tx.invitation.updateMany({
    where: { communityId, inviterId: memberId, revokedAt: null },
    data: { revokedAt: clock.now() },
  });
  await publish(tx, 'member.ended', { memberId });
  await enqueue(tx, 'member.ended', { communityId, memberId });
}

/** Tells one member what became of their membership. */
export const tellMember = (
  tx: Tx,
  { communityId, memberId }: { communityId: string; memberId: string },
  { kind, title, body = '' }: { kind: string; title: Phrase; body?: string },
) =>
  enqueue(tx, 'notify', {
    communityId,
    notices: [
      {
        memberId,
        kind,
        key: `${kind}:${clock.now().getTime()}`,
        title,
        body,
        subject: { type: 'Member', id: memberId },
      },
    ],
  });

/** A membership as its owner sees it, whatever community the request is in. */
export const membershipRow = ({ communityId, memberId }: { communityId: string; memberId: string }) =>
  inCommunity(communityId, async (tx) => {
    const { state, roles } = await memberRow(tx, communityId, memberId);
    return { communityId, memberId, state, roles };
  });
