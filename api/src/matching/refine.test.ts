import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refine, type Feedback } from './refine.ts';
import { scoreOf, type Parts } from './score.ts';
import { WEIGHTS, type Weights } from './weights.ts';

const parts = (given: Partial<Parts> = {}): Parts => ({
  text: 0.2,
  meaning: 0.5,
  topic: 0.5,
  category: 0,
  tags: null,
  price: null,
  distance: 0.5,
  availability: null,
  language: 1,
  reputation: null,
  dealings: null,
  ...given,
});
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const anyParts = fc.record({
  text: share,
  meaning: fc.option(share),
  topic: fc.option(share),
  category: share,
  tags: fc.option(share),
  price: fc.option(share),
  distance: fc.option(share),
  availability: fc.option(share),
  language: share,
  reputation: fc.option(share),
  dealings: fc.option(share),
});
const anyFeedback: fc.Arbitrary<Feedback[]> = fc.array(
  fc.record({
    parts: anyParts,
    answer: fc.constantFrom<Feedback['answer']>('ACCEPTED', 'NOT_RELEVANT', 'TOO_FAR', 'TOO_EXPENSIVE', 'OTHER'),
  }),
  { maxLength: 30 },
);
const flat = ({ about, fit }: Weights) => [...Object.values(about), ...Object.values(fit)];
const repeated = (count: number, feedback: Feedback[]) => Array.from({ length: count }, () => feedback).flat();

test('without feedback, or with reasons that say nothing about the pair, the weights stay as they are', () => {
  expect(refine(WEIGHTS, [])).toEqual(WEIGHTS);
  expect(refine(WEIGHTS, [{ parts: parts(), answer: 'ALREADY_SOLVED' }])).toEqual(WEIGHTS);
});

test('whatever members answer, weights stay weights, and scores stay between 0 and 1', () => {
  fc.assert(
    fc.property(anyFeedback, anyParts, (feedback, some) => {
      const weights = refine(WEIGHTS, feedback);
      expect(flat(weights).every((weight) => weight > 0 && weight < 1)).toBe(true);
      expect(scoreOf(some, weights)).toBeGreaterThanOrEqual(0);
      expect(scoreOf(some, weights)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 40 },
  );
});

test('the order of answers does not matter', () => {
  fc.assert(
    fc.property(anyFeedback, (feedback) => {
      const [one, other] = [refine(WEIGHTS, feedback), refine(WEIGHTS, [...feedback].reverse())];
      flat(one).forEach((weight, index) => expect(flat(other)[index]).toBeCloseTo(weight, 6));
    }),
    { numRuns: 20 },
  );
});

test('where members accept what is near and dismiss what is far, distance counts more, and the rest as before', () => {
  const near: Feedback = { parts: parts({ distance: 0.9 }), answer: 'ACCEPTED' };
  const far: Feedback = { parts: parts({ distance: 0.1 }), answer: 'TOO_FAR' };
  const weights = refine(WEIGHTS, repeated(20, [near, far]));
  expect(weights.fit.distance).toBeGreaterThan(WEIGHTS.fit.distance);
  expect(weights.fit.price).toBeCloseTo(WEIGHTS.fit.price, 3);
});

test('a part that misleads members counts less, one that serves them more', () => {
  const alike: Feedback = { parts: parts({ topic: 0.9, meaning: 0.1 }), answer: 'NOT_RELEVANT' };
  const same: Feedback = { parts: parts({ topic: 0.1, meaning: 0.9 }), answer: 'ACCEPTED' };
  const { about } = refine(WEIGHTS, repeated(20, [alike, same]));
  expect(about.topic).toBeLessThan(WEIGHTS.about.topic);
  expect(about.meaning).toBeGreaterThan(WEIGHTS.about.meaning);
});

test('a few answers move a weight little, many move it further', () => {
  const feedback: Feedback[] = [
    { parts: parts({ topic: 0.9, meaning: 0.1 }), answer: 'NOT_RELEVANT' },
    { parts: parts({ topic: 0.1, meaning: 0.9 }), answer: 'ACCEPTED' },
  ];
  const moved = (count: number) => WEIGHTS.about.topic - refine(WEIGHTS, repeated(count, feedback)).about.topic;
  expect(moved(1)).toBeGreaterThan(0);
  expect(moved(1)).toBeLessThan(0.1);
  expect(moved(30)).toBeGreaterThan(2 * moved(1));
});
