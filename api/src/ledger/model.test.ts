import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { setLimits } from './limits.ts';
import { credit, debit, post, postMany, reverse } from './entries.ts';
import { release, reserve } from './reservations.ts';
import { differences, moneyed } from './testLedger.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(() => kith.stop());

const ACCOUNTS = 4;
const BEGIN = 100;
type Move = { from: number; to: number; amount: number };
type Step =
  | { do: 'post'; move: Move }
  | { do: 'group'; moves: Move[] }
  | { do: 'reserve'; of: number; amount: number }
  | { do: 'spend'; at: number; to: number; amount: number }
  | { do: 'release'; at: number; leaving: number }
  | { do: 'reverse'; at: number; overdraw: boolean }
  | { do: 'limit'; of: number; limit: number };

/** The ledger as a map and loops: what the rules say, and nothing about how they are kept. */
class Model {
  balances = Array.from({ length: ACCOUNTS }, () => BEGIN);
  limits = Array.from({ length: ACCOUNTS }, () => 0);
  reservations: { of: number; amount: number }[] = [];
  entries: { move: Move; isReversed: boolean }[] = [];

  reserved(of: number) {
    return this.reservations.reduce((sum, held) => sum + (held.of === of ? held.amount : 0), 0);
  }
  available = (of: number) => this.balances[of]! - this.reserved(of) + this.limits[of]!;
  move({ from, to, amount }: Move, keep = true) {
    this.balances[from]! -= amount;
    this.balances[to]! += amount;
    if (keep) this.entries.push({ move: { from, to, amount }, isReversed: false });
  }
  /** Whether the step is taken. A group answers for each of its moves. */
  step(step: Step): boolean[] {
    switch (step.do) {
      case 'post':
        return [this.pay(step.move)];
      case 'group':
        return step.moves.map((move) => this.pay(move));
      case 'reserve':
        if (this.available(step.of) < step.amount) return [false];
        this.reservations.push({ of: step.of, amount: step.amount });
        return [true];
      case 'spend': {
        const held = this.reservations[step.at % this.reservations.length]!;
        if (held.amount < step.amount) return [false];
        held.amount -= step.amount;
        this.move({ from: held.of, to: step.to, amount: step.amount });
        return [true];
      }
      case 'release': {
        const held = this.reservations[step.at % this.reservations.length]!;
        held.amount = Math.min(held.amount, step.leaving);
        return [true];
      }
      case 'reverse': {
        const entry = this.entries[step.at % this.entries.length]!;
        const { from, to, amount } = entry.move;
        if (entry.isReversed || (!step.overdraw && this.available(to) < amount)) return [false];
        entry.isReversed = true;
        this.move({ from: to, to: from, amount }, false);
        return [true];
      }
      case 'limit':
        this.limits[step.of] = step.limit;
        return [true];
    }
  }
  private pay(move: Move): boolean {
    if (this.available(move.from) < move.amount) return false;
    this.move(move);
    return true;
  }
}

const index = fc.nat(ACCOUNTS - 1);
const amount = fc.integer({ min: 1, max: 70 });
const move = fc
  .record({ from: index, to: index, amount })
  .map(({ from, to, amount }) => ({ from, to: from === to ? (to + 1) % ACCOUNTS : to, amount }));
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('post' as const), move }),
    fc.record({ do: fc.constant('group' as const), moves: fc.array(move, { minLength: 1, maxLength: 8 }) }),
    fc.record({ do: fc.constant('reserve' as const), of: index, amount }),
    fc.record({ do: fc.constant('spend' as const), at: fc.nat(20), to: index, amount }),
    fc.record({ do: fc.constant('release' as const), at: fc.nat(20), leaving: fc.nat(40) }),
    fc.record({ do: fc.constant('reverse' as const), at: fc.nat(20), overdraw: fc.boolean() }),
    fc.record({ do: fc.constant('limit' as const), of: index, limit: fc.nat(60) }),
  ),
  { minLength: 1, maxLength: 25 },
);

