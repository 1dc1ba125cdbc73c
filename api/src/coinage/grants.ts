import { clock } from '../clock.ts';
import { audit } from '../communities/audit.ts';
import { policiesOf } from '../communities/policies.ts';
import type { Member } from '../context.ts';
import { inCommunity, type Tx } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import { EntryIdReused } from '../ledger/refusals.ts';
import { fromMinor } from '../money.ts';
import { phrase } from '../texts/text.ts';

const DAY_MS = 86_400_000;
const UNITS_MOST = 1_000_000_000n;

/** Earmarks the policy's coins for somebody who was admitted, once in their life in the community. */
export async function grantOnAdmission(
  tx: Tx,
  { communityId, memberId }: { communityId: string; memberId: string },
): Promise<void> {
  const community = await tx.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { policies: true, currencyScale: true },
  });
  const { coinage, coinageGrant, coinageGrantDays } = policiesOf(community);
  const amount = BigInt(coinageGrant) * 10n ** BigInt(community.currencyScale);
  const isMember = await tx.member.count({ where: { communityId, id: memberId, state: 'ACTIVE' } });
  if (!coinage || amount === 0n || !isMember) return;
  const grant = { amount, expiresAt: expiryAfter(coinageGrantDays) };
  const { count } = await tx.coinageGrant.createMany({
    data: [{ communityId, id: newId(), memberId, cause: 'ADMISSION', ...grant, grantedAt: clock.now() }],
    skipDuplicates: true,
  });
  if (count) await add(tx, { communityId, memberId, ...grant });
}

const expiryAfter = (days: number) => (days ? new Date(clock.now().getTime() + days * DAY_MS) : null);

export interface GrantInput {
  /** Made by the client: the same id is the same grant. */
  id: string;
  memberId: string;
  /** In units of the local currency. */
  amount: string;
  /** Null: by the policy; 0: never. */
  expiresInDays: number | null;
  reason: string;
}
/** Earmarks more coins for a member, once for each id; the audit log keeps why. */
export async function grantCoinage(operator: Member, { id, memberId, reason, ...input }: GrantInput): Promise<void> {
  const { communityId } = operator;
  const { scale, currencyCode } = await localCurrencyOf(communityId);
  const amount = amountAbove0(input.amount, scale);
  if (amount > UNITS_MOST * 10n ** BigInt(scale)) throw badInput(`amount is at most ${UNITS_MOST} units.`, 'amount');
  await inCommunity(operator, async (tx) => {
    const member = await tx.member.count({ where: { communityId, id: memberId, state: 'ACTIVE' } });
    if (!member) throw notFound('member');
    const { policies } = await tx.community.findUniqueOrThrow({ where: { id: communityId } });
    const expiresAt = expiryAfter(input.expiresInDays ?? policiesOf({ policies }).coinageGrantDays);
    const said = { memberId, amount, reason, grantedBy: operator.memberId };
    const { count } = await tx.coinageGrant.createMany({
      data: [{ communityId, id, cause: 'OPERATOR', ...said, expiresAt, grantedAt: clock.now() }],
      skipDuplicates: true,
    });
    if (!count) {
      if (!(await tx.coinageGrant.count({ where: { communityId, id, ...said } }))) throw new EntryIdReused();
      return;
    }
    await add(tx, { communityId, memberId, amount, expiresAt });
    await audit(tx, operator, {
      action: 'coinage.grant',
      ...{ subjectType: 'Member', subjectId: memberId, reason, detail: { grantId: id, amount: String(amount) } },
    });
    const title = phrase('coinage.granted', { amount: `${fromMinor(amount, scale)} ${currencyCode}` });
    const subject = { type: 'Member', id: memberId };
    const notices = [{ memberId, kind: 'coinage.granted', key: `coinage.granted:${id}`, title, body: reason, subject }];
    await enqueue(tx, 'notify', { communityId, notices });
  });
}

/** Adds a grant to what the member has. What was left keeps to the later of both ends; what had run out is gone before. */
async function add(
  tx: Tx,
  {
    communityId,
    memberId,
    amount,
    expiresAt,
  }: { communityId: string; memberId: string; amount: bigint; expiresAt: Date | null },
) {
  await tx.coinageStanding.createMany({ data: [{ communityId, memberId }], skipDuplicates: true });
  const standing = await expire(tx, { communityId, memberId });
  const isLeft = standing.granted > standing.minted + standing.expired;
  await tx.coinageStanding.update({
    where: { communityId_memberId: { communityId, memberId } },
    data: { granted: { increment: amount }, expiresAt: isLeft ? later(standing.expiresAt, expiresAt) : expiresAt },
  });
}
const later = (one: Date | null, other: Date | null) => (one && other ? (one > other ? one : other) : null);

/** Takes away what is left of a grant that has run out; said twice it changes nothing. Holds and answers the standing. */
export async function expire(tx: Tx, { communityId, memberId }: { communityId: string; memberId: string }) {
  const where = { communityId_memberId: { communityId, memberId } };
  const held = await tx.coinageStanding.update({ where, data: { granted: { increment: 0 } } });
  const isOver = held.expiresAt !== null && held.expiresAt <= clock.now();
  const expired = held.granted - held.minted;
  return isOver && expired > held.expired ? tx.coinageStanding.update({ where, data: { expired } }) : held;
}
