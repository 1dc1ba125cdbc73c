import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId, inner, listing } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { dealing, stars } from '../trades/testTrades.ts';
import { dealingsOf, standingOf, type Opinion } from './acquaintance.ts';
import { completedTrade, type TestReview } from './testTrades.ts';

const AT = new Date('2027-03-01T12:00:00Z');
const opinion = (rating: number, each: number): Opinion => ({
  ...{ rating, quality: each, communication: each, punctuality: each },
});
const best = opinion(1, 5);
const worst = opinion(-1, 1);
const trade = (reviews: Opinion[], { days = 0, isDecided = false } = {}) => ({
  ...{ endedAt: new Date(AT.getTime() - days * 86_400_000), isDecided, reviews },
});

describe('what two thought of their trades', () => {
  test('is unknown without a trade, and says nothing while nobody spoke of one', () => {
    expect(dealingsOf([], AT)).toBeNull();
    expect(dealingsOf([trade([])], AT)).toBe(0.5);
  });
  test('is by the less content of the two, and 0 where a dispute was decided, whatever they wrote', () => {
    expect(dealingsOf([trade([best, best])], AT)).toBeCloseTo(1.25 / 1.5, 12);
    expect(dealingsOf([trade([best, worst])], AT)).toBeCloseTo(0.25 / 1.5, 12);
    expect(dealingsOf([trade([best, best], { isDecided: true })], AT)).toBeCloseTo(0.25 / 1.5, 12);
    expect(dealingsOf([trade([opinion(0, 3)])], AT)).toBe(0.5);
  });
  test('fades with the years', () => {
    expect(dealingsOf([trade([best], { days: 365 })], AT)).toBeCloseTo(0.75 / 1, 12);
    expect(dealingsOf([trade([best], { days: 365 }), trade([worst])], AT)).toBeCloseTo(0.75 / 2, 12);
  });
});

describe('what a reputation says', () => {
  test('nothing without a review, more with each good one, and for a pair in circles never more than three quarters', () => {
    expect(standingOf({ scoreMilli: 0, weightMilli: 0 })).toBeNull();
    const good = [1, 3, 20].map((points) => standingOf({ scoreMilli: points * 1000, weightMilli: points * 1000 }));
    expect(good).toEqual([2 / 3, 4 / 5, 21 / 22]);
    expect(standingOf({ scoreMilli: 1999, weightMilli: 1999 })).toBeLessThan(0.75);
    expect(standingOf({ scoreMilli: -1000, weightMilli: 1000 })).toBeCloseTo(1 / 3, 12);
    expect(standingOf({ scoreMilli: 50_000, weightMilli: 150_000 })).toBeCloseTo(101 / 152, 12);
  });
  test('is a share, and one more good point never lowers it, one more bad one never raises it', () => {
    const points = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(points, points, points, (good, neutral, bad) => {
        const of = (more: number) => ({
          ...{ scoreMilli: good - bad + more, weightMilli: good + neutral + bad + Math.abs(more) },
        });
        const now = standingOf(of(0)) ?? 0.5;
        expect(now).toBeGreaterThan(0);
        expect(now).toBeLessThan(1);
        expect(standingOf(of(1000))!).toBeGreaterThan(now);
        expect(standingOf(of(-1000))!).toBeLessThan(now);
      }),
    );
  });
});

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterAll(() => kith.stop());

const INBOX = '{ suggestions { items { score reasons offer { member { displayName } } } } }';
const EXPLAIN = `query ($wantId: ID!, $offerId: ID!) { explainMatch(wantId: $wantId, offerId: $offerId) {
  score parts { part value contribution } reasons } }`;
const inbox = async (as: Person) => (await kith.gql(INBOX, {}, as)).data.suggestions.items;
const providers = async (as: Person): Promise<string[]> =>
  (await inbox(as)).map((item: { offer: { member: { displayName: string } } }) => item.offer.member.displayName);
const storedParts = (communityId: string, provider: Person) =>
  kith.sql('select parts, reasons, score from suggestions where community_id = $1 and provider_id = $2', [
    ...[communityId, provider.memberId],
  ]);
