/** How periods follow each other: where they end in the calendar of a time zone. */
export interface Period {
  period: 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER';
  /** Of the month or of the quarter's last month, the last day where it is shorter; of the week 1 (Monday) to 7. */
  day: number;
  /** Local, such as 23:59. */
  time: string;
  timeZone: string;
}
/** The end of a period: the local day, such as 2026-02-28, and the moment. */
export interface PeriodEnd {
  endsOn: string;
  endsAt: Date;
}

const DAY_MS = 86_400_000;

/** The first end of a period at `from` or later, on a later day and at a later moment than the end before it. Pure. */
export function firstEnd(period: Period, { from, after }: { from: Date; after: PeriodEnd | null }): PeriodEnd {
  let day = Math.max(localDay(from, period.timeZone), after ? dayOf(after.endsOn) + 1 : -Infinity);
  for (let attempt = 0; attempt < 10; attempt++) {
    const end = lastDayFrom(period, day);
    const endsAt = momentOf(end, period.time, period.timeZone);
    if (endsAt >= from && (!after || endsAt > after.endsAt) && exists(end, period.timeZone))
      return { endsOn: dateOf(end), endsAt };
    day = end + 1;
  }
  throw new Error(`No period ends after ${from.toISOString()} in ${period.timeZone}.`);
}

/** Days are counted from 1 January 1970, whatever the zone. */
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const dateOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
const localDay = (moment: Date, timeZone: string) =>
  Math.floor((moment.getTime() + offsetMs(moment.getTime(), timeZone)) / DAY_MS);

/** The first day from this one on on which a period ends. */
function lastDayFrom({ period, day: wanted }: Period, day: number): number {
  if (period === 'DAY') return day;
  if (period === 'WEEK') {
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
    return day + ((Math.min(wanted, 7) - weekday + 7) % 7);
  }
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const step = period === 'MONTH' ? 1 : 3;
  const thisOne = step === 1 ? month : month + 2 - (month % 3);
  for (const next of [thisOne, thisOne + step]) {
    const end = Date.UTC(year, next, Math.min(wanted, daysIn(year, next))) / DAY_MS;
    if (end >= day) return end;
  }
  throw new Error(`No month ends after ${dateOf(day)}.`);
}
const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/**
 * The moment of a local time of day. What comes twice, when clocks are put back, is the first of both; what a clock put forward leaves
 * out is as much later.
 */
function momentOf(day: number, time: string, timeZone: string): Date {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  const local = day * DAY_MS + (hours * 60 + minutes) * 60_000;
  // A zone does not change its clocks twice in two days.
  const before = offsetMs(local - DAY_MS, timeZone);
  const after = offsetMs(local + DAY_MS, timeZone);
  const candidates = [...new Set([before, after])]
    .map((offset) => ({ moment: local - offset, offset }))
    .filter(({ moment, offset }) => offsetMs(moment, timeZone) === offset)
    .map(({ moment }) => moment);
  return new Date(candidates.length ? Math.min(...candidates) : local - before);
}

/** Whether the zone's calendar has this day: some countries left one out when they changed sides of the date line. */
const exists = (day: number, timeZone: string) => localDay(momentOf(day, '12:00', timeZone), timeZone) === day;

const formats = new Map<string, Intl.DateTimeFormat>();
/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetMs(moment: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' },
    });
  formats.set(timeZone, format);
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(moment)) part[type] = value;
  const at = (name: string) => Number(part[name]);
  const local = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return local - Math.floor(moment / 1000) * 1000;
}
