import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { credit, debit, post, reverse } from '../ledger/entries.ts';
import { reserve } from '../ledger/reservations.ts';
import { balancesOf, differences, ledgerOf, moneyed } from '../ledger/testLedger.ts';
import { beginRun, schedules } from './calls.ts';
import { runDue } from './runs.ts';
import { nextDue } from './schedule.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(async () => {
  expect(await differences(kith)).toEqual([]);
  await kith.stop();
});

const realNow = clock.now;
afterEach(() => void (clock.now = realNow));
const at = (time: string | Date) => void (clock.now = () => new Date(time));

const RULES = { demurrage: true, demurrageRatePpm: 10_000, demurrageGraceDays: 0, demurrageTime: '12:00' };
/** Members with money since the beginning of 2027, under rules of demurrage; UTC. */
async function village(amounts: bigint[], rules: object = {}) {
  at('2027-01-01T00:00:00Z');
  const made = await moneyed(kith, amounts);
  const policies = { ...RULES, ...rules };
  await kith.sql("update communities set policies = $2, created_at = '2027-01-01' where id = $1", [
    made.community.id,
    policies,
  ]);
  await kith.sql("update members set admitted_at = '2027-01-01' where community_id = $1", [made.community.id]);
  const runs = () =>
    kith.sql(
      `select ends_on::text, state, charged::text, charged_accounts as payers, arrears::text, arrears_accounts as short
       from demurrage_runs where community_id = $1 order by ends_on`,
      [made.community.id],
    );
  const pay = (from: number, to: number, amount: bigint, id = newId()) =>
    made.inside((tx) => {
      const postings = [debit(made.accounts[from]!, amount), credit(made.accounts[to]!, amount)];
      return post(tx, { id, kind: 'PAYMENT', postings });
    });
  const treasury = async () =>
    (
      await kith.sql("select balance from accounts where community_id = $1 and kind = 'TREASURY'", [made.community.id])
    )[0]?.balance as string | undefined;
  return { ...made, id: made.community.id, runs, pay, treasury, balances: () => balancesOf(kith, made.accounts) };
}

test('each balance above the allowance is charged ⌊(balance − allowance) × rate⌋, to the treasury', async () => {
  const { id, balances, runs, treasury } = await village([1099n, 1100n, 1199n, 1200n, 50_000n, 1000n, 0n], {
    demurrageAllowance: 10,
  });
  at('2027-01-31T12:00:04Z');
  expect(await runDue(id)).toEqual([]);
  at('2027-01-31T12:00:05Z');
  expect(await runDue(id)).toHaveLength(1);
  expect(await balances()).toEqual(['1099', '1099', '1198', '1198', '49510', '1000', '0']);
  expect(await treasury()).toBe('494');
  expect(await runs()).toEqual([
    { ends_on: '2027-01-31', state: 'DONE', charged: '494', payers: 4, arrears: '0', short: 0 },
  ]);
});

test('what a charge leaves over stays with the member: 199.99 at 1 % pays 1.99', async () => {
  const { id, balances } = await village([19_999n, 99n]);
  at('2027-02-01');
  await runDue(id);
  expect(await balances()).toEqual(['19800', '99']);
});

test('a newcomer pays nothing until their days of grace are over', async () => {
  const { id, accounts, balances } = await village([1000n, 1000n, 1000n], { demurrageGraceDays: 10 });
  const admit = (n: number, time: string) =>
    kith.sql('update members set admitted_at = $2 where id = $1', [accounts[n]!.memberId, time]);
  await admit(1, '2027-01-21T12:00:00Z');
  await admit(2, '2027-01-21T12:00:00.001Z');
  at('2027-02-01');
  await runDue(id);
  expect(await balances()).toEqual(['990', '990', '1000']);
});

test('who spends before the known moment avoids it, who spends after it does not', async () => {
  const { id, balances, pay } = await village([1000n, 0n, 0n]);
  at('2027-01-31T12:00:00.000Z');
  await pay(0, 1, 400n);
  at('2027-01-31T12:00:00.001Z');
  await pay(0, 2, 600n);
  at('2027-01-31T13:00:00Z');
  await runDue(id);
  // 600 were on the first account at noon and are gone: nothing is available for the 6 it owes.
  expect(await balances()).toEqual(['0', '396', '600']);
});

