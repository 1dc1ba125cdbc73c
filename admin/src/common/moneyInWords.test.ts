import { expect, test } from 'vitest';
import { amountInWords, moneyInWords } from './moneyInWords.ts';

test('an amount keeps every decimal of its currency, in groups of digits', () => {
  const written = (amount: string) => amountInWords({ amount }).replace(/[^\d-]/g, '_');
  expect(written('1000.00')).toBe('1_000_00');
  expect(written('-20.5')).toBe('-20_5');
  expect(written('7')).toBe('7');
  expect(written('9007199254740993.01')).toBe('9_007_199_254_740_993_01');
});

test('the currency stays on the line of its amount; nothing is nothing', () => {
  expect(moneyInWords({ amount: '30', currencyCode: 'SHELL' })).toBe('30\u00a0SHELL');
  expect(moneyInWords(null)).toBe('');
});
