import { expect, test } from 'vitest';
import { distanceKm } from '@kith/search';
import { inWords, reasonsFor } from './reasons.ts';
import { partsOf, SCORE_LEAST, scoreOf, type Acquaintance, type Side, type Understanding } from './score.ts';
import { bestFirst } from './select.ts';
import { lexicalScore, type Corpus, type Text } from './text.ts';

const side = (given: Partial<Side> = {}): Side => ({
  categoryIds: [],
  categoryPath: [],
  tags: [],
  price: null,
  priceTo: null,
  place: null,
  radiusKm: null,
  remote: false,
  availability: [],
  language: 'en',
  ...given,
});
const text = (...titleStems: string[]): Text => ({
  titleStems,
  labelStems: [],
  descriptionStems: [],
  synonymStems: [],
});
const corpus: Corpus = {
  documents: 100,
  frequencies: new Map([
    ['help', 60],
    ['bike', 2],
    ['repair', 5],
  ]),
};
const home = { latitude: 52.52, longitude: 13.405 };

test('the rare words of a want decide, not the common ones', () => {
  const want = text('help', 'bike');
  const rare = lexicalScore(want, text('bike', 'garden'), corpus);
  const common = lexicalScore(want, text('help', 'garden'), corpus);
  expect(rare.score).toBeGreaterThan(0.8);
  expect(common.score).toBeLessThan(0.2);
  expect(rare.shared).toEqual(['bike']);
});

test('a text that shares nothing scores nothing, an equal one nearly everything', () => {
  expect(lexicalScore(text('bike'), text('garden'), corpus).score).toBe(0);
  expect(lexicalScore(text(), text('garden'), corpus).score).toBe(0);
  expect(lexicalScore(text('bike', 'repair'), text('bike', 'repair'), corpus).score).toBeCloseTo(1, 5);
});

test('a pair about the same thing is suggested, a pair that only fits otherwise is not', () => {
  const near = side({ place: home, price: 1000n, tags: ['a'] });
  expect(scoreOf(partsOf(near, near, 0))).toBeGreaterThan(0);
  expect(scoreOf(partsOf(side({ place: home }), side({ place: home }), 0))).toBe(0);
  expect(scoreOf(partsOf(side(), side(), 0.6))).toBeGreaterThan(SCORE_LEAST);
});

test('who cannot meet is no pair, unless it can be done from afar', () => {
  const far = { latitude: 48.14, longitude: 11.58 };
  expect(scoreOf(partsOf(side({ place: home }), side({ place: far }), 1))).toBe(0);
  expect(scoreOf(partsOf(side({ place: home }), side({ place: far, remote: true }), 1))).toBeGreaterThan(0.9);
  expect(distanceKm(home, far)).toBeCloseTo(504, -1);
});

test('an offer at twice what the want would pay is no pair; at half of the way it is half a fit', () => {
  const want = side({ price: 1000n });
  expect(partsOf(want, side({ price: 1000n }), 1).price).toBe(1);
  expect(partsOf(want, side({ price: 1500n }), 1).price).toBe(0.5);
  expect(scoreOf(partsOf(want, side({ price: 2000n }), 1))).toBe(0);
  expect(partsOf(side({ price: 0n }), side({ price: 1n }), 1).price).toBe(0);
  expect(partsOf(side(), side({ price: 1n }), 1).price).toBeNull();
});

test('a ticked category counts whole, one under the same parent half', () => {
  const want = side({ categoryIds: ['hair'], categoryPath: ['hair', 'beauty'] });
  expect(partsOf(want, side({ categoryIds: ['hair'], categoryPath: ['hair', 'beauty'] }), 0).category).toBe(1);
  expect(partsOf(want, side({ categoryIds: ['nails'], categoryPath: ['nails', 'beauty'] }), 0).category).toBe(0.5);
  expect(partsOf(want, side({ categoryIds: ['cars'], categoryPath: ['cars'] }), 0).category).toBe(0);
});

test('every score stays between 0 and 1, and more evidence never lowers it', () => {
  for (const words of [0, 0.2, 0.5, 1])
    for (const tags of [[], ['x']])
      for (const categoryIds of [[], ['c']]) {
        const one = side({ tags, categoryIds, categoryPath: categoryIds });
        const score = scoreOf(partsOf(one, one, words));
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(scoreOf(partsOf(one, one, Math.min(1, words + 0.1)))).toBeGreaterThanOrEqual(score);
      }
});

