interface Money {
  amount: string;
  currencyCode: string;
}
/** 1,234.50 as the reader writes numbers, where the currency stands beside it already. */
export function amountInWords({ amount }: Pick<Money, 'amount'>): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  // Of the text itself: as a number, a large sum would lose its last digits.
  return new Intl.NumberFormat(undefined, digits).format(amount as `${number}`);
}
/** The same with its currency, on one line; empty for none. */
export const moneyInWords = (money: Money | null | undefined): string =>
  money ? `${amountInWords(money)}\u00a0${money.currencyCode}` : '';
