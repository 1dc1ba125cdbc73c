import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { applyPolicies, policiesAmong, policiesAt } from './policiesInForce.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const realNow = clock.now;
afterEach(() => void (clock.now = realNow));
const at = (time: string) => void (clock.now = () => new Date(time));

const UPDATE = `mutation ($i: PoliciesInput!, $reason: String) { updatePolicies(input: $i, reason: $reason) { policies { demurrageRatePpm demurrageTime } } }`;
const SCHEDULE = `mutation ($i: SchedulePoliciesInput!) { schedulePolicies(input: $i) { policies { demurrageRatePpm } } }`;
const HISTORY = `{ policyChangeList(take: 10) { total items { policy before after effectiveAt decidedAt reason decidedBy { displayName } } } }`;
const NOW = '{ community { policies { demurrageRatePpm } } }';

async function place(): Promise<{ id: string; operator: Person; member: Person }> {
  const made = await kith.community();
  return {
    id: made.id,
    operator: await kith.member(made, { name: 'Olga', roles: ['MEMBER', 'OPERATOR'] }),
    member: await kith.member(made),
  };
}
const rateAt = (id: string, time: string) =>
  inCommunity(id, async (tx) => (await policiesAt(tx, id, new Date(time))).demurrageRatePpm);

test('a change holds from its moment and leaves what held before', async () => {
  const { id, operator, member } = await place();
  at('2026-03-01T10:00:00.000Z');
  await kith.gql(UPDATE, { i: { demurrageRatePpm: 20_000 } }, operator);
  at('2026-03-02T10:00:00.000Z');
  await kith.gql(UPDATE, { i: { demurrageRatePpm: 30_000, demurrageTime: '18:00' } }, operator);
  expect(await rateAt(id, '2026-03-01T09:59:59.999Z')).toBe(10_000);
  expect(await rateAt(id, '2026-03-01T10:00:00.000Z')).toBe(20_000);
  expect(await rateAt(id, '2026-03-02T09:59:59.999Z')).toBe(20_000);
  expect(await rateAt(id, '2030-01-01')).toBe(30_000);
  const { data } = await kith.gql(HISTORY, {}, member);
  expect(data.policyChangeList).toMatchObject({
    total: 3,
    items: expect.arrayContaining([
      expect.objectContaining({
        ...{ policy: 'demurrageRatePpm', before: '20000', after: '30000', effectiveAt: '2026-03-02T10:00:00.000Z' },
        decidedBy: { displayName: 'Olga' },
      }),
      expect.objectContaining({ policy: 'demurrageTime', before: '23:59', after: '18:00' }),
    ]),
  });
});

test('a change says why, where it is said, to members in the history and in the audit log; a blank reason changes nothing', async () => {
  const { id, operator, member } = await place();
  await kith.gql(UPDATE, { i: { demurrageRatePpm: 20_000 }, reason: ' The assembly voted so. ' }, operator);
  await kith.gql(UPDATE, { i: { demurrageRatePpm: 30_000 } }, operator);
  const { errors } = await kith.gql(UPDATE, { i: { demurrageRatePpm: 40_000 }, reason: ' ' }, operator);
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  const { data } = await kith.gql(HISTORY, {}, member);
  expect(data.policyChangeList.items.map(({ after, reason }: Record<string, string>) => [after, reason])).toEqual([
    ['30000', null],
    ['20000', 'The assembly voted so.'],
  ]);
  expect(
    await kith.sql(
      "select action, reason from audit_log where community_id = $1 and action = 'community.policies' order by id",
      [id],
    ),
  ).toEqual([
    { action: 'community.policies', reason: 'The assembly voted so.' },
    { action: 'community.policies', reason: null },
  ]);
});

test('an announced change is known at once, shown to members, and comes into force at its moment', async () => {
  const { id, operator, member } = await place();
  at('2026-03-01T10:00:00.000Z');
  const i = { policies: { demurrageRatePpm: 25_000 }, effectiveAt: '2026-04-01T00:00:00.000Z', reason: 'Voted' };
  const { data } = await kith.gql(SCHEDULE, { i }, operator);
  expect(data.schedulePolicies.policies.demurrageRatePpm).toBe(10_000);
  expect(await rateAt(id, '2026-03-31T23:59:59.999Z')).toBe(10_000);
  expect(await rateAt(id, '2026-04-01T00:00:00.000Z')).toBe(25_000);
  expect((await kith.gql(HISTORY, {}, member)).data.policyChangeList.items).toMatchObject([
    { before: '10000', after: '25000', effectiveAt: '2026-04-01T00:00:00.000Z', reason: 'Voted' },
  ]);
  await applyPolicies(id);
  expect((await kith.gql(NOW, {}, member)).data.community.policies.demurrageRatePpm).toBe(10_000);
  at('2026-04-01T00:00:00.000Z');
  await Promise.all([applyPolicies(id), applyPolicies(id)]);
  expect((await kith.gql(NOW, {}, member)).data.community.policies.demurrageRatePpm).toBe(25_000);
  expect(await rateAt(id, '2026-03-31T23:59:59.999Z')).toBe(10_000);
});

test('what is changed at once before an announced change holds until that moment', async () => {
  const { id, operator } = await place();
  at('2026-03-01T10:00:00.000Z');
  const i = { policies: { demurrageRatePpm: 25_000 }, effectiveAt: '2026-04-01T00:00:00.000Z', reason: 'Voted' };
  await kith.gql(SCHEDULE, { i }, operator);
  at('2026-03-05T10:00:00.000Z');
  await kith.gql(UPDATE, { i: { demurrageRatePpm: null, listingDays: 10 } }, operator);
  await kith.gql(UPDATE, { i: { demurrageRatePpm: 7 } }, operator);
  expect(await Promise.all(['2026-03-05T09:00Z', '2026-03-05T10:00Z', '2026-04-02'].map((t) => rateAt(id, t)))).toEqual(
    [10_000, 7, 25_000],
  );
});

test.each(['2026-02-28T00:00:00Z', '2026-03-01T10:00:00Z', '2036-03-01T10:00:00Z'])(
  'a change is not announced for %s on 1 March 2026: never backwards, and not for ever',
  async (effectiveAt) => {
    const { id, operator } = await place();
    at('2026-03-01T10:00:00.000Z');
    const i = { policies: { demurrageRatePpm: 1 }, effectiveAt, reason: 'Voted' };
    expect((await kith.gql(SCHEDULE, { i }, operator)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(await kith.sql('select * from policy_changes where community_id = $1', [id])).toEqual([]);
    expect(await kith.sql('select policies from communities where id = $1', [id])).toEqual([{ policies: {} }]);
  },
);

test('two changes at the same time leave one history, and the last of it is what holds', async () => {
  const { id, operator } = await place();
  await Promise.all([1, 2, 3, 4].map((rate) => kith.gql(UPDATE, { i: { demurrageRatePpm: rate } }, operator)));
  const steps = await kith.sql('select before, after from policy_changes where community_id = $1 order by id', [id]);
  expect(steps.map(({ before }) => before)).toEqual([null, ...steps.slice(0, 3).map(({ after }) => after)]);
  const [{ policies }] = (await kith.sql('select policies from communities where id = $1', [id])) as [
    { policies: object },
  ];
  expect(policies).toEqual({ demurrageRatePpm: steps[3]!.after });
});

test('a rule without a history is what the community stores', () => {
  expect(policiesAmong({ demurrage: true }, [], new Date()).demurrage).toBe(true);
});
