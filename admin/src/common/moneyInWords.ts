interface Money {
  amount: string;
  currencyCode: string;
}
/** 1234.50 ABC as the reader writes numbers. */
export function moneyInWords({ amount, currencyCode }: Money): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `${Number(amount).toLocaleString(undefined, digits)} ${currencyCode}`;
}
