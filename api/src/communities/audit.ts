import type { Sql } from '@kith/db';
import { clock } from '../clock.ts';
import { prisma, type Tx } from '../db.ts';
import { newId } from '../ids.ts';

/** Who acts: a member, a platform administrator who is none, or a command-line program, which is nobody. */
export interface Actor {
  communityId: string;
  userId: string | null;
  memberId?: string | null;
}
export interface Act {
  /** Domain and verb, such as member.suspend. */
  action: string;
  subjectType: string;
  subjectId: string;
  reason?: string | null;
  /** Ids, numbers and states only, never personal data: nobody can erase a line of this log. */
  detail?: Sql.InputJsonObject;
}

/** Writes an operator's act into the log that nobody can change, in the act's own transaction. */
export async function audit(
  tx: Tx,
  { communityId, userId, memberId }: Actor,
  { action, subjectType, subjectId, reason, detail }: Act,
) {
  await tx.auditEntry.create({
    data: {
      communityId,
      id: newId(),
      actorUserId: userId,
      actorMemberId: memberId ?? null,
      action,
      subjectType,
      subjectId,
      reason: reason ?? null,
      detail: detail ?? {},
      createdAt: clock.now(),
    },
  });
}

export interface AuditFilter {
  action?: string | null | undefined;
  subjectId?: string | null | undefined;
  actorMemberId?: string | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

/** A page of the log, newest first, and how many lines there are. */
export async function auditPage(
  communityId: string,
  { skip, take, filter }: { skip: number; take: number; filter: AuditFilter },
) {
  const { action, subjectId, actorMemberId, from, to } = filter;
  const where = {
    communityId,
    ...(action && { action: { startsWith: action } }),
    ...(subjectId !== undefined && subjectId !== null && { subjectId }),
    ...(actorMemberId && { actorMemberId }),
    ...((from || to) && { createdAt: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
  };
  const [items, total] = await Promise.all([
    prisma.auditEntry.findMany({ where, skip, take, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    prisma.auditEntry.count({ where }),
  ]);
  return { items, total };
}
