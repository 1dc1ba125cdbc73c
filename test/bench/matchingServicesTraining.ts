import { readFileSync } from 'node:fs';
import type { services } from '@kith/search';
import { Kernel } from '../../search/src/meaning/kernel.ts';
import { seededRandom } from './ranking.ts';

/** A text of the bank: its vector without its wording, whether it is a want, and the place of its service. */
export interface Example {
  sense: Float32Array;
  kind: services.Kind;
  service: number;
}

const SEED = 20261123;
const EPOCHS = 4;
const BATCH = 256;
/** The first step of a move and of a level, in logits; steps shrink to nothing. */
const RATE = { move: 0.04, level: 0.002 } as const;

/**
 * What is to be added to the logits that `middles` give, so that services are told apart: multinomial logistic regression on top of them
 * (steps of Adam, Kingma & Ba 2015; every service counts alike). A move for each service, one after another, and a level of each.
 */
export function toldApart(
  examples: readonly Example[],
  middles: Record<services.Kind, Float32Array>,
): { moves: Float32Array; levels: Float32Array } {
  const dimensions = examples[0]!.sense.length;
  const count = middles.WANT.length / dimensions;
  const product = productOf(dimensions, count);
  const { columns } = product;
  const logits = {
    WANT: product.logitsOf(turned(middles.WANT, { dimensions, columns })),
    OFFER: product.logitsOf(turned(middles.OFFER, { dimensions, columns })),
  };
  const begun = new Map(examples.map((example) => [example, logits[example.kind]([example]).slice(0, columns)]));
  const sizes = new Float32Array(count);
  for (const { service } of examples) sizes[service]!++;

  const [moves, levels] = [new Float32Array(dimensions * columns), new Float32Array(columns)];
  const [moveOn, levelOut] = [adam(moves, RATE.move), adam(levels, RATE.level)];
  const chance = seededRandom(SEED);
  const steps = EPOCHS * Math.floor(examples.length / BATCH);
  for (let step = 1, order: Example[] = []; step <= steps; step++) {
    if (order.length < BATCH) order = shuffled(examples, chance);
    const batch = order.splice(-BATCH);
    const errors = product.logitsOf(moves)(batch);
    batch.forEach((example, row) => {
      const own = errors.subarray(row * columns, row * columns + count);
      const start = begun.get(example)!;
      for (let place = 0; place < count; place++) own[place]! += start[place]! + levels[place]!;
      toError(own, example.service, examples.length / count / sizes[example.service]! / BATCH);
    });
    const sums = new Float32Array(columns);
    errors.forEach((error, index) => (sums[index % columns]! += error));
    moveOn(product.gradientOf(batch, errors), step, steps);
    levelOut(sums, step, steps);
  }
  return {
    moves: turned(moves, { dimensions: columns, columns: dimensions }).slice(0, count * dimensions),
    levels: levels.slice(0, count),
  };
}

/** Logits become what probability lacks of, or has beyond, the truth, times the example's weight. */
function toError(logits: Float32Array, service: number, weight: number) {
  const most = logits.reduce((one, other) => Math.max(one, other));
  let sum = 0;
  for (let place = 0; place < logits.length; place++) sum += logits[place] = Math.exp(logits[place]! - most);
  for (let place = 0; place < logits.length; place++) logits[place]! *= weight / sum;
  logits[service]! -= weight;
}

/** Products of a batch's senses in WebAssembly: plain loops take half an hour for what this does in one minute. */
function productOf(dimensions: number, count: number) {
  const columns = Math.ceil(count / 8) * 8;
  const kernel = new Kernel(readFileSync(new URL('../../search/dist/kernel.wasm', import.meta.url)));
  const [senses, across, answers, gradient] = [
    { at: kernel.allocate(BATCH * dimensions), stride: dimensions },
    { at: kernel.allocate(BATCH * dimensions), stride: BATCH },
    { at: kernel.allocate(BATCH * columns), stride: columns },
    { at: kernel.allocate(dimensions * columns), stride: columns },
  ];
  const errorPanels = kernel.load(BATCH, columns, new Float32Array(BATCH * columns));
  const moves = new Map<Float32Array, ReturnType<Kernel['load']>>();
  return {
    columns,
    /** Of a matrix, a row for each dimension. */
    logitsOf(matrix: Float32Array) {
      const panels = kernel.load(dimensions, columns, matrix, moves.get(matrix)?.at);
      moves.set(matrix, panels);
      return (batch: readonly Example[]) => {
        batch.forEach(({ sense }, row) => kernel.numbers.set(sense, senses.at + row * dimensions));
        kernel.numbers.fill(0, answers.at, answers.at + BATCH * columns);
        kernel.multiplyAdd(senses, panels, answers, batch.length);
        return kernel.numbers.slice(answers.at, answers.at + batch.length * columns);
      };
    },
    /** The batch's senses as columns, times its errors as rows. */
    gradientOf(batch: readonly Example[], errors: Float32Array) {
      kernel.load(BATCH, columns, errors, errorPanels.at);
      const { numbers } = kernel;
      batch.forEach(({ sense }, row) =>
        sense.forEach((value, index) => (numbers[across.at + index * BATCH + row] = value)),
      );
      numbers.fill(0, gradient.at, gradient.at + dimensions * columns);
      kernel.multiplyAdd(across, errorPanels, gradient, dimensions);
      return numbers.subarray(gradient.at, gradient.at + dimensions * columns);
    },
  };
}

/** Takes steps down a gradient, each number by what its own gradients were so far. */
function adam(values: Float32Array, rate: number) {
  const [means, squares] = [new Float32Array(values.length), new Float32Array(values.length)];
  return (gradient: Float32Array, step: number, steps: number) => {
    const [once, twice] = [1 - 0.9 ** step, 1 - 0.999 ** step];
    const now = rate * (1 - step / (steps + 1));
    for (let index = 0; index < values.length; index++) {
      const slope = gradient[index]!;
      const mean = (means[index] = 0.9 * means[index]! + 0.1 * slope);
      const square = (squares[index] = 0.999 * squares[index]! + 0.001 * slope * slope);
      values[index]! -= (now * (mean / once)) / (Math.sqrt(square / twice) + 1e-8);
    }
  };
}

/** Rows of so many dimensions become columns, with room for more of them. */
function turned(rows: Float32Array, { dimensions, columns }: { dimensions: number; columns: number }): Float32Array {
  const matrix = new Float32Array(dimensions * columns);
  for (let index = 0; index < rows.length; index++)
    matrix[(index % dimensions) * columns + Math.floor(index / dimensions)] = rows[index]!;
  return matrix;
}

function shuffled<T>(all: readonly T[], chance: () => number): T[] {
  const order = [...all];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(chance() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
