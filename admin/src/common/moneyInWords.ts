interface Money {
  amount: string;
  currencyCode: string;
}
/** 1234.50 as the reader writes numbers, where the currency stands beside it already. */
export function amountInWords({ amount }: Pick<Money, 'amount'>): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return Number(amount).toLocaleString(undefined, digits);
}
/** The same with its currency. */
export const moneyInWords = (money: Money): string => `${amountInWords(money)} ${money.currencyCode}`;
