import type { PaymentTerms } from '@kith/db';
import { badInput } from '../errors.ts';
import { toMinor } from '../money.ts';
import { globalScale, isGlobalCurrency } from './globalCurrency.ts';

/** Payment terms as the member states them; amounts are decimal texts in units of their currency. */
export interface Payment {
  terms: PaymentTerms;
  price?: string | null;
  priceTo?: string | null;
  globalPrice?: string | null;
  globalCurrency?: string | null;
}
/** The same as it is stored, in minor units. */
export interface PaymentRow {
  terms: PaymentTerms;
  price: bigint | null;
  priceTo: bigint | null;
  globalPrice: bigint | null;
  globalCurrency: string | null;
}
type Part = Exclude<keyof Payment, 'terms'>;
type Need = 'needed' | 'optional' | 'absent';

/**
 * What each kind of terms states. Under COST_PLUS the materials are paid in a global currency, so it must be named; what they and
 * the work will cost may be unknown until the trade.
 */
const parts: Record<PaymentTerms, Record<Part, Need>> = {
  FIXED: { price: 'needed', priceTo: 'absent', globalPrice: 'absent', globalCurrency: 'absent' },
  AFTER: { price: 'optional', priceTo: 'optional', globalPrice: 'absent', globalCurrency: 'absent' },
  SPLIT: { price: 'needed', priceTo: 'absent', globalPrice: 'needed', globalCurrency: 'needed' },
  COST_PLUS: { price: 'optional', priceTo: 'absent', globalPrice: 'optional', globalCurrency: 'needed' },
};
const MOST_DIGITS = 12;

/** The terms in minor units of a community currency with `scale` decimals; rejects what the kind of terms does not allow. */
export function paymentRow(payment: Payment, scale: number): PaymentRow {
  const { terms } = payment;
  const globalCurrency = payment.globalCurrency ?? null;
  for (const [part, need] of Object.entries(parts[terms]) as [Part, Need][]) {
    const isGiven = (payment[part] ?? null) !== null;
    if (need === 'needed' && !isGiven) throw badInput(`${terms} needs ${part}.`, `payment.${part}`);
    if (need === 'absent' && isGiven) throw badInput(`${terms} has no ${part}; leave it out.`, `payment.${part}`);
  }
  if (globalCurrency !== null && !isGlobalCurrency(globalCurrency))
    throw badInput('globalCurrency takes a code of ISO 4217, such as EUR.', 'payment.globalCurrency');
  const price = minor(payment, 'price', scale);
  const priceTo = minor(payment, 'priceTo', scale);
  if (priceTo !== null && (price === null || priceTo < price))
    throw badInput('priceTo is the upper end of a range: give price too, not above it.', 'payment.priceTo');
  return {
    terms,
    price,
    priceTo,
    globalPrice: minor(payment, 'globalPrice', globalScale(globalCurrency ?? '')),
    globalCurrency,
  };
}

function minor(payment: Payment, part: 'price' | 'priceTo' | 'globalPrice', scale: number): bigint | null {
  const amount = payment[part] ?? null;
  if (amount === null) return null;
  if (amount.startsWith('-')) throw badInput(`${part} is not below zero.`, `payment.${part}`);
  // Beyond this the minor units of a currency with four decimals would leave the column.
  if (amount.split('.')[0]!.length > MOST_DIGITS)
    throw badInput(`${part} has at most ${MOST_DIGITS} digits before the point.`, `payment.${part}`);
  return toMinor(amount, scale);
}
