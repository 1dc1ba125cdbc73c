import type { Member } from '../context.ts';
import type { Sql } from '@kith/db';
import type { Tx } from '../db.ts';
import { DomainError } from '../errors.ts';
import { audit } from './audit.ts';

/** Who has a role for it may act for members who are offline; each member can withdraw that. */
export class ActingNotAllowed extends DomainError {
  readonly code = 'ACTING_NOT_ALLOWED';
  constructor() {
    super('This member does not want others to act for them: ask them to do it, or to allow it in their profile.');
  }
}

/** Refuses to act for a member who does not want that. */
export async function requireActingAllowed(
  tx: Tx,
  { communityId, memberId }: { communityId: string; memberId: string },
): Promise<void> {
  const unwilling = await tx.member.count({ where: { communityId, id: memberId, brokersMayAct: false } });
  if (unwilling) throw new ActingNotAllowed();
}

export interface ActFor {
  /** Domain and verb, such as payment.pay. */
  action: string;
  /** For whom. */
  memberId: string;
  subject: { type: string; id: string };
  /** Ids, numbers and states only. */
  detail?: Sql.InputJsonObject;
}
/** Puts on the record that somebody acted for another member. */
export const recordActing = (tx: Tx, viewer: Member, { action, memberId, subject, detail }: ActFor): Promise<void> =>
  audit(tx, viewer, { action, subjectType: subject.type, subjectId: subject.id, detail: { memberId, ...detail } });
