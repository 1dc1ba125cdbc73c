import { withCommunity } from '@kith/db';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { differences, moneyed } from '../ledger/testLedger.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { grantCoinage } from './grants.ts';
import { establish, sell } from './testCoinage.ts';
import { keepCoinage } from './upkeep.ts';
import { voidMint } from './voiding.ts';

let kith: TestKith;
const realNow = clock.now;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(async () => {
  clock.now = realNow;
  await kith.stop();
});

type Step =
  | { kind: 'sell'; buyer: number; provider: number; price: number }
  | { kind: 'grant'; provider: number; amount: number; days: number }
  | { kind: 'void'; which: number }
  | { kind: 'wait'; days: number }
  | { kind: 'upkeep' };
const who = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('sell' as const),
      buyer: who,
      provider: who,
      price: fc.integer({ min: 1, max: 9000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      provider: who,
      amount: fc.integer({ min: 1, max: 4000 }),
      days: fc.constantFrom(0, 10, 40),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('void' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'upkeep' as const }) },
);

interface Mint {
  buyer: number;
  provider: number;
  amount: number;
  month: string;
  isVoided: boolean;
}
/** What coinage should do, in a few lines of plain arithmetic: three buyers of reputation, three providers, a limit of 30.00 a month, a share of 40 %. */
class Village {
  day = 0;
  mints: Mint[] = [];
  grants = [0, 1, 2].map(() => ({ left: 0, endsOn: Infinity }));
  readonly begin: Date;
  constructor(begin: Date) {
    this.begin = begin;
  }
  get now() {
    return new Date(this.begin.getTime() + this.day * 86_400_000);
  }
  get month() {
    return this.now.toISOString().slice(0, 7);
  }
  left(provider: number) {
    const { left, endsOn } = this.grants[provider]!;
    return this.day >= endsOn ? 0 : left;
  }
  sell({ buyer, provider, price }: { buyer: number; provider: number; price: number }): number {
    if (this.mints.some((mint) => mint.buyer === buyer && mint.provider === provider)) return 0;
    const used = this.mints
      .filter((mint) => mint.buyer === buyer && mint.month === this.month)
      .reduce((sum, { amount }) => sum + amount, 0);
    const amount = Math.max(0, Math.min(Math.floor((price * 40) / 100), this.left(provider), 3000 - used));
    if (amount) this.mints.push({ buyer, provider, amount, month: this.month, isVoided: false });
    this.grants[provider]!.left -= amount;
    return amount;
  }
  grant({ provider, amount, days }: { provider: number; amount: number; days: number }) {
    const [grant, endsOn] = [this.grants[provider]!, days ? this.day + days : Infinity];
    const left = this.left(provider);
    this.grants[provider] = { left: left + amount, endsOn: left ? Math.max(grant.endsOn, endsOn) : endsOn };
  }
  void(mint: Mint) {
    if (mint.isVoided) return;
    mint.isVoided = true;
    // A grant that is over gets nothing that could still be earned.
    this.grants[mint.provider]!.left = this.left(mint.provider) + mint.amount;
  }
}

const SEED = 20261123;
test(`coinage does what a model of a few lines does, whatever happens (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const model = new Village(new Date('2027-01-10T12:00:00Z'));
      clock.now = () => model.now;
      const { community, people } = await moneyed(kith, [900_000n, 900_000n, 900_000n, 0n, 0n, 0n]);
      const policies = { coinageGrant: 0, coinageBuyerLimit: 30, coinageShare: 40 };
      await kith.sql('update communities set policies = $2 where id = $1', [community.id, JSON.stringify(policies)]);
      const [buyers, providers] = [people.slice(0, 3), people.slice(3)];
      for (const buyer of buyers) await establish(kith, community.id, buyer);
      const operator = {
        ...buyers[0]!,
        communityId: community.id,
        state: 'ACTIVE' as const,
        roles: ['OPERATOR' as const],
      };
      const within = <T>(work: () => Promise<T>) => withCommunity(community.id, work);
      const trades: string[] = [];
      for (const one of steps) {
        if (one.kind === 'wait') model.day += one.days;
        if (one.kind === 'upkeep') await keepCoinage();
        if (one.kind === 'grant') {
          const amount = `${Math.floor(one.amount / 100)}.${String(one.amount % 100).padStart(2, '0')}`;
          const memberId = providers[one.provider]!.memberId;
          await within(() =>
            grantCoinage(operator, { id: newId(), memberId, amount, expiresInDays: one.days, reason: 'Model' }),
          );
          model.grant(one);
        }
        if (one.kind === 'sell') {
          const parties = { buyerId: buyers[one.buyer]!.memberId, providerId: providers[one.provider]!.memberId };
          const tradeId = newId();
          const minted = await sell({ communityId: community.id, ...parties, price: BigInt(one.price), tradeId });
          if (minted) trades.push(tradeId);
          expect(minted).toBe(BigInt(model.sell(one)));
        }
        if (one.kind === 'void' && trades.length) {
          const at = one.which % trades.length;
          const [mint] = await kith.sql<{ id: string }>('select id from coinage_mints where trade_id = $1', [
            trades[at],
          ]);
          await within(() => voidMint(operator, { mintId: mint!.id, reason: 'Model' }));
          model.void(model.mints[at]!);
        }
      }
      const rows = await kith.sql<{
        member_id: string;
        minted: string;
        remaining: string;
        granted: string;
        expired: string;
      }>(
        `select s.*, case when expires_at <= $2 then 0 else granted - minted - expired end as remaining from coinage_standings s where community_id = $1`,
        [community.id, model.now],
      );
      for (const [at, { memberId }] of providers.entries()) {
        const row = rows.find(({ member_id }) => member_id === memberId);
        expect(Number(row?.remaining ?? 0)).toBe(model.left(at));
        const minted = model.mints.filter(({ provider, isVoided }) => provider === at && !isVoided);
        expect(Number(row?.minted ?? 0)).toBe(minted.reduce((sum, { amount }) => sum + amount, 0));
      }
      // −issuance = what was minted, with the coins the buyers began with.
      const [issuance] = await kith.sql<{ balance: string }>(
        "select balance from accounts where community_id = $1 and kind = 'ISSUANCE'",
        [community.id],
      );
      const standing = model.mints.filter(({ isVoided }) => !isVoided).reduce((sum, { amount }) => sum + amount, 0);
      expect(-Number(issuance!.balance)).toBe(2_700_000 + standing);
    }),
    { seed: SEED, numRuns: 15 },
  );
  expect(await differences(kith)).toEqual([]);
}, 60_000);
