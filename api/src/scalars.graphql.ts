import { builder } from './builder.ts';
import { badInput } from './errors.ts';

builder.scalarType('DateTime', {
  description: 'A moment, ISO 8601 in UTC, such as 2026-11-22T18:00:00.000Z.',
  serialize: (value) => (value instanceof Date ? value : new Date(value as never)).toISOString() as never,
  parseValue: (value) => {
    const date = typeof value === 'string' ? new Date(value) : new Date(NaN);
    if (Number.isNaN(date.getTime())) throw badInput('A DateTime is a text such as 2026-11-22T18:00:00Z.');
    return date;
  },
});

builder.scalarType('Decimal', {
  description: 'A decimal number as a text, such as "12.50": an amount in units of its currency. Never a float.',
  serialize: (value) => String(value),
  parseValue: (value) => {
    if (typeof value !== 'string' || !/^-?\d{1,15}(\.\d{1,4})?$/.test(value))
      throw badInput('A Decimal is a text such as "12.50", with at most 15 digits before the point and 4 behind it.');
    return value;
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
});
