import { expect, test } from 'vitest';
import { paymentRow, type Payment } from './terms.ts';

const none = { price: null, priceTo: null, globalPrice: null, globalCurrency: null };
const good: [string, Payment, number, object][] = [
  ['FIXED names a price', { terms: 'FIXED', price: '12.5' }, 2, { price: 1250n }],
  ['a price may be nothing', { terms: 'FIXED', price: '0' }, 2, { price: 0n }],
  ['a currency without decimals', { terms: 'FIXED', price: '12' }, 0, { price: 12n }],
  ['a currency with four decimals', { terms: 'FIXED', price: '0.0001' }, 4, { price: 1n }],
  ['the largest price', { terms: 'FIXED', price: '999999999999.9999' }, 4, { price: 9_999_999_999_999_999n }],
  ['zeros behind the last decimal are none', { terms: 'FIXED', price: '7.1000' }, 1, { price: 71n }],
  ['AFTER may say nothing', { terms: 'AFTER' }, 2, {}],
  ['AFTER may suggest a price', { terms: 'AFTER', price: '5' }, 2, { price: 500n }],
  ['AFTER may suggest a range', { terms: 'AFTER', price: '5', priceTo: '5.01' }, 2, { price: 500n, priceTo: 501n }],
  [
    'SPLIT names both parts',
    { terms: 'SPLIT', price: '5', globalPrice: '3.20', globalCurrency: 'EUR' },
    2,
    { price: 500n, globalPrice: 320n, globalCurrency: 'EUR' },
  ],
  [
    'a global part has the decimals of its own currency',
    { terms: 'SPLIT', price: '1', globalPrice: '300', globalCurrency: 'JPY' },
    4,
    { price: 10_000n, globalPrice: 300n, globalCurrency: 'JPY' },
  ],
  [
    'three decimals in Kuwait',
    { terms: 'SPLIT', price: '1', globalPrice: '0.005', globalCurrency: 'KWD' },
    0,
    { price: 1n, globalPrice: 5n, globalCurrency: 'KWD' },
  ],
  [
    'COST_PLUS names the currency of the materials',
    { terms: 'COST_PLUS', globalCurrency: 'USD' },
    2,
    { globalCurrency: 'USD' },
  ],
  [
    'COST_PLUS may state the cost and the work',
    { terms: 'COST_PLUS', price: '40', globalPrice: '9.99', globalCurrency: 'USD' },
    2,
    { price: 4000n, globalPrice: 999n, globalCurrency: 'USD' },
  ],
];
test.each(good)('%s', (_rule, payment, scale, row) => {
  expect(paymentRow(payment, scale)).toEqual({ ...none, terms: payment.terms, ...row });
});

const bad: [string, Payment, number, RegExp][] = [
  ['FIXED without a price', { terms: 'FIXED' }, 2, /FIXED needs price/],
  ['FIXED with a range', { terms: 'FIXED', price: '1', priceTo: '2' }, 2, /FIXED has no priceTo/],
  ['FIXED with a global part', { terms: 'FIXED', price: '1', globalCurrency: 'EUR' }, 2, /FIXED has no globalCurrency/],
  ['AFTER with a global part', { terms: 'AFTER', globalPrice: '1' }, 2, /AFTER has no globalPrice/],
  ['a range without a lower end', { terms: 'AFTER', priceTo: '2' }, 2, /give price too/],
  ['a range upside down', { terms: 'AFTER', price: '3', priceTo: '2' }, 2, /not above it/],
  ['SPLIT without the local part', { terms: 'SPLIT', globalPrice: '1', globalCurrency: 'EUR' }, 2, /SPLIT needs price/],
  [
    'SPLIT without the global part',
    { terms: 'SPLIT', price: '1', globalCurrency: 'EUR' },
    2,
    /SPLIT needs globalPrice/,
  ],
  ['SPLIT without its currency', { terms: 'SPLIT', price: '1', globalPrice: '1' }, 2, /SPLIT needs globalCurrency/],
  ['COST_PLUS without a currency', { terms: 'COST_PLUS', globalPrice: '1' }, 2, /COST_PLUS needs globalCurrency/],
  [
    'COST_PLUS with a range',
    { terms: 'COST_PLUS', priceTo: '1', globalCurrency: 'EUR' },
    2,
    /COST_PLUS has no priceTo/,
  ],
  ['a currency nobody has', { terms: 'COST_PLUS', globalCurrency: 'QQQ' }, 2, /ISO 4217/],
  ['a currency in small letters', { terms: 'COST_PLUS', globalCurrency: 'eur' }, 2, /ISO 4217/],
  ['an amount below zero', { terms: 'FIXED', price: '-1' }, 2, /not below zero/],
  ['more decimals than the currency has', { terms: 'FIXED', price: '1.001' }, 2, /at most 2 decimals/],
  ['decimals where the currency has none', { terms: 'FIXED', price: '1.5' }, 0, /at most 0 decimals/],
  [
    'more decimals than the global currency has',
    { terms: 'SPLIT', price: '1', globalPrice: '1.5', globalCurrency: 'JPY' },
    2,
    /at most 0 decimals/,
  ],
  ['more than the column holds', { terms: 'FIXED', price: '1000000000000' }, 4, /at most 12 digits/],
];
test.each(bad)('%s is rejected', (_rule, payment, scale, message) => {
  expect(() => paymentRow(payment, scale)).toThrow(message);
});
