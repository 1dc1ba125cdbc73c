import type { Member } from '../context.ts';
import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { DomainError } from '../errors.ts';
import { publish } from '../events.ts';
import { audit } from './audit.ts';
import { lockCommunity } from './membership.ts';

/** What was accepted is not the newest charter: show that one and ask again. */
export class CharterChanged extends DomainError {
  readonly code = 'CHARTER_CHANGED';
  readonly currentVersion: number;
  constructor(currentVersion: number) {
    super(`The charter in force is version ${currentVersion}: read it and accept that one.`);
    this.currentVersion = currentVersion;
  }
}

/** Joining takes the newest charter; version 0 says that there is none yet. */
export function requireCurrentCharter({ charterVersion }: { charterVersion: number }, accepted: number) {
  if (accepted !== charterVersion) throw new CharterChanged(charterVersion);
}

/** Puts a new version of the charter in force. Members keep their rights and are asked to accept it. Answers its version. */
export async function publishCharter(operator: Member, text: string): Promise<number> {
  const { communityId, memberId } = operator;
  return inCommunity(operator, async (tx) => {
    const { charterVersion } = await lockCommunity(tx, communityId);
    const version = charterVersion + 1;
    await tx.charter.create({ data: { communityId, version, text, publishedBy: memberId, publishedAt: clock.now() } });
    await tx.community.update({
      where: { id: communityId },
      data: { charterVersion: version, updatedAt: clock.now() },
    });
    await audit(tx, operator, {
      action: 'charter.publish',
      subjectType: 'Community',
      subjectId: communityId,
      detail: { version },
    });
    await publish(tx, 'charter.published', { version });
    return version;
  });
}

/** Records that the member accepts the charter in force. */
export async function acceptCharter({ communityId, memberId }: Member, version: number): Promise<void> {
  await inCommunity(communityId, async (tx) => {
    const community = await lockCommunity(tx, communityId);
    requireCurrentCharter(community, version);
    await tx.member.update({
      where: { communityId_id: { communityId, id: memberId } },
      data: { charterVersion: version || null, updatedAt: clock.now() },
    });
  });
}
