import { audit } from '../communities/audit.ts';
import type { Member } from '../context.ts';
import { inCommunity, type Tx } from '../db.ts';
import { DomainError, notFound } from '../errors.ts';
import { enqueue } from '../jobs.ts';
import { accountOf, issuanceOf, treasuryOf, type AccountRef } from '../ledger/accounts.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import { credit, debit, post, type NewEntry, type Posted } from '../ledger/entries.ts';
import { CeilingExceeded } from '../ledger/refusals.ts';
import { fromMinor } from '../money.ts';
import { phrase } from '../texts/text.ts';

export class ReceiverUnavailable extends DomainError {
  readonly code = 'RECEIVER_UNAVAILABLE';
  constructor() {
    super('The treasury pays active members: this one is not active now.');
  }
}

export class BurnExceedsSupply extends DomainError {
  readonly code = 'BURN_EXCEEDS_SUPPLY';
  constructor() {
    super('No more can be burned than was ever minted and is still there: the supply would fall below zero.');
  }
}

export interface Spending {
  /** Made by the client: the same id is the same spending. */
  id: string;
  /** In units of the local currency. */
  amount: string;
  /** Members see it in the treasury's report. */
  reason: string;
}

/** Gives a member money of the treasury for nothing, once for each id. Throws InsufficientFunds, ReceiverUnavailable. */
export const grantFromTreasury = (operator: Member, given: Spending & { memberId: string }): Promise<Posted> =>
  payOut(operator, given, { kind: 'GRANT', action: 'treasury.grant', text: 'treasury.granted' });

/** Pays a member for goods or services of the community, once for each id. Throws InsufficientFunds, ReceiverUnavailable. */
export const buyForTreasury = (operator: Member, given: Spending & { memberId: string }): Promise<Posted> =>
  payOut(operator, given, { kind: 'TREASURY', action: 'treasury.buy', text: 'treasury.paid' });

/** Takes money of the treasury out of the world: the supply is smaller by it. Once for each id. Throws InsufficientFunds, BurnExceedsSupply. */
export const burnFromTreasury = (operator: Member, given: Spending): Promise<Posted> =>
  spend(operator, given, 'treasury.burn', async (tx) => ({ kind: 'BURN', to: await issuanceOf(tx) })).catch((error) => {
    // Issuance takes back what it has given and no more: what members lend each other was never minted.
    throw error instanceof CeilingExceeded ? new BurnExceedsSupply() : error;
  });

/** A member gives their own money to the community, such as before they leave; once for each id. Throws InsufficientFunds. */
export async function giveToTreasury(member: Member, { id, amount }: { id: string; amount: string }): Promise<Posted> {
  const { communityId, memberId: actorId } = member;
  const minor = amountAbove0(amount, (await localCurrencyOf(communityId)).scale);
  return inCommunity(member, async (tx) => {
    const postings = [debit(await accountOf(tx, actorId), minor), credit(await treasuryOf(tx), minor)];
    return post(tx, { id, kind: 'TREASURY', actorId, postings });
  });
}

type Kind = { kind: 'GRANT' | 'TREASURY'; action: string; text: 'treasury.granted' | 'treasury.paid' };
const payOut = (operator: Member, given: Spending & { memberId: string }, { kind, action, text }: Kind) =>
  spend(operator, given, action, async (tx, amount) => {
    const { communityId } = operator;
    const member = await tx.member.findFirst({ where: { communityId, id: given.memberId } });
    if (!member) throw notFound('member');
    const repeated = await tx.journalEntry.count({ where: { communityId, id: given.id } });
    if (member.state !== 'ACTIVE' && !repeated) throw new ReceiverUnavailable();
    if (!repeated)
      await enqueue(tx, 'notify', {
        communityId,
        notices: [
          {
            ...{ memberId: member.id, kind: text, key: `${text}:${given.id}`, title: phrase(text, { amount }) },
            ...{ body: given.reason, subject: { type: 'JournalEntry', id: given.id } },
          },
        ],
      });
    return { kind, to: await accountOf(tx, member.id) };
  });

async function spend(
  operator: Member,
  { id, amount, reason }: Spending,
  action: string,
  target: (tx: Tx, amount: string) => Promise<{ kind: NewEntry['kind']; to: AccountRef }>,
): Promise<Posted> {
  const { currencyCode, scale } = await localCurrencyOf(operator.communityId);
  const minor = amountAbove0(amount, scale);
  return inCommunity(operator, async (tx) => {
    const { kind, to } = await target(tx, `${fromMinor(minor, scale)} ${currencyCode}`);
    const postings = [debit(await treasuryOf(tx), minor), credit(to, minor)];
    const posted = await post(tx, { id, kind, memo: reason, actorId: operator.memberId, postings });
    if (!posted.repeated)
      await audit(tx, operator, {
        ...{ action, subjectType: 'JournalEntry', subjectId: id, reason },
        detail: { amount: String(minor) },
      });
    return posted;
  });
}
