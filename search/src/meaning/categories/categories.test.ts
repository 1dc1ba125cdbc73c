import { describe, expect, test } from 'vitest';
import { loadModel } from '../understand.ts';
import { projectFile } from '../projectFile.ts';
import {
  addExample,
  addStatistics,
  defaultLearned,
  deserialize,
  evaluate,
  foldsOf,
  likeness,
  modelOf,
  noStatistics,
  predict,
  senseOf,
  serialize,
  train,
  traitsOf,
  wordingOf,
  type Example,
  type JudgedExample,
} from './index.ts';
import { unit } from './linear.ts';

const DIMENSIONS = 8;

/** Numbers in −1…1, the same every time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
const next = chance(7);
const near = (axis: number, noise = 0.3) =>
  unit(Array.from({ length: DIMENSIONS }, (_, index) => (index === axis ? 1 : 0) + noise * next()));
const examples: JudgedExample[] = ['north', 'south', 'west'].flatMap((group) =>
  ['garden', 'hair', 'lessons'].flatMap((key, axis) =>
    Array.from({ length: 12 }, () => ({ group, vector: near(axis), keys: [key] })),
  ),
);
const statisticsOf = (some: readonly Example[]) => {
  const statistics = noStatistics(DIMENSIONS);
  for (const example of some) addExample(statistics, example);
  return statistics;
};
const best = (keys: readonly string[], values: Float32Array) => keys[values.indexOf(Math.max(...values))];

describe('a model', () => {
  test('tells of a new text what its author would tick', () => {
    const model = train(examples);
    for (const [axis, key] of ['garden', 'hair', 'lessons'].entries()) {
      const probabilities = predict(model, near(axis));
      expect(best(model.keys, probabilities)).toBe(key);
      expect(probabilities.every((share) => share > 0 && share < 1)).toBe(true);
    }
  });

  test('is the same every time, and whatever the order of the examples', () => {
    const [one, other] = [train(examples), train([...examples].reverse())];
    expect(other.keys).toEqual(one.keys);
    one.discriminants.forEach((value, index) => expect(other.discriminants[index]).toBeCloseTo(value, 4));
  });

  test('learned of a part and of the rest is learned of all; what is taken away was never there', () => {
    const [part, rest] = [examples.slice(0, 50), examples.slice(50)];
    const whole = modelOf(statisticsOf(examples)).discriminants;
    const joined = modelOf(addStatistics(statisticsOf(part), statisticsOf(rest))).discriminants;
    joined.forEach((value, index) => expect(value).toBeCloseTo(whole[index]!, 4));
    const alone = modelOf(addStatistics(statisticsOf(examples), statisticsOf(part), -1)).discriminants;
    modelOf(statisticsOf(rest)).discriminants.forEach((value, index) => expect(alone[index]).toBeCloseTo(value, 3));
  });

  test('a category of an installation alone gets a place beside those that ship', () => {
    const own = Array.from({ length: 5 }, () => ({ vector: near(5), keys: ['beekeeping'] }));
    const model = modelOf(addStatistics(statisticsOf(examples), statisticsOf(own)));
    expect(best(model.keys, traitsOf(model, near(5)))).toBe('beekeeping');
    expect(best(model.keys, traitsOf(model, near(0)))).toBe('garden');
  });

  test('without a category there is nothing to learn', () => {
    expect(() => train([])).toThrow('no listing with a category');
    expect(() => train([{ vector: near(0), keys: [] }])).toThrow('no listing with a category');
    expect(() => addExample(noStatistics(3), { vector: near(0), keys: ['x'] })).toThrow('does not fit');
  });

  test('texts of one category are more alike than of two, and none more than itself', () => {
    const model = train(examples);
    const traits = (axis: number) => traitsOf(model, near(axis));
    const one = traits(0);
    expect(likeness(one, one)).toBeCloseTo(1, 5);
    expect(likeness(one, traits(0))).toBeGreaterThan(likeness(one, traits(1)));
    expect(likeness(one, traits(1))).toBeGreaterThanOrEqual(-1);
  });
});

describe('judging a model', () => {
  test('no community is judged by what was learned from it', () => {
    const seen: string[][] = [];
    const judged = evaluate(
      examples,
      (others) => {
        seen.push([...new Set(others.map(({ group }) => group))].sort());
        return train(others);
      },
      3,
    );
    expect(seen).toEqual([
      ['south', 'west'],
      ['north', 'west'],
      ['north', 'south'],
    ]);
    expect(judged.listings).toBe(examples.length);
    expect(judged.first).toBeGreaterThan(0.95);
    expect(judged.firstThree).toBe(1);
    expect(judged.calibration.slope).toBeGreaterThan(0);
    expect(judged.loss).toBeLessThan(0.2);
  });

  test('communities are dealt out in alphabetical order', () => {
    expect([...foldsOf(['c', 'a', 'b', 'a'], 2)]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ]);
  });
});

test('texts of one meaning come nearer when their wording is taken out', () => {
  const said = (axis: number, language: number) =>
    unit(
      Array.from(
        { length: DIMENSIONS },
        (_, index) => (index === axis ? 1 : index === 7 ? language : 0) + 0.02 * next(),
      ),
    );
  const groups = [0, 1, 2, 3].map((axis) => [said(axis, 1), said(axis, -1), said(axis, 0.5)]);
  const sense = senseOf(wordingOf(groups));
  const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  const [one, other] = [said(4, 1), said(4, -1)];
  expect(cosine(one, other)).toBeLessThan(0.2);
  expect(cosine(sense(one), sense(other))).toBeGreaterThan(0.5);
});

test('a file says what was learned, nearly to the number, and what is no such file is refused', () => {
  const wording = wordingOf([0, 1, 2].map((axis) => [near(axis), near(axis), near(axis)]));
  const statistics = statisticsOf(examples);
  const calibration = { slope: 8, share: 0.5, bias: -2 };
  const bytes = serialize({ embedder: 'test', statistics, wording, calibration });
  const back = deserialize(bytes);
  expect([back.embedder, back.calibration]).toEqual(['test', calibration]);
  const [before, after] = [modelOf(statistics, { wording }), modelOf(back.statistics, { wording: back.wording })];
  for (const { vector } of examples) {
    const cosine = traitsOf(before, vector).reduce(
      (sum, value, index) => sum + value * traitsOf(after, vector)[index]!,
      0,
    );
    expect(cosine).toBeGreaterThan(0.999);
  }
  expect(() => deserialize(bytes.subarray(0, bytes.length - 9))).toThrow('ends too early');
});

test('what ships knows the default categories in languages whose listings it never saw', () => {
  const { statistics, wording, calibration } = defaultLearned()!;
  const model = modelOf(statistics, { wording, calibration });
  const understand = loadModel({
    model: projectFile('search/model/use-multilingual-v3.bin')!,
    kernel: projectFile('search/dist/kernel.wasm')!,
  });
  const texts = [
    'Haircuts at home',
    'Стрижка собак и кошек',
    'Rasen mähen',
    'Clases de yoga',
    'Réparation de vélos',
    '数学家教',
  ];
  const guessed = understand(texts).map((vector) => best(model.keys, predict(model, vector!)));
  expect(guessed).toEqual([
    'hair-beauty',
    'pet-care',
    'garden-yard-work',
    'yoga-meditation',
    'outdoor-bikes',
    'tutoring-mentoring',
  ]);
});