test('among the first three there is one of each member, then the best of the rest', () => {
  const of = (memberId: string, score: number) => ({ memberId, score });
  const many = [of('a', 0.9), of('a', 0.8), of('a', 0.7), of('b', 0.5), of('c', 0.4), of('d', 0.3)];
  expect(bestFirst(many).map(({ memberId, score }) => memberId + score)).toEqual([
    'a0.9',
    'b0.5',
    'c0.4',
    'a0.8',
    'a0.7',
    'd0.3',
  ]);
});

test('reasons are said in the language of the reader, the strongest first', () => {
  const one = side({ categoryIds: ['hair'], categoryPath: ['hair'], place: home, price: 500n });
  const other = side({ ...one, place: { latitude: 52.53, longitude: 13.405 } });
  const reasons = reasonsFor(one, other, partsOf(one, other, 0.95), ['haircut']);
  const say = (locale: string) => reasons.map((reason) => inWords(reason, locale, () => 'Hair'));
  expect(say('en')).toEqual(['both speak of “haircut”', 'both are about Hair', '1.1 km away', 'the price fits']);
  expect(say('ru')[2]).toBe('в 1,1 км');
  expect(say('zh')).toEqual(['双方都提到“haircut”', '都属于“Hair”', '相距 1.1 公里', '价格合适']);
  expect(say('tlh')[0]).toBe('both speak of “haircut”');
});

const understood = (...values: number[]): Understanding => {
  const length = Math.hypot(...values);
  const vector = Float32Array.from(values, (value) => value / length);
  return { sense: vector, traits: vector, probabilities: new Map([['hair', 0.8]]) };
};

test('texts that mean the same are a pair without a word in common, in whatever language', () => {
  const want = side({ understood: understood(1, 0.1), language: 'ru' });
  const same = partsOf(want, side({ understood: understood(1, 0) }), 0);
  const other = partsOf(want, side({ understood: understood(0, 1) }), 0);
  expect(same.meaning).toBeGreaterThan(0.99);
  expect(scoreOf(same)).toBeGreaterThan(SCORE_LEAST);
  expect(other.meaning).toBeLessThan(0.02);
  expect(scoreOf(other)).toBeLessThan(SCORE_LEAST);
});

test('a need and a provider that say nothing alike are a pair where both are about one service', () => {
  const about = (place: number) => ({ places: Uint16Array.of(place), amplitudes: Float32Array.of(1) });
  const want = side({ understood: { ...understood(1, 0), services: about(7) } });
  const provider = partsOf(want, side({ understood: { ...understood(0.4, 0.9), services: about(7) } }), 0);
  const other = partsOf(want, side({ understood: { ...understood(0.4, 0.9), services: about(8) } }), 0);
  expect(provider.meaning).toBeGreaterThan(0.9);
  expect(other.meaning).toBeLessThan(0.3);
  const notLearned = partsOf(want, side({ understood: understood(0.4, 0.9) }), 0);
  const neither = partsOf(side({ understood: understood(1, 0) }), side({ understood: understood(0.4, 0.9) }), 0);
  expect(notLearned.meaning).toBe(neither.meaning);
});

test('where one of the two is not understood, words count as they do without an embedder', () => {
  const want = side({ understood: understood(1, 0) });
  const parts = partsOf(want, side(), 0.6);
  expect([parts.meaning, parts.topic]).toEqual([null, null]);
  expect(scoreOf(parts)).toBe(scoreOf(partsOf(side(), side(), 0.6)));
});

test('a category that only one of them ticked counts as far as the other would have ticked it', () => {
  const ticked = side({ categoryIds: ['hair'], categoryPath: ['hair'] });
  expect(partsOf(ticked, side({ understood: understood(1, 0) }), 0).category).toBe(0.8);
  expect(partsOf(side({ understood: understood(1, 0) }), ticked, 0).category).toBe(0.8);
  expect(partsOf(ticked, side(), 0).category).toBe(0);
});

test('what is unknown of the members leaves the score as it is; a good name raises it, bad dealings lower it', () => {
  const score = (known?: Acquaintance) => scoreOf(partsOf(side({ language: 'ru' }), side(), 0.8, known));
  expect(score({ reputation: null })).toBe(score());
  expect(score({ reputation: 1 })).toBeGreaterThan(score());
  expect(score({ dealings: 0 })).toBeLessThan(score());
});
