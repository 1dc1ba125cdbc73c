import { builder } from './builder.ts';
import { badInput } from './errors.ts';

/** An amount in whole minor units of a currency with `scale` decimals. */
export interface Money {
  minor: bigint;
  currencyCode: string;
  scale: number;
}

/** "12.5" with scale 2 is 1250n. More decimals than the currency has are refused, never rounded. */
export function toMinor(amount: string, scale: number): bigint {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(amount);
  const fraction = (match?.[3] ?? '').replace(/0+$/, '');
  if (!match || fraction.length > scale) throw badInput(`"${amount}" is not an amount with at most ${scale} decimals.`);
  const minor = BigInt(match[2]! + fraction.padEnd(scale, '0'));
  return match[1] ? -minor : minor;
}

/** 1250n with scale 2 is "12.50". */
export function fromMinor(minor: bigint, scale: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${minor < 0n ? '-' : ''}${whole}${scale ? `.${digits.slice(-scale)}` : ''}`;
}

export const MoneyType = builder.objectRef<Money>('Money').implement({
  description: 'An amount of one currency.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      description: 'In units of the currency, such as "12.50".',
      resolve: ({ minor, scale }) => fromMinor(minor, scale),
    }),
    currencyCode: t.exposeString('currencyCode', {
      description: 'The code of the community currency, or ISO 4217 for a global one.',
    }),
  }),
});