const SEED = 20261122;
test(`whatever is done, the ledger does as the model does (seed ${SEED})`, { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(steps, async (list) => {
    const { accounts, inside } = await moneyed(kith, accounts0());
    const model = new Model();
    const reservations: { id: string; of: number }[] = [];
    const entries: string[] = [];
    const lines = ({ from, to, amount }: Move) => [
      debit(accounts[from]!, BigInt(amount)),
      credit(accounts[to]!, BigInt(amount)),
    ];

    /** Whether the ledger takes the step; keeps the ids of what it made as the model does. */
    const act = async (step: Step): Promise<boolean[]> => {
      const id = newId();
      switch (step.do) {
        case 'post':
          await inside((tx) => post(tx, { id, kind: 'PAYMENT', postings: lines(step.move) }));
          entries.push(id);
          return [true];
        case 'group': {
          const group = step.moves.map((each) => ({ id: newId(), kind: 'PAYMENT' as const, postings: lines(each) }));
          const results = await inside((tx) => postMany(tx, group));
          for (const result of results) if (!(result instanceof Error)) entries.push(result.id);
          return results.map((result) => !(result instanceof Error));
        }
        case 'reserve':
          await inside((tx) => reserve(tx, { id, accountId: accounts[step.of]!.id, amount: BigInt(step.amount) }));
          reservations.push({ id, of: step.of });
          return [true];
        case 'spend': {
          const held = reservations[step.at % reservations.length]!;
          const postings = [
            debit(accounts[held.of]!, BigInt(step.amount), held.id),
            credit(accounts[step.to]!, BigInt(step.amount)),
          ];
          await inside((tx) => post(tx, { id, kind: 'TRADE', postings }));
          entries.push(id);
          return [true];
        }
        case 'release':
          await inside((tx) =>
            release(tx, { id: reservations[step.at % reservations.length]!.id, leaving: BigInt(step.leaving) }),
          );
          return [true];
        case 'reverse':
          await inside((tx) =>
            reverse(tx, { id, entryId: entries[step.at % entries.length]!, reason: 'x', overdraw: step.overdraw }),
          );
          return [true];
        case 'limit':
          await inside((tx) =>
            setLimits(tx, { accountId: accounts[step.of]!.id, creditLimit: BigInt(step.limit), ceiling: null }),
          );
          return [true];
      }
    };

    for (const step of list) {
      if (['spend', 'release'].includes(step.do) && !reservations.length) continue;
      if (step.do === 'spend' && reservations[step.at % reservations.length]!.of === step.to) continue;
      if (step.do === 'reverse' && !entries.length) continue;
      if (step.do === 'group') {
        // A group keeps what could meet a limit for the end: the same money moves, and nobody is refused who need not be.
        const before = [...model.balances];
        const taken = await act(step);
        step.moves.forEach((each, at) => taken[at] && model.move(each));
        for (const [at, held] of model.balances.entries())
          expect(held - model.reserved(at) + model.limits[at]! >= 0 || held >= before[at]!).toBe(true);
      } else {
        const expected = model.step(step);
        const taken = await act(step).catch((error: Error & { code?: string }) => {
          if (!error.code) throw error;
          return [false];
        });
        expect(taken, JSON.stringify(step)).toEqual(expected);
      }
      const rows = await kith.sql<{ balance: string; reserved: string }>(
        'select balance, reserved from accounts where id = any($1::uuid[]) order by array_position($1::uuid[], id)',
        [accounts.map(({ id }) => id)],
      );
      expect(rows.map(({ balance }) => Number(balance))).toEqual(model.balances);
      expect(rows.map(({ reserved }) => Number(reserved))).toEqual(model.balances.map((_, at) => model.reserved(at)));
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: 25, endOnFailure: true });
  expect(await differences(kith)).toEqual([]);
});
const accounts0 = () => Array.from({ length: ACCOUNTS }, () => BigInt(BEGIN));
