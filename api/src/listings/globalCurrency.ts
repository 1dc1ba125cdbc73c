/** Decimals of a currency by ISO 4217, where they are not two. Kept here, because stored amounts must not change their meaning with a library. */
const DECIMALS: Record<string, number> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3]),
  ...'CLF UYW'.split(' ').map((code) => [code, 4]),
]);
const KNOWN = new Set(Intl.supportedValuesOf('currency'));

/** Whether the text is the code of a currency of the world, such as EUR. */
export const isGlobalCurrency = (code: string) => KNOWN.has(code);

/** How many decimals amounts of the currency have. */
export const globalScale = (code: string) => DECIMALS[code] ?? 2;
