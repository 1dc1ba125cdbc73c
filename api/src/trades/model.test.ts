import fc from 'fast-check';
import type { DisputeOutcome, MemberRole, TradeState } from '@kith/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { clock } from '../clock.ts';
import type { Member } from '../context.ts';
import { DomainError } from '../errors.ts';
import { newId } from '../ids.ts';
import { differences, moneyed } from '../ledger/testLedger.ts';
import { agreeTrade, cancelTrade } from './agreement.ts';
import { completeTrade, completeUnanswered, markDelivered } from './completion.ts';
import { resolveDispute } from './decisions.ts';
import { appealDispute, openDispute } from './disputes.ts';
import { counterTrade, declineTrade, proposeTrade } from './proposals.ts';
import { undoTrade } from './undo.ts';

let kith: TestKith;
const realNow = clock.now;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(() => kith.stop());

const BEGIN = 100;
const STEPS = [
  'counter',
  'agree',
  'decline',
  'cancel',
  'deliver',
  'complete',
  'lapse',
  'dispute',
  'resolve',
  'appeal',
  'undo',
] as const;
type Side = 0 | 1;
/** Somebody (0: the buyer, 1: the provider) does something with one of the trades; `by` also chooses between the two judges. */
type Step = { do: (typeof STEPS)[number]; at: number; by: Side; amount: number; outcome: DisputeOutcome };
type Deal = { isAfter: boolean; buyer: Side; price: number };

/** A trade as the rules have it: what is held of whom, and what was paid. */
interface ModelTrade {
  sides: [number, number];
  isAfter: boolean;
  price: number;
  proposer: Side;
  state: TradeState;
  held: [number, number];
  paid: number | null;
  /** What the provider has when they have everything; null while nobody has said it. */
  whole: number | null;
  isCompleted: boolean;
  isUndone: boolean;
  decided: number[];
  isAppealed: boolean;
}

/** Two members who trade with each other in both directions, as a map and rules; nothing of how it is kept. */
class Model {
  balances = [BEGIN, BEGIN];
  trades: ModelTrade[] = [];
  held = (member: number) =>
    this.trades.reduce(
      (sum, { held, sides }) =>
        sum + held.reduce((own, amount, side) => own + (sides[side] === member ? amount : 0), 0),
      0,
    );
  available = (member: number) => this.balances[member]! - this.held(member);

  propose({ isAfter, buyer, price }: Deal) {
    const sides: [number, number] = buyer === 0 ? [0, 1] : [1, 0];
    const open = { state: 'PROPOSED' as const, held: [0, 0] as [number, number], paid: null, decided: [] };
    const fresh = { whole: null, isCompleted: false, isUndone: false, isAppealed: false };
    this.trades.push({ sides, isAfter, price, proposer: 0, ...open, ...fresh });
  }
  pay({ sides: [buyer, provider] }: ModelTrade, amount: number) {
    this.balances[buyer]! -= amount;
    this.balances[provider]! += amount;
  }
  freeze(trade: ModelTrade, side: Side, most: number) {
    trade.held[side] = Math.max(0, Math.min(most, this.available(trade.sides[side])));
  }