const tell = (job: string, communityId: string, payload: object) =>
  inCommunity(communityId, (tx) => enqueue(tx, job, { communityId, ...payload }));
const good: TestReview = { rating: 1, stars: [5, 5, 5] };
const bad: TestReview = { rating: -1, stars: [1, 1, 1] };

async function village() {
  const place = await kith.community();
  const person = (name: string) => kith.member(place, { name });
  const [anna, boris, clara] = [await person('Anna'), await person('Boris'), await person('Clara')];
  const others = [await person('Dora'), await person('Emil'), await person('Fritz')];
  const operator = await kith.member(place, { roles: ['MEMBER', 'OPERATOR'] });
  /** Two equal offers and who wants them. */
  const publish = async () => {
    const offers = [await listing(kith, boris, { title: 'Piano lessons' })];
    offers.push(await listing(kith, clara, { title: 'Piano lessons' }));
    const want = await listing(kith, anna, { kind: 'WANT', title: 'Piano lessons' });
    await kith.jobs();
    const parts = async (offerId: string) => {
      const { data } = await kith.gql(EXPLAIN, { wantId: want, offerId }, operator);
      type Part = { part: string; value: number | null; contribution: number };
      const of = (name: string): Part => data.explainMatch.parts.find(({ part }: Part) => part === name);
      return { reputation: of('REPUTATION'), dealings: of('DEALINGS'), score: data.explainMatch.score as number };
    };
    return { offers: offers as [string, string], parts };
  };
  const trades = async (buyers: Person[], provider: Person, ofProvider: TestReview, isOpen = true) => {
    for (const { memberId: buyerId } of buyers) {
      const memberIds = [provider.memberId];
      const at = new Date(Date.now() - 1000);
      const sale = { communityId: place.id, buyerId, providerId: provider.memberId, at, ofProvider, isOpen };
      const tradeId = await completedTrade(kith, sale);
      if (isOpen) await tell('review.unsealed', place.id, { tradeId, memberIds });
    }
    await kith.jobs();
  };
  return { place, anna, boris, clara, others, operator, publish, trades };
}

test('of two equal providers the one with good reviews comes first, and the members read why', async () => {
  for (const reviewed of ['boris', 'clara'] as const) {
    const { anna, others, publish, trades, ...people } = await village();
    await trades(others, people[reviewed], good);
    const { offers, parts } = await publish();
    const [best, other] = reviewed === 'boris' ? ['Boris', 'Clara'] : ['Clara', 'Boris'];
    expect(await providers(anna)).toEqual([best, other]);
    const [first, second] = await inbox(anna);
    expect(first.score).toBeGreaterThan(second.score);
    expect(first.reasons).toContain('the provider is well reviewed');
    expect(second.reasons).not.toContain('the provider is well reviewed');
    const [known, unknown] = reviewed === 'boris' ? offers : [...offers].reverse();
    const { reputation, dealings } = await parts(known!);
    expect(reputation.value).toBeCloseTo(0.8, 12);
    expect(reputation.contribution).toBeGreaterThan(0);
    expect(dealings).toMatchObject({ value: null, contribution: 0 });
    expect((await parts(unknown!)).reputation).toMatchObject({ value: null, contribution: 0 });
  }
});

test('a bad dealing of the two puts a provider behind, a good one before, as soon as its review is open', async () => {
  for (const [said, order] of [
    [bad, ['Clara', 'Boris']],
    [good, ['Boris', 'Clara']],
  ] as const) {
    const { anna, boris, place, publish, trades } = await village();
    const { offers, parts } = await publish();
    const [{ score: before }] = (await storedParts(place.id, boris)) as [{ score: number }];
    await trades([anna], boris, said);
    expect(await providers(anna)).toEqual(order);
    const { dealings } = await parts(offers[0]);
    expect(dealings.value).toBeCloseTo(said === good ? 1.25 / 1.5 : 0.25 / 1.5, 3);
    const [{ score: after, parts: stored }] = (await storedParts(place.id, boris)) as [
      { score: number; parts: { dealings: number } },
    ];
    expect(stored.dealings).toBeCloseTo(dealings.value!, 6);
    expect(Math.sign(after - before)).toBe(said === good ? 1 : -1);
    const reasons = (await inbox(anna)).flatMap((item: { reasons: string[] }) => item.reasons);
    expect(reasons.includes('you have traded well with each other before')).toBe(said === good);
  }
});

