import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { afterEach, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { differences } from '../ledger/testLedger.ts';
import { atTime, demoSteps, foundingDay, liveDemo } from './economy.ts';
import { seedDemo } from './seed.ts';

let kith: TestKith;
afterEach(() => kith.stop());

/** What there is of each kind, and how each member stands: whatever was done twice would show. */
async function everything() {
  const counted = (what: string, from: string) =>
    kith.sql(
      `select c.slug, t.${what} as what, count(*)::int from ${from} t join communities c on c.id = t.community_id group by 1, 2 order by 1, 2`,
    );
  return {
    entries: await counted('kind', 'journal_entries'),
    trades: await counted('state', 'trades'),
    reviews: await counted('side', 'reviews'),
    disputes: await counted('state', 'disputes'),
    decisions: await counted('action', 'audit_log'),
    told: await counted('kind', 'notifications'),
    karma: await counted('points', 'karma_awards'),
    mints: await counted('amount', 'coinage_mints'),
    runs: await counted('state', 'demurrage_runs'),
    balances: await kith.sql(
      'select c.slug, m.external_id, a.kind, a.balance::text, a.reserved::text from accounts a join communities c on c.id = a.community_id left join members m on m.community_id = a.community_id and m.id = a.member_id order by 1, 2, 3',
    ),
  };
}

const outside = <T>(work: () => Promise<T>) => withCommunity(NO_COMMUNITY, work);

/** The demo, made in one go or cut off after whatever it does, before that is remembered. */
async function made({ cutOff }: { cutOff: boolean }) {
  kith = await testKith();
  const foundedAt = foundingDay();
  await outside(() => atTime(foundedAt, () => seedDemo('no password')));
  let done = 0;
  if (!cutOff) await outside(() => liveDemo({ foundedAt, done }, async (steps) => (done = steps)));
  while (done < demoSteps.length) {
    const begun = done;
    const cut = async (steps: number) => {
      if (steps - begun === 2) throw new Error('cut off');
      done = steps;
    };
    await outside(() => liveDemo({ foundedAt, done: begun }, cut)).catch((error: Error) => {
      if (error.message !== 'cut off') throw error;
    });
  }
  expect(await differences(kith)).toEqual([]);
  return everything();
}

test('cut off anywhere and begun again, the demo is what it would have been, to the last coin and line', async () => {
  const now = clock.now;
  const whole = await made({ cutOff: false });
  expect(clock.now).toBe(now);
  await kith.stop();
  expect(await made({ cutOff: true })).toEqual(whole);

  const perCommunity = (what: string, rows: Record<string, unknown>[]) =>
    rows.filter((row) => row.what === what).map(({ slug, count }) => [slug, count]);
  const everywhere = ['alder-valley', 'harbour-lane', 'zarechye'].map((slug) => [slug, expect.any(Number)]);
  for (const state of ['PROPOSED', 'AGREED', 'DELIVERED', 'COMPLETED'])
    expect([state, perCommunity(state, whole.trades)]).toEqual([state, everywhere]);
  for (const kind of ['PAYMENT', 'TRADE'])
    expect([kind, perCommunity(kind, whole.entries)]).toEqual([kind, everywhere]);
  expect([...new Set(whole.mints.map(({ slug }) => slug))]).toEqual(['alder-valley', 'harbour-lane', 'zarechye']);
  expect(perCommunity('DISPUTED', whole.trades)).toEqual([
    ['harbour-lane', 1],
    ['zarechye', 1],
  ]);
  const [opened] = await kith.sql(
    'select bool_and(a.opened_at <= p.posted_at) as first from postings p join accounts a on a.community_id = p.community_id and a.id = p.account_id',
  );
  expect(opened).toEqual({ first: true });
  expect(whole.runs).toEqual([{ slug: 'harbour-lane', what: 'DONE', count: 2 }]);
});
