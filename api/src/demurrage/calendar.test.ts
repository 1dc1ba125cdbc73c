import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstEnd, type Period, type PeriodEnd } from './calendar.ts';

const berlin: Period = { period: 'MONTH', day: 31, time: '23:59', timeZone: 'Europe/Berlin' };
/** So many ends one after another, each as its day and its moment. */
function ends(period: Period, from: string, count: number): string[] {
  const found: PeriodEnd[] = [];
  while (found.length < count) found.push(firstEnd(period, { from: new Date(from), after: found.at(-1) ?? null }));
  return found.map(({ endsOn, endsAt }) => `${endsOn} ${endsAt.toISOString().slice(0, 16)}`);
}

test('a month ends on its last day where it has no 31st, in summer time and in winter time', () => {
  expect(ends(berlin, '2026-01-15', 4)).toEqual([
    '2026-01-31 2026-01-31T22:59',
    '2026-02-28 2026-02-28T22:59',
    '2026-03-31 2026-03-31T21:59',
    '2026-04-30 2026-04-30T21:59',
  ]);
  expect(ends(berlin, '2028-02-01', 1)).toEqual(['2028-02-29 2028-02-29T22:59']);
});

test('the 30th is the 30th, and the last of February', () => {
  expect(ends({ ...berlin, day: 30, time: '12:00', timeZone: 'UTC' }, '2026-01-30T12:00:00.001Z', 2)).toEqual([
    '2026-02-28 2026-02-28T12:00',
    '2026-03-30 2026-03-30T12:00',
  ]);
});

test('a quarter ends in March, June, September and December', () => {
  expect(
    ends({ ...berlin, period: 'QUARTER', timeZone: 'UTC' }, '2026-03-31T23:59:00Z', 5).map((end) => end.slice(0, 10)),
  ).toEqual(['2026-03-31', '2026-06-30', '2026-09-30', '2026-12-31', '2027-03-31']);
});

test('a week ends on its day; beyond 7 is Sunday', () => {
  const week: Period = { period: 'WEEK', day: 5, time: '18:00', timeZone: 'UTC' };
  expect(ends(week, '2026-11-20T18:00:00.001Z', 2)).toEqual([
    '2026-11-27 2026-11-27T18:00',
    '2026-12-04 2026-12-04T18:00',
  ]);
  expect(ends({ ...week, day: 31 }, '2026-11-22T18:00:00Z', 1)).toEqual(['2026-11-22 2026-11-22T18:00']);
  expect(ends({ ...week, day: 1 }, '2026-11-22T18:00:00Z', 1)).toEqual(['2026-11-23 2026-11-23T18:00']);
});

test('an hour that a clock put forward leaves out comes as much later, one that comes twice is its first', () => {
  const daily: Period = { period: 'DAY', day: 1, time: '02:30', timeZone: 'Europe/Berlin' };
  expect(ends(daily, '2026-03-28T12:00:00Z', 2)).toEqual([
    '2026-03-29 2026-03-29T01:30',
    '2026-03-30 2026-03-30T00:30',
  ]);
  expect(ends(daily, '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25 2026-10-25T00:30',
    '2026-10-26 2026-10-26T01:30',
  ]);
});

test('midnight that a clock leaves out is one o’clock', () => {
  const daily: Period = { period: 'DAY', day: 1, time: '00:00', timeZone: 'America/Asuncion' };
  expect(ends(daily, '2023-09-30T12:00:00Z', 2)).toEqual([
    '2023-10-01 2023-10-01T04:00',
    '2023-10-02 2023-10-02T03:00',
  ]);
});

test('a day that a country left out of its calendar is no period', () => {
  const daily: Period = { period: 'DAY', day: 1, time: '12:00', timeZone: 'Pacific/Apia' };
  expect(ends(daily, '2011-12-29T00:00:00Z', 3)).toEqual([
    '2011-12-29 2011-12-29T22:00',
    '2011-12-31 2011-12-30T22:00',
    '2012-01-01 2011-12-31T22:00',
  ]);
});

test('a community that moves to another zone does not end the same day twice', () => {
  const after = { endsOn: '2026-06-30', endsAt: new Date('2026-06-30T21:59:00Z') };
  const moved = { ...berlin, timeZone: 'America/New_York' };
  expect(firstEnd(moved, { from: after.endsAt, after }).endsOn).toBe('2026-07-31');
});

test('ends follow each other day by day in every zone, each in its own period', () => {
  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Africa/Cairo',
    'UTC',
  );
  const period = fc.record<Period>({
    period: fc.constantFrom('DAY', 'WEEK', 'MONTH', 'QUARTER'),
    day: fc.integer({ min: 1, max: 31 }),
    time: fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => [h, m].map((n) => String(n).padStart(2, '0')).join(':')),
    timeZone: zones,
  });
  const longest = { DAY: 2, WEEK: 8, MONTH: 32, QUARTER: 93 };
  const from = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(period, from, (kind, from) => {
      let after: PeriodEnd | null = null;
      for (let n = 0; n < 6; n++) {
        const end: PeriodEnd = firstEnd(kind, { from: after?.endsAt ?? from, after });
        const since = after?.endsAt ?? from;
        expect(end.endsAt >= since).toBe(true);
        expect((end.endsAt.getTime() - since.getTime()) / 864e5).toBeLessThan(longest[kind.period]);
        const local = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: kind.timeZone }).format(
          end.endsAt,
        );
        expect(local).toBe(end.endsOn);
        after = end;
      }
    }),
    { numRuns: 300, seed: 20261122 },
  );
});
