import { badInput } from '../errors.ts';
import { paymentRow, type Payment, type PaymentRow } from '../listings/terms.ts';

/** What a proposal says of money, in minor units. `price` is for the whole trade, not for one unit of it. */
export type TermsRow = PaymentRow;

/**
 * The terms of a proposal. As those of a listing, but nothing that is to be paid may still be unknown: FIXED, SPLIT and COST_PLUS
 * state a price above zero, SPLIT and COST_PLUS the global part too. AFTER may suggest a range.
 */
export function termsRow(payment: Payment, scale: number): TermsRow {
  const row = paymentRow(payment, scale);
  if (row.terms === 'AFTER') return row;
  requireAbove0(row.price, 'price', row.terms);
  if (row.terms !== 'FIXED') requireAbove0(row.globalPrice, 'globalPrice', row.terms);
  return row;
}

function requireAbove0(amount: bigint | null, field: 'price' | 'globalPrice', terms: string) {
  if (amount === null || amount <= 0n) throw badInput(`${terms} needs ${field}, above zero.`, `payment.${field}`);
}

/** What is held of the buyer's local money at agreement; 0n for AFTER. */
export const heldFor = ({ terms, price }: Pick<TermsRow, 'terms' | 'price'>): bigint =>
  terms === 'AFTER' ? 0n : price!;

export const hasGlobalPart = ({ terms }: Pick<TermsRow, 'terms'>) => terms === 'SPLIT' || terms === 'COST_PLUS';
