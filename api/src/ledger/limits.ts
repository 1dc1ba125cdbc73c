import { clock } from '../clock.ts';
import { audit } from '../communities/audit.ts';
import type { Member } from '../context.ts';
import { inCommunity, type Tx } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { fromMinor } from '../money.ts';
import { phrase, type Phrase } from '../texts/text.ts';
import { accountOf } from './accounts.ts';
import { amountAbove0, localCurrencyOf } from './currency.ts';
import { throwRefusal } from './refusals.ts';

export interface Limits {
  /** Minor units; null: the policy's; left out: as it is. */
  creditLimit?: bigint | null | undefined;
  /** Minor units; null: none; left out: as it is. */
  ceiling?: bigint | null | undefined;
}
interface LimitsSet {
  limit_before: bigint;
  limit_now: bigint;
  ceiling_before: bigint | null;
  ceiling_now: bigint | null;
}

/** Sets credit limit and ceiling of an account, and answers what they were and are. Below what is used, a limit only forbids what is new. */
export async function setLimits(
  tx: Tx,
  { accountId, creditLimit, ceiling }: Limits & { accountId: string },
): Promise<LimitsSet> {
  const rows = await tx.$queryRaw<
    LimitsSet[]
  >`select * from ledger.set_limits(${accountId}::uuid, ${creditLimit ?? null}::bigint,
    ${creditLimit === undefined}, ${ceiling ?? null}::bigint, ${ceiling === undefined}, ${clock.now()}::timestamptz)`.catch(
    throwRefusal,
  );
  return rows[0]!;
}

/** Whose limits: an account, or the local one of a member, which is opened if need be. */
type Whose = { accountId: string } | { memberId: string };
interface LimitDecision {
  whose: Whose;
  /** In units of the account's currency, 0 or more; null: the policy's; left out: as it is. */
  creditLimit?: string | null | undefined;
  /** In units of the account's currency; null: none; left out: as it is. */
  ceiling?: string | null | undefined;
  reason: string;
}

/** Sets the limits of one account. Its owner is told, the audit log keeps why. Answers the account. Throws AccountClosed. */
export async function setAccountLimits(operator: Member, { whose, reason, ...limits }: LimitDecision): Promise<string> {
  const { communityId } = operator;
  return inCommunity(operator, async (tx) => {
    const accountId = 'accountId' in whose ? whose.accountId : (await accountOf(tx, whose.memberId)).id;
    const account = await tx.account.findFirst({
      where: { communityId, id: accountId, kind: { in: ['MEMBER', 'TREASURY'] } },
    });
    if (!account) throw notFound('account');
    const { scale, currencyCode, memberId } = account;
    const set = await setLimits(tx, {
      accountId,
      creditLimit: typeof limits.creditLimit === 'string' ? amountFrom0(limits.creditLimit, scale) : limits.creditLimit,
      ceiling: typeof limits.ceiling === 'string' ? amountAbove0(limits.ceiling, scale, 'ceiling') : limits.ceiling,
    });
    await audit(tx, operator, {
      action: 'ledger.setLimits',
      ...{ subjectType: 'Account', subjectId: accountId, reason },
      detail: {
        before: { creditLimit: String(set.limit_before), ceiling: textOf(set.ceiling_before) },
        after: { creditLimit: String(set.limit_now), ceiling: textOf(set.ceiling_now) },
      },
    });
    const people = memberId ? [{ memberId, accountId }] : [];
    const written = (minor: bigint) => `${fromMinor(minor, scale)} ${currencyCode}`;
    if (set.limit_now !== set.limit_before) {
      const title = phrase('account.limit', { amount: written(set.limit_now) });
      await tellLimit(tx, communityId, { people, title, reason });
    }
    if (set.ceiling_now !== set.ceiling_before) {
      const top = set.ceiling_now;
      const title = top === null ? phrase('account.noCeiling') : phrase('account.ceiling', { amount: written(top) });
      await tellLimit(tx, communityId, { people, title, reason });
    }
    return accountId;
  });
}

function amountFrom0(amount: string, scale: number): bigint {
  if (/^0+(\.0+)?$/.test(amount)) return 0n;
  if (amount.startsWith('-'))
    throw badInput('creditLimit is 0 or more: how far the account may fall below zero.', 'creditLimit');
  return amountAbove0(amount, scale, 'creditLimit');
}
const textOf = (amount: bigint | null) => (amount === null ? null : String(amount));

interface Changed {
  member_id: string;
  account_id: string;
  limit_before: bigint;
  limit_now: bigint;
  available: bigint;
}
export interface LimitApplied {
  raised: number;
  lowered: number;
  /** Of those that are lowered, how many have less than nothing available by that. */
  inArrears: number;
}

/**
 * Gives the policy's credit limit to all members' accounts that are there already; to those with a limit of their own only when asked
 * for. A dry run changes nothing. Everybody whose limit changes is told, the audit log keeps why.
 */
export async function applyCreditLimit(
  operator: Member,
  { includeOwn, isDryRun, reason }: { includeOwn: boolean; isDryRun: boolean; reason: string },
): Promise<LimitApplied> {
  const { communityId } = operator;
  const { scale, currencyCode } = await localCurrencyOf(communityId);
  return inCommunity(operator, async (tx) => {
    const changed = await tx.$queryRaw<Changed[]>`
      select * from ledger.apply_credit_limit(${includeOwn}, ${isDryRun}, ${clock.now()}::timestamptz)`;
    const raised = changed.filter(({ limit_before, limit_now }) => limit_now > limit_before).length;
    const inArrears = changed.filter(
      ({ limit_before, limit_now, available }) => limit_now < limit_before && available < 0n,
    );
    const applied = { raised, lowered: changed.length - raised, inArrears: inArrears.length };
    if (isDryRun) return applied;
    await audit(tx, operator, {
      action: 'ledger.applyCreditLimit',
      ...{ subjectType: 'Community', subjectId: communityId, reason },
      detail: { includeOwn, ...applied },
    });
    const people = changed.map(({ member_id: memberId, account_id: accountId }) => ({ memberId, accountId }));
    const amount = changed[0] ? `${fromMinor(changed[0].limit_now, scale)} ${currencyCode}` : '';
    await tellLimit(tx, communityId, { people, title: phrase('account.limit', { amount }), reason });
    return applied;
  });
}

const TOLD_AT_ONCE = 500;
interface Told {
  people: { memberId: string; accountId: string }[];
  title: Phrase;
  reason: string;
}
async function tellLimit(tx: Tx, communityId: string, { people, title, reason }: Told) {
  const key = `account.limit:${newId()}`;
  for (let at = 0; at < people.length; at += TOLD_AT_ONCE) {
    const notices = people.slice(at, at + TOLD_AT_ONCE).map(({ memberId, accountId }) => ({
      ...{ memberId, kind: 'account.limit', key, title, body: reason },
      subject: { type: 'Account', id: accountId },
    }));
    await enqueue(tx, 'notify', { communityId, notices });
  }
}