test('with a member it never met, a bad dealing of others changes no dealings', async () => {
  const { boris, others, publish, trades } = await village();
  await trades(others.slice(0, 1), boris, bad);
  const { offers, parts } = await publish();
  const { dealings, reputation } = await parts(offers[0]);
  expect(dealings.value).toBeNull();
  expect(reputation.value).toBeCloseTo(1 / 3, 12);
});

test('a sealed review changes no part, score or reason, whatever it says', async () => {
  const seen = [];
  for (const said of [good, bad]) {
    const { place, anna, boris, publish, trades, others } = await village();
    await trades([anna, ...others], boris, said, false);
    const { offers, parts } = await publish();
    await tell('trade.completed', place.id, { tradeId: inner(offers[0]), memberIds: [boris.memberId] });
    await kith.jobs();
    const { reputation, dealings, score } = await parts(offers[0]);
    const equal = await parts(offers[1]);
    expect([reputation.value, dealings.value, score]).toEqual([null, 0.5, equal.score]);
    const [{ reasons }] = (await storedParts(place.id, boris)) as [{ reasons: unknown }];
    seen.push({ reputation, dealings, score, reasons });
  }
  expect(seen[0]).toEqual(seen[1]);
});

test('over the wire: a dispute that was decided, and an undone trade, are weighed as soon as they are', async () => {
  const { act, buyer, provider, community, tradeId } = await dealing(kith, { until: 'COMPLETED' });
  await listing(kith, provider, { title: 'Piano lessons' });
  await listing(kith, buyer, { kind: 'WANT', title: 'Piano lessons' });
  await kith.jobs();
  const dealings = async () => {
    const [row] = await storedParts(community.id, provider);
    return (row!.parts as { dealings: number | null }).dealings;
  };
  expect(await dealings()).toBe(0.5);
  await act(provider, 'reviewTrade', { tradeId, review: stars() });
  await kith.jobs();
  // 5, 4 and 3 stars and a good word: 0.5 + 9 ÷ 24.
  expect(await dealings()).toBeCloseTo((0.25 + 0.875) / 1.5, 3);
  const { id: disputeId } = await act(buyer, 'openDispute', { id: crypto.randomUUID(), tradeId, reason: 'Stale' });
  await kith.jobs();
  expect(await dealings()).toBeCloseTo((0.25 + 0.875) / 1.5, 3);
  const moderator = await kith.member(community, { roles: ['MEMBER', 'MODERATOR'] });
  await act(moderator, 'resolveDispute', { disputeId, outcome: 'REFUND', reason: 'It was stale' });
  await kith.jobs();
  expect(await dealings()).toBeCloseTo(0.25 / 1.5, 3);
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  await act(operator, 'undoTrade', { tradeId, reason: 'It never was' });
  await kith.jobs();
  expect(await dealings()).toBeNull();
});

test('a member is told live that their reputation changed, and nobody else is', async () => {
  const { anna, boris, clara, trades } = await village();
  const LIVE =
    'subscription ($after: ID) { reputationChanged(after: $after) { id member { id reputation { level reviews } } } }';
  const [own, third] = [kith.subscribe(LIVE, {}, boris), kith.subscribe(LIVE, {}, clara)];
  await own.started;
  await third.started;
  await trades([anna], boris, good);
  const { member } = (await own.next()).data.reputationChanged;
  expect(member).toEqual({ id: globalId('Member', boris.memberId), reputation: { level: 1, reviews: 1 } });
  await trades([anna], clara, good);
  const first = (await third.next()).data.reputationChanged;
  expect(first.member.id).toBe(globalId('Member', clara.memberId));
});
