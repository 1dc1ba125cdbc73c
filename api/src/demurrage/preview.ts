import { clock } from '../clock.ts';
import { changedPolicies, policiesOf, type Policies } from '../communities/policies.ts';
import { policiesAt, type PolicyChoice } from '../communities/policiesInForce.ts';
import { inCommunity } from '../db.ts';
import { localCurrencyOf } from '../ledger/currency.ts';
import { schedules } from './calls.ts';
import { allowanceOf } from './forecast.ts';
import { nextDue, type Due, type Schedule } from './schedule.ts';

/** What one member would be charged. Amounts in minor units. */
export interface Assessment {
  memberId: string;
  balance: bigint;
  available: bigint;
  charge: bigint;
}
export interface Preview {
  ratePpm: number;
  endsAt: Date;
  total: bigint;
  arrears: bigint;
  payers: number;
  /** Members who would pay nothing. */
  spared: number;
  items: Assessment[];
  communityId: string;
  currencyCode: string;
  scale: number;
}

/**
 * Who would pay what at the next end of a period, of today's balances, by the rules that will hold then or by others that are thought
 * of. Nothing is written. The page shows those who would pay most first.
 */
export async function preview(
  communityId: string,
  { proposed, skip, take }: { proposed: PolicyChoice; skip: number; take: number },
): Promise<Preview> {
  const { currencyCode, scale } = await localCurrencyOf(communityId);
  const now = clock.now();
  const known = (await schedules(communityId)).get(communityId)!;
  return inCommunity(communityId, async (tx) => {
    const today = await policiesAt(tx, communityId, now);
    const { endsAt, rules } = thoughtOf({ known, today, proposed, now });
    const rate = { ratePpm: rules.demurrageRatePpm, allowance: allowanceOf(rules, scale) };
    const rows = await tx.$queryRaw<(Assessment & Sums)[]>`
      with owed as materialized (
        select * from demurrage.assess(${endsAt}::timestamptz, ${rate.ratePpm}::integer, ${rate.allowance}::bigint, ${rules.demurrageGraceDays}::integer)
      ), sums as (
        select count(*)::integer as payers, coalesce(sum(charge), 0)::bigint as total,
               coalesce(sum(greatest(charge - greatest(available, 0), 0)), 0)::bigint as arrears from owed
      ), page as (select * from owed order by charge desc, account_id offset ${skip} limit ${take})
      select p.member_id as "memberId", p.balance, p.available, p.charge, s.*,
             (select count(*)::integer from accounts a where a.community_id = ${communityId}::uuid and a.kind = 'MEMBER' and a.is_local) as accounts
      from sums s left join page p on true order by p.charge desc, p.account_id`;
    const { payers, total, arrears, accounts } = rows[0]!;
    return {
      ...{ ratePpm: rate.ratePpm, endsAt, payers, total, arrears, spared: accounts - payers },
      ...{ communityId, currencyCode, scale },
      items: rows.filter(({ memberId }) => memberId !== null),
    };
  });
}

/** The end that is meant and the rules it is reckoned with: what is proposed goes over what is decided, changes that are announced included. */
function thoughtOf({ known, today, proposed, now }: Thought): Pick<Due, 'endsAt' | 'rules'> {
  const decided = nextDue(known, now);
  if (decided && !Object.values(proposed).some((value) => value !== undefined)) return decided;
  const policies = changedPolicies(decided?.rules ?? today, { ...proposed, demurrage: true });
  const { endsAt } = nextDue({ ...known, policies, steps: [] }, now)!;
  return { endsAt, rules: policiesOf({ policies }) };
}
interface Thought {
  known: Schedule;
  today: Policies;
  proposed: PolicyChoice;
  now: Date;
}
interface Sums {
  payers: number;
  total: bigint;
  arrears: bigint;
  accounts: number;
}
