/** What decides how much is charged: minor units, and parts per million of one period. */
export interface Rate {
  ratePpm: number;
  allowance: bigint;
}

/** ⌊(balance − allowance) × rate⌋ in minor units; nothing where nothing is above the allowance. The remainder stays with the member. */
export const chargeOf = (balance: bigint, { ratePpm, allowance }: Rate): bigint =>
  balance > allowance ? ((balance - allowance) * BigInt(ratePpm)) / 1_000_000n : 0n;

/** From when on a member pays: so many days of 24 hours after the admission. */
export const paysFrom = (admittedAt: Date, graceDays: number): Date =>
  new Date(admittedAt.getTime() + graceDays * 86_400_000);
