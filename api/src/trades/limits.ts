import { policiesOf } from '../communities/policies.ts';
import { clock } from '../clock.ts';
import type { Tx } from '../db.ts';
import { TradeDayLimitReached, TradeTooLarge } from './refusals.ts';

/** What of the community a trade needs to know: its rules, its currency, its days. */
export async function surroundingsOf(tx: Tx, communityId: string) {
  const { policies, ...rest } = await tx.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { policies: true, timeZone: true, currencyCode: true, currencyScale: true },
  });
  return { ...rest, policies: policiesOf({ policies }) };
}
export type Surroundings = Awaited<ReturnType<typeof surroundingsOf>>;

const minorOf = (units: number, { currencyScale }: Surroundings) => BigInt(units) * 10n ** BigInt(currencyScale);

/** Refuses a local amount in minor units above the policy paymentMost. */
export function requireAllowed(amount: bigint, surroundings: Surroundings) {
  const { policies, currencyCode, currencyScale: scale } = surroundings;
  const most = minorOf(policies.paymentMost, surroundings);
  if (most > 0n && amount > most) throw new TradeTooLarge({ minor: most, currencyCode, scale });
}

/**
 * Refuses when what was paid from the account today, with what is held for trades agreed today, is more than the policy
 * paymentsPerDayMost. Called after the reservation or the payment: the account is locked then, and what is new is counted.
 */
export async function requireWithinDay(
  tx: Tx,
  { communityId, accountId }: { communityId: string; accountId: string },
  surroundings: Surroundings,
) {
  const most = minorOf(surroundings.policies.paymentsPerDayMost, surroundings);
  if (most === 0n) return;
  const [{ began }] = (await tx.$queryRaw<{ began: Date }[]>`
    select date_trunc('day', ${clock.now()}::timestamptz, ${surroundings.timeZone}) as began`) as [{ began: Date }];
  const paid = await tx.posting.aggregate({
    _sum: { amount: true },
    where: {
      ...{ communityId, accountId, postedAt: { gte: began }, amount: { lt: 0 } },
      entry: { kind: { in: ['PAYMENT', 'TRADE'] }, reversal: { is: null } },
    },
  });
  const held = await tx.reservation.aggregate({
    _sum: { amount: true },
    where: { communityId, accountId, subjectType: 'Trade', createdAt: { gte: began } },
  });
  if (-(paid._sum.amount ?? 0n) + (held._sum.amount ?? 0n) > most) throw new TradeDayLimitReached();
}
