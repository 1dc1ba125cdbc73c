import { clock } from '../clock.ts';
import { audit } from '../communities/audit.ts';
import { memberRow } from '../communities/membership.ts';
import { policiesOf } from '../communities/policies.ts';
import { WrongMemberState } from '../communities/states.ts';
import type { Member } from '../context.ts';
import { inCommunity } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { enqueue } from '../jobs.ts';
import { phrase } from '../texts/text.ts';

/** Members of reputation carry coinage already. */
export class FoundersNotNeeded extends DomainError {
  readonly code = 'FOUNDERS_NOT_NEEDED';
  constructor() {
    super('There are members with the reputation to buy with coinage: founders are for a community that has none yet.');
  }
}
export const FOUNDERS_MOST = 100;
export class TooManyFounders extends DomainError {
  readonly code = 'TOO_MANY_FOUNDERS';
  constructor() {
    super(`There are ${FOUNDERS_MOST} founders, which is the most: dismiss one first.`);
  }
}

/** Lets a member buy with coinage while nobody has the reputation for it; on the record. Said again it changes nothing. */
export async function appointFounder(
  operator: Member,
  { memberId, reason }: { memberId: string; reason: string },
): Promise<void> {
  const { communityId } = operator;
  await inCommunity(operator, async (tx) => {
    const { state } = await memberRow(tx, communityId, memberId);
    if (state !== 'ACTIVE') throw new WrongMemberState(state);
    if (await tx.coinageFounder.count({ where: { communityId, memberId } })) return;
    const community = await tx.community.findUniqueOrThrow({ where: { id: communityId } });
    const least = policiesOf(community).coinageReputation * 1000;
    const known = await tx.reputation.findMany({
      where: { communityId, scoreMilli: { gte: least } },
      select: { memberId: true },
      take: 1000,
    });
    const ids = known.map((row) => row.memberId);
    if (await tx.member.count({ where: { communityId, id: { in: ids }, state: 'ACTIVE' } }))
      throw new FoundersNotNeeded();
    if ((await tx.coinageFounder.count({ where: { communityId } })) >= FOUNDERS_MOST) throw new TooManyFounders();
    const { count } = await tx.coinageFounder.createMany({
      data: [{ communityId, memberId, reason, appointedBy: operator.memberId, appointedAt: clock.now() }],
      skipDuplicates: true,
    });
    if (!count) return;
    const subject = { subjectType: 'Member', subjectId: memberId };
    await audit(tx, operator, { action: 'coinage.appointFounder', ...subject, reason });
    const key = `coinage.founder:${memberId}:${clock.now().getTime()}`;
    const notice = { kind: 'coinage.founder', key, title: phrase('coinage.founder'), body: reason };
    const about = { type: 'Member', id: memberId };
    await enqueue(tx, 'notify', { communityId, notices: [{ memberId, ...notice, subject: about }] });
  });
}

/** Ends an appointment; what was bought with it stays. */
export async function dismissFounder(
  operator: Member,
  { memberId, reason }: { memberId: string; reason: string },
): Promise<void> {
  const { communityId } = operator;
  await inCommunity(operator, async (tx) => {
    const { count } = await tx.coinageFounder.deleteMany({ where: { communityId, memberId } });
    if (!count) throw notFound('founder');
    const subject = { subjectType: 'Member', subjectId: memberId };
    await audit(tx, operator, { action: 'coinage.dismissFounder', ...subject, reason });
  });
}
