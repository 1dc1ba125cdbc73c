import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelOf, pointsOf, positivePercent, scoreOf, type GivenReview } from './score.ts';

const AT = new Date('2027-03-01T12:00:00Z');
const daysAgo = (days: number) => new Date(AT.getTime() - days * 86_400_000);
const review = (authorId: string, days: number, rating = 1, stars = 5): GivenReview => ({
  ...{ authorId, rating, createdAt: daysAgo(days) },
  ...{ quality: stars, communication: stars, punctuality: stars },
});
const score = (reviews: GivenReview[]) => scoreOf(pointsOf(reviews, AT), reviews.length);

describe('feedback score', () => {
  test('one good review is one point, a bad one takes one, a neutral one none', () => {
    expect(score([review('a', 0)]).scoreMilli).toBe(1000);
    expect(score([review('a', 0, -1)]).scoreMilli).toBe(-1000);
    expect(score([review('a', 0, 0)])).toMatchObject({ scoreMilli: 0, neutralRecent: 1, reviews: 1 });
  });
  test('a counterparty counts one point in a week, whatever they write', () => {
    // 2027-03-01 is a Monday.
    expect(score([review('a', 0), review('a', 0), review('a', 0)]).scoreMilli).toBe(1000);
    expect(score([review('a', 0), review('a', 0, -1)]).scoreMilli).toBe(0);
    expect(score([review('a', 0), review('b', 0)]).scoreMilli).toBe(2000);
    expect(pointsOf([review('a', 0), review('a', 1)], AT)).toHaveLength(2);
  });
  test('a point halves with each year, to the day', () => {
    expect(score([review('a', 365)]).scoreMilli).toBe(500);
    expect(score([review('a', 730)]).scoreMilli).toBe(250);
    expect(score([review('a', 364.9)]).scoreMilli).toBe(501);
  });
  test('each later week of one counterparty counts half of the one before', () => {
    expect(
      pointsOf([review('a', 0), review('a', 7), review('a', 14)], AT).map(({ weightMilli }) => weightMilli),
    ).toEqual([...[1000, 493, 243]]);
  });
  test('levels are reached at their thresholds, not before', () => {
    expect([999, 1000, 4999, 5000, 15_000, 40_000, 99_999, 100_000, -5000].map(levelOf)).toEqual([
      ...[0, 1, 1, 2, 3, 4, 4, 5, 0],
    ]);
  });
});

test('the positive share looks at twelve months and leaves neutral ones out', () => {
  const reviews = [review('a', 1), review('b', 1), review('c', 1, -1), review('d', 1, 0), review('e', 366, -1)];
  expect(positivePercent(score(reviews))).toBe(66.7);
  expect(positivePercent(score([review('a', 400), review('d', 1, 0)]))).toBeNull();
});

test('few reviews move the mean of stars little, many move it to what they say', () => {
  expect(score([]).starsMilli).toBeNull();
  expect(score([review('a', 0)]).starsMilli).toBe(3750); // (5 × 3.5 + 5) ÷ 6
  const many = Array.from({ length: 95 }, (_, at) => review(`m${at}`, 0));
  expect(score(many).starsMilli).toBe(4925); // (17.5 + 475) ÷ 100
});

const reviews = fc.array(
  fc.record({
    authorId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    rating: fc.integer({ min: -1, max: 1 }),
    quality: fc.integer({ min: 1, max: 5 }),
    communication: fc.integer({ min: 1, max: 5 }),
    punctuality: fc.integer({ min: 1, max: 5 }),
    createdAt: fc.integer({ min: 0, max: 1500 * 24 }).map((hours) => daysAgo(hours / 24)),
  }),
  { maxLength: 60 },
);
describe('whatever the reviews', () => {
  test('one counterparty moves the score by less than two points and a thousandth each week', () => {
    fc.assert(
      fc.property(reviews, (given) => {
        for (const author of ['a', 'b', 'c', 'd', 'e']) {
          const own = pointsOf(given, AT).filter(({ authorId }) => authorId === author);
          const sum = own.reduce((total, { value, weightMilli }) => total + value * weightMilli, 0);
          expect(Math.abs(sum)).toBeLessThanOrEqual(2000 + own.length);
        }
      }),
    );
  });
  test('their order does not matter', () => {
    fc.assert(
      fc.property(reviews, (given) => {
        expect(score([...given].reverse())).toEqual(score(given));
      }),
    );
  });
  test('nothing counts more when it is older', () => {
    fc.assert(
      fc.property(reviews, fc.integer({ min: 0, max: 1000 }), (given, days) => {
        const later = pointsOf(given, new Date(AT.getTime() + days * 86_400_000));
        pointsOf(given, AT).forEach(({ weightMilli }, at) =>
          expect(later[at]!.weightMilli).toBeLessThanOrEqual(weightMilli),
        );
      }),
    );
  });
  test('one more good review by somebody new never lowers anything', () => {
    fc.assert(
      fc.property(reviews, (given) => {
        const [before, after] = [score(given), score([...given, review('new', 0)])];
        expect(after.scoreMilli).toBe(before.scoreMilli + 1000);
        expect(after.level).toBeGreaterThanOrEqual(before.level);
        expect(after.starsMilli!).toBeGreaterThanOrEqual(before.starsMilli ?? 0);
      }),
    );
  });
});
