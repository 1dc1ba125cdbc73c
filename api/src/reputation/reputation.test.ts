import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../builder.ts';
import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { enqueue } from '../jobs.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { ageReputations, computeReputation, reputationAt } from './reputation.ts';
import { completedTrade, type TestReview } from './testTrades.ts';

let kith: TestKith;
const realNow = clock.now;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(() => {
  clock.now = realNow;
});
afterAll(() => kith.stop());

const good: TestReview = { rating: 1, stars: [5, 5, 5] };
const DAY_MS = 86_400_000;
const tell = (job: string, communityId: string, payload: object) =>
  inCommunity(communityId, (tx) => enqueue(tx, job, { communityId, ...payload }));
const stored = async (memberId: string) =>
  (
    await kith.sql(
      'select score_milli, level, stars_milli, reviews, trades_completed, positive_recent, negative_recent from reputations where member_id = $1',
      [memberId],
    )
  )[0];

async function village(count = 3) {
  const community = await kith.community();
  const people: Person[] = [];
  for (let at = 0; at < count; at++) people.push(await kith.member(community, { name: `Member ${at}` }));
  return { community, communityId: community.id, people };
}
const ofMember = (people: Person[], at: number) => people[at]!.memberId;

test('a completed trade and its open reviews make the reputation, however often the jobs run', async () => {
  const { communityId, people } = await village();
  const [buyerId, providerId] = [ofMember(people, 0), ofMember(people, 1)];
  const tradeId = await completedTrade(kith, { communityId, buyerId, providerId, at: new Date(), ofProvider: good });
  const memberIds = [buyerId, providerId];
  for (let turn = 0; turn < 2; turn++) {
    await tell('trade.completed', communityId, { tradeId, memberIds });
    await tell('review.unsealed', communityId, { tradeId, memberIds: [providerId] });
    await kith.jobs();
  }
  expect(await stored(providerId)).toEqual({
    ...{ score_milli: 1000, level: 1, stars_milli: 3750, reviews: 1, trades_completed: 1 },
    ...{ positive_recent: 1, negative_recent: 0 },
  });
  expect(await stored(buyerId)).toMatchObject({ score_milli: 0, level: 0, stars_milli: null, trades_completed: 1 });
});

test('a sealed review does not count, nor one that was voided; an undone trade takes all back', async () => {
  const { communityId, people } = await village();
  const [buyerId, providerId] = [ofMember(people, 0), ofMember(people, 1)];
  const sale = { communityId, buyerId, providerId, at: new Date(), ofProvider: good };
  const tradeId = await completedTrade(kith, { ...sale, isOpen: false });
  const compute = () => inCommunity(communityId, (tx) => computeReputation(tx, { communityId, memberId: providerId }));
  await compute();
  expect(await stored(providerId)).toMatchObject({ score_milli: 0, reviews: 0, trades_completed: 1 });
  await kith.sql('update reviews set unsealed_at = now() where trade_id = $1', [tradeId]);
  await compute();
  expect(await stored(providerId)).toMatchObject({ score_milli: 1000, reviews: 1 });
  await kith.sql('update reviews set voided_at = now() where trade_id = $1', [tradeId]);
  await kith.sql('update trades set undone_at = now() where id = $1', [tradeId]);
  await tell('trade.undone', communityId, { tradeId, memberIds: [buyerId, providerId] });
  await kith.jobs();
  expect(await stored(providerId)).toMatchObject({ score_milli: 0, reviews: 0, trades_completed: 0 });
});

test('two who deal with each other for ever gain less than two points, two who deal with ten others ten', async () => {
  const { communityId, people } = await village(13);
  const [one, other, honest] = [ofMember(people, 0), ofMember(people, 1), ofMember(people, 2)];
  for (let week = 0; week < 30; week++) {
    const at = new Date(Date.now() - week * 7 * DAY_MS);
    await completedTrade(kith, { communityId, buyerId: one, providerId: other, at, ofProvider: good, ofBuyer: good });
  }
  for (const { memberId } of people.slice(3))
    await completedTrade(kith, {
      communityId,
      buyerId: memberId,
      providerId: honest,
      at: new Date(),
      ofProvider: good,
    });
  for (const memberId of [one, other, honest])
    await inCommunity(communityId, (tx) => computeReputation(tx, { communityId, memberId }));
  for (const memberId of [one, other]) {
    const { score_milli: score } = (await stored(memberId)) as { score_milli: number };
    expect(score).toBeGreaterThan(1000);
    expect(score).toBeLessThan(2000);
  }
  expect(await stored(honest)).toMatchObject({ score_milli: 10_000, level: 2 });
});

test('points age by themselves, and nothing is computed twice in a day', async () => {
  const { communityId, people } = await village();
  const [buyerId, providerId] = [ofMember(people, 0), ofMember(people, 1)];
  await completedTrade(kith, { communityId, buyerId, providerId, at: new Date(), ofProvider: good });
  await inCommunity(communityId, (tx) => computeReputation(tx, { communityId, memberId: providerId }));
  const later = new Date(Date.now() + 365 * DAY_MS);
  clock.now = () => later;
  expect(await ageReputations()).toBeGreaterThanOrEqual(1);
  expect(await stored(providerId)).toMatchObject({ score_milli: 500, level: 0, positive_recent: 0 });
  expect(await ageReputations()).toBe(0);
});

const QUERY = `query ($id: ID!) { member(id: $id) { reputation { score level nextLevelAt positivePercent positive neutral negative stars reviews
  tradesCompleted computedAt points { author { displayName } value stars ageDays weight } } } }`;
