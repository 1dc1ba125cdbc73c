import { builder } from './builder.ts';
import { badInput } from './errors.ts';

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;
// The database has no year 0, and nobody a clock for the year 10000.
const [EARLIEST, LATEST] = [Date.parse('0001-01-01'), Date.parse('9999-12-31')];
/** 31 February would be read as a day of March. */
const isDay = (day: string) => new Date(day).toISOString().startsWith(day);

builder.scalarType('DateTime', {
  description: 'A moment, ISO 8601 in UTC, such as 2026-11-22T18:00:00.000Z.',
  serialize: (value) => (value instanceof Date ? value : new Date(value as never)).toISOString() as never,
  parseValue: (value) => {
    const date = new Date(typeof value === 'string' && MOMENT.test(value) ? value : NaN);
    if (!(date.getTime() >= EARLIEST && date.getTime() <= LATEST) || !isDay(String(value).slice(0, 10)))
      throw badInput('A DateTime is a text such as 2026-11-22T18:00:00Z, of the years 1 to 9999.');
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