  /** Whether the step is taken. */
  step({ do: act, at, by, amount, outcome }: Step): boolean {
    const trade = this.trades[at % this.trades.length]!;
    const { state, proposer, isAfter } = trade;
    const isIn = (...states: TradeState[]) => states.includes(state);
    switch (act) {
      case 'counter':
        if (!isIn('PROPOSED')) return false;
        [trade.proposer, trade.price] = [by, amount];
        return true;
      case 'agree': {
        if (!isIn('PROPOSED') || by === proposer) return false;
        const needed = isAfter ? 0 : trade.price;
        if (this.available(trade.sides[0]) < needed) return false;
        trade.held[0] = needed;
        if (!isAfter) trade.whole = trade.price;
        trade.state = 'AGREED';
        return true;
      }
      case 'decline':
        if (!isIn('PROPOSED') || by === proposer) return false;
        trade.state = 'DECLINED';
        return true;
      case 'cancel':
        if (isIn('CANCELLED')) return true;
        if (isIn('PROPOSED')) {
          if (by !== proposer) return false;
          trade.state = 'CANCELLED';
          return true;
        }
        if (!isIn('AGREED', 'DELIVERED')) return false;
        if (by === 1) [trade.state, trade.held] = ['CANCELLED', [0, 0]];
        return true;
      case 'deliver':
        if (by === 1 && isIn('DELIVERED')) return true;
        if (by !== 1 || !isIn('AGREED')) return false;
        trade.state = 'DELIVERED';
        return true;
      case 'complete': {
        const due = isAfter ? amount : trade.price;
        if (by !== 0 || !isIn('DELIVERED')) return false;
        if (isAfter && this.available(trade.sides[0]) < due) return false;
        this.complete(trade, due);
        return true;
      }
      case 'lapse':
        if (isIn('DELIVERED') && !isAfter) this.complete(trade, trade.price);
        return true;
      case 'dispute':
        if (!isIn('AGREED', 'DELIVERED', 'COMPLETED') || trade.isUndone) return false;
        if (trade.paid) this.freeze(trade, 1, trade.paid);
        trade.state = 'DISPUTED';
        return true;
      case 'resolve':
        return this.resolve(trade, { outcome, amount, judge: by });
      case 'appeal':
        if (!isIn('RESOLVED') || trade.isAppealed || trade.isUndone) return false;
        trade.isAppealed = true;
        trade.state = 'DISPUTED';
        this.freeze(trade, 1, trade.paid!);
        if (trade.whole !== null) this.freeze(trade, 0, trade.whole - trade.paid!);
        return true;
      case 'undo':
        if (!isIn('COMPLETED', 'RESOLVED')) return false;
        if (!trade.isUndone) this.pay(trade, -trade.paid!);
        trade.isUndone = true;
        return true;
    }
  }
  complete(trade: ModelTrade, due: number) {
    this.pay(trade, due);
    Object.assign(trade, { state: 'COMPLETED', held: [0, 0], paid: due, whole: due, isCompleted: true });
  }
  resolve(trade: ModelTrade, { outcome, amount, judge }: { outcome: DisputeOutcome; amount: number; judge: Side }) {
    const { whole } = trade;
    if (outcome === 'RELEASE' && whole === null) return false;
    if (outcome === 'SPLIT' && (amount <= 0 || (whole !== null && amount >= whole))) return false;
    const due = outcome === 'REFUND' ? 0 : outcome === 'RELEASE' ? whole! : amount;
    if (trade.state !== 'DISPUTED' || trade.decided.includes(judge)) return false;
    if (trade.paid !== due) {
      const [buyer] = trade.sides;
      // What was paid comes back first; what is held of the buyer is theirs to pay with.
      if (this.available(buyer) + (trade.paid ?? 0) + trade.held[0] < due) return false;
      this.pay(trade, due - (trade.paid ?? 0));
    }
    trade.decided.push(judge);
    Object.assign(trade, { state: 'RESOLVED', held: [0, 0], paid: due });
    return true;
  }
}

const amount = fc.integer({ min: 1, max: 60 });
const side = fc.constantFrom<Side[]>(0, 1);
const deals = fc.array(fc.record({ isAfter: fc.boolean(), buyer: side, price: amount }), {
  minLength: 1,
  maxLength: 4,
});
const outcome = fc.constantFrom<DisputeOutcome[]>('REFUND', 'RELEASE', 'SPLIT');
// Mostly what comes next in the life of a trade; sometimes anything at all.
const what = fc.oneof(
  { weight: 3, arbitrary: fc.constant('next' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...STEPS) },
);
const asking = fc.record({ do: what, at: fc.nat(3), by: side, amount, outcome });
const steps = fc.array(asking, { minLength: 30, maxLength: 60, size: 'max' });
type Asked = Omit<Step, 'do'> & { do: Step['do'] | 'next' };
/** What comes next of a trade in its state, by whom it is for. */
function nextOf({ state, proposer }: ModelTrade, step: Asked): Step {
  const by = (one: Step['do'], side: Side = step.by): Step => ({ ...step, do: one, by: side });
  if (step.do !== 'next') return by(step.do);
  if (state === 'PROPOSED') return by('agree', proposer === 0 ? 1 : 0);
  if (state === 'AGREED') return by('deliver', 1);
  if (state === 'DELIVERED') return by('complete', 0);
  if (state === 'COMPLETED') return by('dispute');
  return state === 'RESOLVED' ? by('appeal') : by('resolve');
}

