import { can } from '../communities/capabilities.ts';
import type { Member } from '../context.ts';
import { inCommunity, prisma } from '../db.ts';
import { forbidden, notFound } from '../errors.ts';
import { amountAbove0, localCurrencyOf } from '../ledger/currency.ts';
import type { Posted } from '../ledger/entries.ts';
import { payNow, refundIn, type NewPayment } from './calls.ts';
import { PaymentToSelf } from './refusals.ts';

export interface Payment {
  /** Made by the client: the same id is the same payment. */
  id: string;
  payeeId: string;
  /** In units of the local currency. */
  amount: string;
  memo: string;
  listingId?: string | undefined;
  /** For whom a broker pays; the viewer when left out. */
  payerId?: string | undefined;
}

/**
 * Moves money from the viewer, or from a member a broker acts for, to another member, once for each id. The payer may use their
 * credit limit and nothing that is reserved; the policy's limits hold.
 */
export async function pay(viewer: Member, payment: Payment): Promise<NewPayment & Posted> {
  const content = await contentOf(viewer, payment);
  return { ...content, ...(await payNow(viewer.communityId, content)) };
}

/** A payment as the database takes it. */
export async function contentOf(viewer: Member, payment: Payment): Promise<NewPayment> {
  const { id, payeeId, memo, listingId } = payment;
  const payerId = actingFor(viewer, payment.payerId);
  if (payerId === payeeId) throw new PaymentToSelf();
  const { scale } = await localCurrencyOf(viewer.communityId);
  const amount = amountAbove0(payment.amount, scale);
  if (listingId !== undefined) await requireListing(viewer.communityId, listingId);
  return {
    ...{ id, payerId, payeeId, amount, memo, actorId: viewer.memberId },
    ...(payerId !== viewer.memberId && { onBehalfOfId: payerId }),
    ...(listingId !== undefined && { subject: { type: 'Listing', id: listingId } }),
  };
}

/** The member it is done for: the viewer, or whom a broker names. */
export function actingFor(viewer: Member, memberId: string | undefined): string {
  if (memberId === undefined || memberId === viewer.memberId) return viewer.memberId;
  if (!can(viewer.roles, 'paymentsActFor')) throw forbidden('acting for another member');
  return memberId;
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
  return inCommunity(viewer, (tx) =>
    refundIn(tx, {
      ...refund,
      ...{ payeeId: receiver, actorId: viewer.memberId },
      ...(receiver !== viewer.memberId && { onBehalfOfId: receiver }),
      ...(amount !== undefined && { amount: amountAbove0(amount, scale) }),
    }),
  );
}
