import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';
import { requireActingAllowed, recordActing, type ActFor } from '../communities/brokers.ts';
import { inCommunity, prisma, type Tx } from '../db.ts';
import { badInput, forbidden, notFound } from '../errors.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import type { Posted } from '../ledger/entries.ts';
import { payIn, payNow, refundIn, type NewPayment } from './calls.ts';
import { PaymentToSelf } from './refusals.ts';

export interface Payment {
  /** Made by the client: the same id is the same payment. */
  id: string;
  payeeId: string;
  /** In units of the local currency. */
  amount: string;
  memo: string;
  /** What it is for: a listing, or a trade of the two; not both. */
  listingId?: string | undefined;
  tradeId?: string | undefined;
  /** For whom a broker pays; the viewer when left out. */
  payerId?: string | undefined;
}

/**
 * Moves money from the viewer, or from a member a broker acts for, to another member, once for each id. The payer may use their
 * credit limit and nothing that is reserved; the policy's limits hold.
 */
export async function pay(viewer: Member, payment: Payment): Promise<NewPayment & Posted> {
  const content = await contentOf(viewer, payment);
  const posted = await (content.onBehalfOfId ? payFor(viewer, content) : payNow(viewer.communityId, content));
  return { ...content, ...posted };
}

/** Pays for another member, with their leave and on the record. */
const payFor = (viewer: Member, payment: NewPayment): Promise<Posted> =>
  inCommunity(viewer, async (tx) => {
    const [paid] = (await payIn(tx, [payment])) as [Posted | Error];
    if (paid instanceof Error) throw paid;
    const { id, payerId: memberId, amount } = payment;
    if (!paid.repeated)
      await actFor(tx, viewer, {
        ...{ action: 'payment.pay', memberId, subject: { type: 'JournalEntry', id } },
        detail: { amount: String(amount) },
      });
    return paid;
  });

/** A payment as the database takes it. */
async function contentOf(viewer: Member, payment: Payment): Promise<NewPayment> {
  const { id, payeeId, memo } = payment;
  const payerId = actingFor(viewer, payment.payerId);
  if (payerId === payeeId) throw new PaymentToSelf();
  requireOther(viewer, { payerId, payeeId });
  const { scale } = await localCurrencyOf(viewer.communityId);
  const amount = amountAbove0(payment.amount, scale);
  const subject = subjectOf(payment);
  // What was paid is answered again, whatever became of the listing since.
  if (subject && !(await isPosted(viewer.communityId, id)))
    await requireSubject(viewer.communityId, subject, [payerId, payeeId]);
  return {
    ...{ id, payerId, payeeId, amount, memo, actorId: viewer.memberId },
    ...(payerId !== viewer.memberId && { onBehalfOfId: payerId }),
    ...(subject && { subject }),
  };
}

const isPosted = async (communityId: string, id: string) =>
  (await prisma.journalEntry.count({ where: { communityId, id } })) > 0;

/** The member it is done for: the viewer, or whom a broker names. */
export function actingFor(viewer: Member, memberId: string | undefined): string {
  if (memberId === undefined || memberId === viewer.memberId) return viewer.memberId;
  if (!can(viewer.roles, 'paymentsActFor')) throw forbidden('acting for another member');
  return memberId;
}

/** Who acts for others does not get their money. */
export function requireOther(viewer: Member, { payerId, payeeId }: { payerId: string; payeeId: string }) {
  if (payerId !== viewer.memberId && payeeId === viewer.memberId)
    throw forbidden('taking the money of a member you act for');
}

/** What was done for another member: refused where they do not want it, and put on the record. Nothing where somebody acts for themselves. */
export async function actFor(tx: Tx, viewer: Member, act: ActFor): Promise<void> {
  const { memberId } = act;
  if (memberId === viewer.memberId) return;
  await requireActingAllowed(tx, { communityId: viewer.communityId, memberId });
  await recordActing(tx, viewer, act);
}

/** What money is for. */
export interface Subject {
  type: 'Listing' | 'Trade';
  id: string;
}
export function subjectOf({ listingId, tradeId }: { listingId?: string | undefined; tradeId?: string | undefined }) {
  if (listingId !== undefined && tradeId !== undefined)
    throw badInput('It is for a listing or for a trade: name one of them.', 'tradeId');
  const subject: Subject | undefined =
    listingId !== undefined
      ? { type: 'Listing', id: listingId }
      : tradeId !== undefined
        ? { type: 'Trade', id: tradeId }
        : undefined;
  return subject;
}

/** Rejects a listing that is not there, and a trade that is not one of these two members with each other. */
export async function requireSubject(
  communityId: string,
  { type, id }: Subject,
  [one, other]: readonly [string, string],
): Promise<void> {
  if (type === 'Listing') return requireListing(communityId, id);
  const sides = [
    { buyerId: one, providerId: other },
    { buyerId: other, providerId: one },
  ];
  if (!(await prisma.trade.count({ where: { communityId, id, OR: sides } }))) throw notFound('trade');
}

export async function requireListing(communityId: string, id: string): Promise<void> {
  const known = await prisma.listing.count({ where: { communityId, id, state: { notIn: ['DRAFT', 'HIDDEN'] } } });
  if (!known) throw notFound('listing');
}

export interface Refund {
  id: string;
  paymentId: string;
  /** In units of the local currency; all that is left when it is not said. */
  amount?: string | undefined;
  memo: string;
  /** For whom a broker sends back; the viewer when left out. */
  payeeId?: string | undefined;
}
/** Sends back some of a payment the viewer received, all refunds together at most what was paid; once for each id. */
export async function refund(viewer: Member, { amount, payeeId, ...refund }: Refund): Promise<Posted> {
  const receiver = actingFor(viewer, payeeId);
  const { scale } = await localCurrencyOf(viewer.communityId);
  return inCommunity(viewer, async (tx) => {
    const { payerId, ...posted } = await refundIn(tx, {
      ...refund,
      ...{ payeeId: receiver, actorId: viewer.memberId },
      ...(receiver !== viewer.memberId && { onBehalfOfId: receiver }),
      ...(amount !== undefined && { amount: amountAbove0(amount, scale) }),
    });
    requireOther(viewer, { payerId: receiver, payeeId: payerId });
    const subject = { type: 'JournalEntry', id: refund.id };
    if (!posted.repeated) await actFor(tx, viewer, { action: 'payment.refund', memberId: receiver, subject });
    return posted;
  });
}