const SEED = 20261122;
const RUNS = 15;
test(`trades are what the rules say, step by step, and what is held is what is open (seed ${SEED})`, async () => {
  const taken = new Set<string>();
  await fc.assert(
    fc.asyncProperty(deals, steps, async (opened, asked) => {
      const { people, community, accounts } = await moneyed(kith, [BigInt(BEGIN), BigInt(BEGIN)]);
      const judges = [0, 1].map(() => kith.member(community, { roles: ['MEMBER', 'OPERATOR'] }));
      const [members, operators] = [
        people.map(viewer(community.id)),
        (await Promise.all(judges)).map(viewer(community.id, ['OPERATOR'])),
      ];
      const model = new Model();
      const ids: string[] = [];
      for (const deal of opened) {
        model.propose(deal);
        ids.push(newId());
        const [buyer, provider] = deal.buyer === 0 ? [members[0]!, members[1]!] : [members[1]!, members[0]!];
        await proposeTrade(buyer, {
          ...{
            id: ids.at(-1)!,
            counterpartId: provider.memberId,
            side: 'BUYER',
            title: 'Bread',
            quantity: 1,
            note: '',
          },
          payment: paymentOf(deal),
        });
      }
      const versions = opened.map(() => 1);
      for (const wish of asked) {
        const at = wish.at % ids.length;
        const trade = model.trades[at]!;
        const step = nextOf(trade, wish);
        const world = { members, operators, tradeId: ids[at]!, version: versions[at]!, trade: { ...trade } };
        const isTaken = model.step(step);
        expect(await isDone(world, step), `${JSON.stringify(step)} of ${JSON.stringify(trade)}`).toBe(isTaken);
        if (isTaken) taken.add(step.do);
        if (isTaken && step.do === 'counter') versions[at]!++;
        const stored = await kith.sql('select id, state from trades where id = any($1)', [ids]);
        const states = new Map(stored.map((row) => [row.id, row.state]));
        expect(ids.map((id) => states.get(id))).toEqual(model.trades.map(({ state }) => state));
        const rows = await kith.sql('select id, balance::int, reserved::int from accounts where id = any($1)', [
          accounts.map(({ id }) => id),
        ]);
        const held = accounts.map(({ id }) => rows.find((row) => row.id === id)!);
        expect(held.map(({ balance, reserved }) => [balance, reserved])).toEqual(
          [0, 1].map((of) => [model.balances[of], model.held(of)]),
        );
      }
      expect(await differences(kith)).toEqual([]);
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect([...taken].sort()).toEqual([...STEPS].sort());
}, 120_000);

const viewer =
  (communityId: string, more: MemberRole[] = []) =>
  ({ memberId, userId }: Person): Member => ({
    ...{ communityId, memberId, userId, state: 'ACTIVE', roles: ['MEMBER', ...more] },
  });
const decimal = (minor: number) => (minor / 100).toFixed(2);
const paymentOf = ({ isAfter, price }: { isAfter: boolean; price: number }) =>
  isAfter ? { terms: 'AFTER' as const } : { terms: 'FIXED' as const, price: decimal(price) };
const REVIEW = { rating: 1, quality: 5, communication: 5, punctuality: 5, comment: '' };

interface World {
  members: Member[];
  operators: Member[];
  tradeId: string;
  version: number;
  trade: ModelTrade;
}
/** Does the step for real; false where it was refused. */
async function isDone(world: World, step: Step): Promise<boolean> {
  try {
    await act(world, step);
    return true;
  } catch (error) {
    if (
      error instanceof DomainError ||
      (error as { extensions?: { code: string } }).extensions?.code === 'BAD_USER_INPUT'
    )
      return false;
    throw error;
  } finally {
    clock.now = realNow;
  }
}
async function act({ members, operators, tradeId, version, trade }: World, step: Step) {
  const member = members[trade.sides[step.by]]!;
  const { communityId } = member;
  const disputed = await kith.sql<{ id: string }>('select id from disputes where trade_id = $1', [tradeId]);
  const disputeId = disputed[0]?.id ?? newId();
  const reason = 'So it is';
  const judge = operators[step.by]!;
  switch (step.do) {
    case 'counter': {
      const payment = paymentOf({ isAfter: trade.isAfter, price: step.amount });
      return counterTrade(member, { tradeId, version, payment, quantity: 1, note: newId() });
    }
    case 'agree':
      if (trade.state !== 'PROPOSED') throw new Refused();
      return agreeTrade(member, { tradeId, version });
    case 'decline':
      if (trade.state === 'DECLINED') throw new Refused();
      return declineTrade(member, { tradeId, reason });
    case 'cancel':
      return cancelTrade(member, { tradeId, reason });
    case 'deliver':
      return markDelivered(member, { tradeId });
    case 'complete':
      if (trade.isCompleted) throw new Refused();
      return completeTrade(member, { tradeId, review: REVIEW, ...(trade.isAfter && { amount: decimal(step.amount) }) });
    case 'lapse':
      clock.now = () => new Date(realNow().getTime() + 8 * 86_400_000);
      return completeUnanswered({ communityId, tradeId });
    case 'dispute':
      return openDispute(member, { id: newId(), tradeId, reason });
    case 'resolve': {
      const part = step.outcome === 'SPLIT' ? { amount: decimal(step.amount) } : {};
      if (trade.state === 'RESOLVED') throw new Refused();
      return resolveDispute(judge, { disputeId, outcome: step.outcome, reason, ...part }).catch((error: Error) => {
        throw disputed.length ? error : new Refused();
      });
    }
    case 'appeal':
      if (trade.isAppealed) throw new Refused();
      return appealDispute(member, { disputeId, reason }).catch((error: Error) => {
        throw disputed.length ? error : new Refused();
      });
    case 'undo':
      return undoTrade(judge, { tradeId, reason });
  }
}
/** A repetition is answered again, which is no step: it is looked at in the other tests. */
class Refused extends DomainError {
  readonly code = 'REPEATED';
}