test('members read each other’s reputation and how it came about', async () => {
  const { communityId, people } = await village();
  const [buyerId, providerId, third] = [ofMember(people, 0), ofMember(people, 1), ofMember(people, 2)];
  const bad: TestReview = { rating: -1, stars: [2, 3, 4] };
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  await completedTrade(kith, { communityId, buyerId, providerId, at: ago(0), ofProvider: good });
  await completedTrade(kith, { communityId, buyerId: third, providerId, at: ago(100), ofProvider: bad });
  await inCommunity(communityId, (tx) => computeReputation(tx, { communityId, memberId: providerId }));
  const { data } = await kith.gql(QUERY, { id: globalId('Member', providerId) }, people[0]);
  expect(data.member.reputation).toEqual({
    ...{
      score: 0.173,
      level: 0,
      nextLevelAt: 1,
      positivePercent: 50,
      positive: 1,
      neutral: 0,
      negative: 1,
      stars: 3.659,
    },
    ...{ reviews: 2, tradesCompleted: 2, computedAt: expect.any(String) },
    points: [
      { author: { displayName: 'Member 0' }, value: 1, stars: 5, ageDays: 0, weight: 1 },
      { author: { displayName: 'Member 2' }, value: -1, stars: 3, ageDays: 100, weight: 0.827 },
    ],
  });
  const nothing = await kith.gql(QUERY, { id: globalId('Member', third) }, people[0]);
  expect(nothing.data.member.reputation).toMatchObject({
    score: 0,
    level: 0,
    stars: null,
    positivePercent: null,
    points: [],
    computedAt: null,
  });
});

/** The same rules, written once more in the plainest way. */
function reference(given: { author: string; at: number; rating: number; stars: number }[], now: number) {
  const day = DAY_MS;
  const week = (at: number) => Math.floor((at / day + 3) / 7);
  let score = 0;
  let [up, weights] = [5000 * 3.5, 5000];
  for (const author of new Set(given.map((each) => each.author))) {
    const weeks = [...new Set(given.filter((each) => each.author === author).map(({ at }) => week(at)))].sort(
      (a, b) => b - a,
    );
    weeks.forEach((number, turn) => {
      const said = given.filter((each) => each.author === author && week(each.at) === number);
      const age = Math.floor((now - Math.max(...said.map(({ at }) => at))) / day);
      const weight = Math.round((1000 * 0.5 ** (age / 365)) / 2 ** turn);
      const sum = said.reduce((total, { rating }) => total + rating, 0);
      score += sum > 0 ? weight : sum < 0 ? -weight : 0;
      up += (weight * said.reduce((total, { stars }) => total + stars, 0)) / said.length;
      weights += weight;
    });
  }
  return { score, stars: given.length ? up / weights : null };
}

const SEED = 20261124;
test(`what is stored is what history says, and what a second reading of the rules says (seed ${SEED})`, async () => {
  const trade = fc.record({
    buyer: fc.integer({ min: 0, max: 3 }),
    daysAgo: fc.integer({ min: 0, max: 900 }),
    rating: fc.integer({ min: -1, max: 1 }),
    stars: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    isOpen: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(trade, { maxLength: 25 }), async (trades) => {
      const { communityId, people } = await village(5);
      const providerId = ofMember(people, 4);
      const now = new Date();
      clock.now = () => now;
      const of = { communityId, memberId: providerId };
      for (const { buyer, daysAgo, isOpen, ...ofProvider } of trades) {
        const at = new Date(now.getTime() - daysAgo * DAY_MS - 1000);
        const buyerId = ofMember(people, buyer);
        const tradeId = await completedTrade(kith, { communityId, buyerId, providerId, at, ofProvider, isOpen });
        const memberIds = [providerId];
        await tell('review.unsealed', communityId, { tradeId, memberIds });
      }
      await tell('trade.completed', communityId, { tradeId: providerId, memberIds: [providerId] });
      await kith.jobs();
      const again = await inCommunity(communityId, (tx) => reputationAt(tx, of, now));
      const row = await inCommunity(communityId, (tx) =>
        tx.reputation.findUniqueOrThrow({ where: { communityId_memberId: of } }),
      );
      expect(row).toEqual({ ...of, ...again });
      const open = trades.filter(({ isOpen }) => isOpen);
      const said = open.map(({ buyer, daysAgo, rating, stars: [one, two, three] }) => ({
        ...{
          author: String(buyer),
          at: now.getTime() - daysAgo * DAY_MS - 1000,
          rating,
          stars: (one + two + three) / 3,
        },
      }));
      const { score, stars } = reference(said, now.getTime());
      expect(row.scoreMilli).toBe(score);
      expect(row.reviews).toBe(open.length);
      expect(row.tradesCompleted).toBe(trades.length);
      if (stars === null) expect(row.starsMilli).toBeNull();
      else expect(Math.abs(row.starsMilli! - stars * 1000)).toBeLessThanOrEqual(0.51);
    }),
    { seed: SEED, numRuns: 12 },
  );
}, 60_000);

test('of many computations at once the last one has seen everything', async () => {
  const { communityId, people } = await village(9);
  const providerId = ofMember(people, 8);
  await Promise.all(
    people.slice(0, 8).map(async ({ memberId: buyerId }) => {
      await completedTrade(kith, {
        communityId,
        buyerId,
        providerId,
        at: new Date(Date.now() - 1000),
        ofProvider: good,
      });
      await inCommunity(communityId, (tx) => computeReputation(tx, { communityId, memberId: providerId }));
    }),
  );
  expect(await stored(providerId)).toMatchObject({ score_milli: 8000, trades_completed: 8 });
});
