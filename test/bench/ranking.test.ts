import { expect, test } from 'vitest';
import { meanOf, qualityOf, seededRandom } from './ranking.ts';

test('a perfect ranking has full marks', () => {
  expect(qualityOf([1, 0.5, 0])).toEqual({ ndcgAt10: 1, precisionAt5: 0.4, reciprocalRank: 1, recallAt10: 1 });
});

test('a relevant item at the third place of three has a gain of one over log2(4)', () => {
  const { ndcgAt10, reciprocalRank } = qualityOf([0, 0, 1]);
  expect(ndcgAt10).toBeCloseTo(0.5, 10);
  expect(reciprocalRank).toBeCloseTo(1 / 3, 10);
});

test('what stands behind the tenth place counts for nothing but the rank', () => {
  const quality = qualityOf([...Array<number>(10).fill(0), 1]);
  expect(quality).toEqual({ ndcgAt10: 0, precisionAt5: 0, reciprocalRank: 1 / 11, recallAt10: 0 });
});

test('a ranking without a relevant item is refused', () => {
  expect(() => qualityOf([0, 0])).toThrow('no quality');
});

test('means are taken part by part', () => {
  expect(meanOf([qualityOf([1]), qualityOf([0, 1])]).reciprocalRank).toBe(0.75);
});

test('a seed gives the same numbers every time', () => {
  const [one, other] = [seededRandom(7), seededRandom(7)];
  expect([one(), one(), one()]).toEqual([other(), other(), other()]);
});
