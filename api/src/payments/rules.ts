import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { inCommunity, isUniqueViolation, prisma, type Tx } from '../db.ts';
import { badInput, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import { PayeeUnavailable } from './refusals.ts';

export const RULES_MOST = 100;

/** The payer's rule for a request: the one for its payee before the one for everybody; none above its amount. */
export async function ruleFor(
  tx: Tx,
  { communityId, payerId, payeeId, amount }: { communityId: string; payerId: string; payeeId: string; amount: bigint },
) {
  const rules = await tx.paymentRule.findMany({
    where: { communityId, payerId, OR: [{ payeeId }, { payeeId: null }] },
    orderBy: { payeeId: { sort: 'asc', nulls: 'last' } },
    take: 2,
  });
  const [rule] = rules;
  return rule && (rule.amountMost === null || amount <= rule.amountMost) ? rule : undefined;
}

export interface RuleInput {
  payeeId: string | null;
  afterDays: number;
  /** In units of the local currency; null: any amount. */
  amountMost: string | null;
}
/** Sets what the viewer accepts without being asked, for requests that come from now on; one rule for each payee and one for everybody. */
export async function setRule(viewer: Member, { payeeId, afterDays, amountMost }: RuleInput): Promise<string> {
  const { communityId, memberId: payerId } = viewer;
  if (payeeId === payerId) throw badInput('A rule is about requests of other members.', 'payeeId');
  const { scale } = await localCurrencyOf(communityId);
  const data = { afterDays, amountMost: amountMost === null ? null : amountAbove0(amountMost, scale, 'amountMost') };
  const write = () =>
    inCommunity(viewer, async (tx) => {
      if (payeeId && !(await tx.member.count({ where: { communityId, id: payeeId, state: 'ACTIVE' } })))
        throw new PayeeUnavailable();
      const known = await tx.paymentRule.findFirst({ where: { communityId, payerId, payeeId } });
      if (known) {
        await tx.paymentRule.update({ where: { communityId_id: { communityId, id: known.id } }, data });
        return known.id;
      }
      if ((await tx.paymentRule.count({ where: { communityId, payerId } })) >= RULES_MOST)
        throw badInput(`There are ${RULES_MOST} rules at most: delete one first.`, 'payeeId');
      const id = newId();
      await tx.paymentRule.create({ data: { communityId, id, payerId, payeeId, ...data, createdAt: clock.now() } });
      return id;
    });
  // Set twice at the same moment: the second one finds the first.
  return write().catch((error) => {
    if (!isUniqueViolation(error)) throw error;
    return write();
  });
}

/** Requests wait for the viewer again, those that are open too. */
export async function deleteRule({ communityId, memberId }: Member, id: string): Promise<void> {
  const { count } = await prisma.paymentRule.deleteMany({ where: { communityId, id, payerId: memberId } });
  if (!count) throw notFound('payment rule');
}
