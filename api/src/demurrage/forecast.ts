import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma } from '../db.ts';
import { accountOf } from '../ledger/accounts.ts';
import type { Policies } from '../communities/policies.ts';
import { schedules } from './calls.ts';
import { chargeOf, paysFrom } from './charge.ts';
import { nextDue, type Due } from './schedule.ts';

/** The next end of a period that is still to come; null while demurrage is off and not announced. */
export async function nextEnd(communityId: string): Promise<Due | null> {
  const schedule = (await schedules(communityId)).get(communityId);
  return schedule ? nextDue(schedule, clock.now()) : null;
}

/** The allowance of the rules, in whole units, in minor units. */
export const allowanceOf = ({ demurrageAllowance }: Policies, scale: number): bigint =>
  BigInt(demurrageAllowance) * 10n ** BigInt(scale);

export interface Forecast extends Due {
  /** Minor units: what the viewer holds now, and what they would be charged of it. */
  balance: bigint;
  charge: bigint;
  currencyCode: string;
  scale: number;
  /** From when on the viewer pays. */
  paysFrom: Date;
}
/** When the viewer is charged next, and how much if nothing moves until then; null while demurrage is off. */
export async function forecastOf({ communityId, memberId }: Member): Promise<Forecast | null> {
  const due = await nextEnd(communityId);
  if (!due) return null;
  const { id } = await inCommunity(communityId, (tx) => accountOf(tx, memberId));
  const [account, member] = await Promise.all([
    prisma.account.findFirstOrThrow({ where: { communityId, id } }),
    prisma.member.findFirstOrThrow({ where: { communityId, id: memberId } }),
  ]);
  const { balance, currencyCode, scale } = account;
  const from = paysFrom(member.admittedAt ?? member.createdAt, due.rules.demurrageGraceDays);
  const rate = { ratePpm: due.rules.demurrageRatePpm, allowance: allowanceOf(due.rules, scale) };
  const charge = from <= due.endsAt ? chargeOf(balance, rate) : 0n;
  return { ...due, balance, charge, currencyCode, scale, paysFrom: from };
}
