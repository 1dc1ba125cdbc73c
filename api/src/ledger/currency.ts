import { prisma } from '../db.ts';
import { badInput } from '../errors.ts';
import { toMinor } from '../money.ts';

export interface Currency {
  currencyCode: string;
  scale: number;
}
const MOST = 10_000;
const known = new Map<string, Currency>();

/** The community's own currency. Code and decimals never change once it is founded, so they are remembered. */
export async function localCurrencyOf(communityId: string): Promise<Currency> {
  const found = known.get(communityId);
  if (found) return found;
  const { currencyCode, currencyScale } = await prisma.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { currencyCode: true, currencyScale: true },
  });
  if (known.size >= MOST) known.clear();
  const currency = { currencyCode, scale: currencyScale };
  known.set(communityId, currency);
  return currency;
}

const DIGITS_MOST = 12;
/** A decimal text above zero in minor units; what is no such amount is rejected, naming the field. */
export function amountAbove0(amount: string, scale: number, field = 'amount'): bigint {
  // Beyond this the minor units of a currency with four decimals would leave the column.
  if (amount.split('.')[0]!.length > DIGITS_MOST)
    throw badInput(`${field} has at most ${DIGITS_MOST} digits before the point.`, field);
  const minor = toMinor(amount, scale);
  if (minor <= 0n) throw badInput(`${field} is above zero.`, field);
  return minor;
}
