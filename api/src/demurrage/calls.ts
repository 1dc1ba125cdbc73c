import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { announce } from '../announce.ts';
import { clock } from '../clock.ts';
import { pool } from '../db.ts';
import type { PolicyStep } from '../communities/policiesInForce.ts';
import type { Due, Schedule } from './schedule.ts';

type Step = Omit<PolicyStep, 'effectiveAt'> & { effectiveAt: string };

/** When communities are charged, by community: of all with demurrage now or at another time, or of one. */
export async function schedules(communityId?: string): Promise<Map<string, Schedule>> {
  const { rows } = await withCommunity(NO_COMMUNITY, () =>
    pool.query({
      name: 'demurrage_schedules',
      text: 'select * from demurrage.schedules($1::uuid)',
      values: [communityId ?? null],
    }),
  );
  return new Map(
    rows.map((row) => [
      row.community_id as string,
      {
        ...{ timeZone: row.time_zone as string, policies: row.policies as unknown, since: row.since as Date },
        steps: (row.steps as Step[]).map((step) => ({ ...step, effectiveAt: new Date(step.effectiveAt) })),
        last: row.last_on ? { endsOn: row.last_on as string, endsAt: row.last_at as Date } : null,
      },
    ]),
  );
}

/** Writes down that a run has begun, once for each day of a community; answers the run of that day. */
export async function beginRun(communityId: string, id: string, { endsOn, endsAt, rules }: Due): Promise<string> {
  const run = {
    ...{ id, endsOn, endsAt, period: rules.demurragePeriod, ratePpm: rules.demurrageRatePpm },
    ...{ allowance: String(rules.demurrageAllowance), graceDays: rules.demurrageGraceDays },
  };
  const { rows } = await inOne(communityId, {
    name: 'demurrage_begin_run',
    text: 'select demurrage.begin_run($1::jsonb, $2::timestamptz) as id',
    values: [JSON.stringify(run), clock.now()],
  });
  return rows[0].id as string;
}

/** Charges a run that has begun, all of it or nothing; answers whether it was done now. */
export async function chargeRun(communityId: string, runId: string): Promise<boolean> {
  const { rows } = await inOne(communityId, {
    name: 'demurrage_charge',
    text: 'select demurrage.charge($1::uuid, $2::timestamptz) as charged',
    values: [runId, clock.now()],
  });
  announce('jobs:insert');
  return rows[0].charged as boolean;
}

/** Tells each member who was charged in a run; told twice, a client looks twice. */
export async function tellCharged(communityId: string, runId: string): Promise<void> {
  await inOne(communityId, { name: 'demurrage_tell', text: 'select demurrage.tell($1::uuid)::text', values: [runId] });
  announce('kith_events');
}

/** One call is one transaction, however long it takes: of a million accounts longer than an interactive one may last. */
const inOne = (communityId: string, query: { name: string; text: string; values: unknown[] }) =>
  withCommunity(communityId, () => pool.query(query));
