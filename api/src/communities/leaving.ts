import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity, type Tx } from '../db.ts';
import { DomainError } from '../errors.ts';
import { LastOperator, lockCommunity, memberRow, requireOtherOperator, step, type MemberRow } from './membership.ts';

/** Something that has to be settled before a member can go. */
export interface Obstacle {
  code: string;
  message: string;
}

export class CannotLeaveYet extends DomainError {
  readonly code = 'CANNOT_LEAVE_YET';
  readonly obstacles: Obstacle[];
  constructor(obstacles: Obstacle[]) {
    super(`Before leaving: ${obstacles.map(({ message }) => message).join(' ')}`);
    this.obstacles = obstacles;
  }
}

type Check = (tx: Tx, member: MemberRow) => Promise<Obstacle[]>;
const checks: Check[] = [];
/** Adds what another domain knows of that keeps a member from leaving. */
export const defineObstacle = (check: Check) => void checks.push(check);

/** Everything that keeps a member from leaving now. */
export async function obstaclesToLeaving(tx: Tx, member: MemberRow): Promise<Obstacle[]> {
  const others: Obstacle[] = [];
  for (const check of checks) others.push(...(await check(tx, member)));
  try {
    await requireOtherOperator(tx, member);
    return others;
  } catch (error) {
    if (error instanceof LastOperator) return [{ code: error.code, message: error.message }, ...others];
    throw error;
  }
}

/** Ends the viewer's membership. Roles are given back; a suspension in force stays on record for a return. */
export async function leaveCommunity(member: Member): Promise<void> {
  await inCommunity(member, async (tx) => {
    await lockCommunity(tx, member.communityId);
    await end(tx, await memberRow(tx, member.communityId, member.memberId));
  });
}

/** Takes a member through LEAVING to LEFT, if nothing keeps them. The community is locked. */
export async function end(tx: Tx, member: MemberRow): Promise<void> {
  const obstacles = await obstaclesToLeaving(tx, member);
  if (obstacles.length) throw new CannotLeaveYet(obstacles);
  const leaving = member.state === 'LEAVING' ? member : await step(tx, member, 'LEAVING');
  await step(tx, leaving, 'LEFT', { leftAt: clock.now(), roles: ['MEMBER'] });
}

/** What the viewer would be told if they tried to leave now. */
export const obstaclesToLeavingOf = ({ communityId, memberId }: Member): Promise<Obstacle[]> =>
  inCommunity(communityId, async (tx) => obstaclesToLeaving(tx, await memberRow(tx, communityId, memberId)));