test('reserved money is charged; what is not available is arrears', async () => {
  const { id, accounts, inside, balances, runs } = await village([1000n, 1000n, 500n], {});
  await inside((tx) => reserve(tx, { id: newId(), accountId: accounts[0]!.id, amount: 995n }));
  await inside((tx) => reserve(tx, { id: newId(), accountId: accounts[1]!.id, amount: 600n }));
  await inside((tx) => reserve(tx, { id: newId(), accountId: accounts[2]!.id, amount: 500n }));
  at('2027-02-01');
  const [run] = await runDue(id);
  expect(await balances()).toEqual(['995 (995 reserved)', '990 (600 reserved)', '500 (500 reserved)']);
  expect(await runs()).toMatchObject([{ charged: '15', payers: 2, arrears: '10', short: 2 }]);
  expect(
    await kith.sql(
      'select account_id, charge::text, paid::text from demurrage_arrears where run_id = $1 order by paid',
      [run],
    ),
  ).toEqual([
    { account_id: accounts[2]!.id, charge: '5', paid: '0' },
    { account_id: accounts[0]!.id, charge: '10', paid: '5' },
  ]);
});

test('however often it is started, and by however many at once, a period is charged once', async () => {
  const { id, balances, runs } = await village([1000n, 2000n]);
  at('2027-02-01');
  const done = (await Promise.all([1, 2, 3, 4].map(() => runDue(id)))).flat();
  expect(done).toHaveLength(1);
  const before = await ledgerOf(kith, id);
  expect(await runDue(id)).toEqual([]);
  expect(await ledgerOf(kith, id)).toEqual(before);
  expect(await balances()).toEqual(['990', '1980']);
  expect(await runs()).toHaveLength(1);
});

test('a worker that dies in the middle leaves nothing half done, and the next one ends its run', async () => {
  const { id, accounts, balances, runs } = await village([1000n, 2000n, 3000n]);
  at('2027-02-01');
  const before = await ledgerOf(kith, id);
  const blocker = new pg.Client({ connectionString: kith.ownerUrl });
  await blocker.connect();
  await blocker.query('begin');
  await blocker.query('select from accounts where id = $1 for update', [accounts[2]!.id]);
  const dying = runDue(id);
  const failed = expect(dying).rejects.toThrow();
  let waiting: unknown[] = [];
  while (!waiting.length)
    waiting = await kith.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and query like '%demurrage.charge%'",
    );
  await failed;
  await blocker.query('rollback');
  await blocker.end();
  expect(await runs()).toMatchObject([{ state: 'RUNNING', charged: '0' }]);
  expect(await ledgerOf(kith, id)).toEqual(before);
  expect(await runDue(id)).toHaveLength(1);
  expect(await balances()).toEqual(['990', '1980', '2970']);
  expect(await runs()).toMatchObject([{ state: 'DONE', charged: '60', payers: 3 }]);
});

test('a run that was begun in another time zone is ended before the next is looked for', async () => {
  const { id, runs } = await village([1000n]);
  at('2027-02-01');
  await beginRun(id, newId(), nextDue((await schedules(id)).get(id)!)!);
  await kith.sql("update communities set time_zone = 'Pacific/Auckland' where id = $1", [id]);
  await runDue(id);
  at('2027-03-01');
  await runDue(id);
  expect(await runs()).toMatchObject([
    { ends_on: '2027-01-31', state: 'DONE', charged: '10' },
    { ends_on: '2027-02-28', state: 'DONE', charged: '9' },
  ]);
});

/** What the rules say, in the shortest form: balances move by steps, and at each end everybody above 0 pays 1 %. */
function model(amounts: bigint[], steps: Step[]) {
  const balances = [...amounts];
  let treasury = 0n;
  for (const step of steps)
    if (step === 'END')
      for (const [n, balance] of balances.entries()) {
        const charge = balance > 0n ? balance / 100n : 0n;
        balances[n] = balance - charge;
        treasury += charge;
      }
    else {
      const amount = (balances[step.from]! * BigInt(step.percent)) / 100n;
      balances[step.from] = balances[step.from]! - amount;
      balances[step.to] = balances[step.to]! + amount;
    }
  return { balances: balances.map(String), treasury: String(treasury) };
}
type Step = 'END' | { from: number; to: number; percent: number };

