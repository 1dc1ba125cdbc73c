import type { Policies } from '../communities/policies.ts';
import { policiesAmong, type PolicyStep } from '../communities/policiesInForce.ts';
import { firstEnd, type PeriodEnd } from './calendar.ts';

/** What decides when a community is charged, and by which rules. */
export interface Schedule {
  timeZone: string;
  /** What the community stores of its rules now, and how they became so, by moment. */
  policies: unknown;
  steps: readonly PolicyStep[];
  /** When the community was founded. */
  since: Date;
  last: PeriodEnd | null;
}
export interface Due extends PeriodEnd {
  /** The rules in force at that moment. */
  rules: Policies;
}

/**
 * The next end of a period after the last one that was charged, by the rules in force at its moment; null while demurrage is off and
 * nothing else is announced. Moments that were missed come first, one at each call. Pure.
 */
export function nextDue({ timeZone, policies, steps, since, last }: Schedule, notBefore = since): Due | null {
  const begin = new Date(Math.max((last?.endsAt ?? since).getTime(), notBefore.getTime()));
  const changes = [...new Set(steps.map(({ effectiveAt }) => effectiveAt.getTime()))].filter(
    (at) => at > begin.getTime(),
  );
  const starts = [begin.getTime(), ...changes.sort((one, other) => one - other)];
  for (const [at, start] of starts.entries()) {
    const from = new Date(start);
    const rules = policiesAmong(policies, steps, from);
    if (!rules.demurrage) continue;
    const period = { period: rules.demurragePeriod, day: rules.demurrageDay, time: rules.demurrageTime, timeZone };
    const end = firstEnd(period, { from, after: last });
    if (end.endsAt.getTime() < (starts[at + 1] ?? Infinity)) return { ...end, rules };
  }
  return null;
}
