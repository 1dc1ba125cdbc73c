import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../kit.ts';
import { chartOf } from './chart.ts';
import { simulate } from './simulate.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

test('a small community lives for a month, and every day everything adds up', { timeout: 240_000 }, async () => {
  const { days, acts, communityId } = await simulate({ seed: 7, members: 20, days: 30 });
  expect(days).toHaveLength(30);
  for (const act of ['join', 'list', 'propose', 'agree', 'deliver', 'complete', 'pay'])
    expect(acts[act], act).toBeGreaterThan(0);
  const last = days.at(-1)!;
  expect(last.supply).toBeGreaterThan(0n);
  expect(last.treasury).toBeGreaterThan(0n);
  const runs = await kith.sql('select ends_on from demurrage_runs where community_id = $1', [communityId]);
  expect(runs.length).toBe(5);
  expect(chartOf(days, { scale: 2, currencyCode: 'SIM' })).toMatch(/^<svg[^]*<\/svg>\n$/);
});

test('the same seed is the same history', { timeout: 240_000 }, async () => {
  const [one, other] = [
    await simulate({ seed: 3, members: 8, days: 10 }),
    await simulate({ seed: 3, members: 8, days: 10 }),
  ];
  expect(other).toEqual({ ...one, communityId: other.communityId });
});