test('whatever is paid in between, days are charged as the rules say', { timeout: 120_000 }, async () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const payment = fc.record({ from: fc.nat(3), to: fc.nat(3), percent: fc.integer({ min: 1, max: 100 }) });
  const steps = fc.array(
    fc.oneof({ weight: 3, arbitrary: payment }, { weight: 2, arbitrary: fc.constant('END' as const) }),
    {
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.tuple(amount, amount, amount, amount), steps, async (amounts, steps) => {
      const { id, balances, treasury, pay } = await village(amounts, { demurragePeriod: 'DAY' });
      const expected = model(amounts, steps);
      let day = Date.parse('2027-01-01T12:00:00Z');
      for (const step of steps) {
        if (step === 'END') {
          at(new Date(day + 6000));
          await runDue(id);
          day += 864e5;
          continue;
        }
        at(new Date(day - 1000));
        const held = BigInt((await balances())[step.from]!);
        const amount = (held * BigInt(step.percent)) / 100n;
        if (amount > 0n && step.from !== step.to) await pay(step.from, step.to, amount);
      }
      expect(await balances()).toEqual(expected.balances);
      if (steps.includes('END')) expect((await treasury()) ?? '0').toBe(expected.treasury);
    }),
    { numRuns: 12, seed: 20261122 },
  );
});

test('periods that were missed are charged one by one, and cost nobody more than on time', async () => {
  const payments = async ({ pay }: Awaited<ReturnType<typeof village>>) => {
    at('2027-02-10');
    await pay(0, 1, 30_000n);
    at('2027-03-10');
    await pay(1, 2, 20_000n);
  };
  const late = await village([100_000n, 50_000n, 1n]);
  await payments(late);
  at('2027-04-05');
  expect(await runDue(late.id)).toHaveLength(3);

  const onTime = await village([100_000n, 50_000n, 1n]);
  at('2027-02-01');
  await runDue(onTime.id);
  at('2027-02-10');
  await onTime.pay(0, 1, 30_000n);
  at('2027-03-01');
  await runDue(onTime.id);
  at('2027-03-10');
  await onTime.pay(1, 2, 20_000n);
  at('2027-04-01');
  await runDue(onTime.id);

  expect(await late.balances()).toEqual(await onTime.balances());
  expect(await late.runs()).toEqual(await onTime.runs());
  expect((await late.runs()).map(({ ends_on }) => ends_on)).toEqual(['2027-01-31', '2027-02-28', '2027-03-31']);
});

test('a run that was reversed before the next missed period is not counted as taken', async () => {
  const { id, inside, runs } = await village([100_000n]);
  at('2027-02-15');
  const [first] = await runDue(id);
  await inside((tx) => reverse(tx, { id: newId(), entryId: first!, reason: 'Announced too late', overdraw: true }));
  at('2027-03-01');
  await runDue(id);
  expect(await runs()).toMatchObject([{ charged: '1000' }, { charged: '1000' }]);
});

test('nothing is charged for the time before it was turned on, and each moment has its own rules', async () => {
  const { id, runs, people } = await village([100_000n], { demurrage: false });
  await kith.sql("update members set roles = '{MEMBER,OPERATOR}' where id = $1", [people[0]!.memberId]);
  const change = (i: object) =>
    kith.gql('mutation ($i: PoliciesInput!) { updatePolicies(input: $i) { id } }', { i }, people[0]);
  at('2027-03-15');
  await change({ demurrage: true });
  at('2027-05-15');
  await change({ demurrageRatePpm: 20_000, demurragePeriod: 'QUARTER' });
  at('2027-07-05');
  await change({ demurrage: false });
  at('2028-01-01');
  await runDue(id);
  expect((await runs()).map(({ ends_on, charged }) => [ends_on, charged])).toEqual([
    ['2027-03-31', '1000'],
    ['2027-04-30', '990'],
    ['2027-06-30', '1960'],
  ]);
});
