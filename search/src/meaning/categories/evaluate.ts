import { backward, cholesky, forward } from './linear.ts';
import { type Calibration, type Model, traitsOf } from './model.ts';
import type { Example } from './statistics.ts';

/** An example and whose it is: a community, which is wholly learned from or wholly judged by. */
export interface JudgedExample extends Example {
  group: string;
}

export interface Evaluation {
  listings: number;
  /** The share of listings whose likeliest category their author ticked, and of those with one among the three likeliest. */
  first: number;
  firstThree: number;
  /** Mean loss of a probability (−ln of what was given to what is so), with this calibration. */
  loss: number;
  calibration: Calibration;
}

const FOLDS = 5;

/** Groups in alphabetical order, dealt out in turn: the same for everybody who judges. */
export function foldsOf(groups: Iterable<string>, folds = FOLDS): Map<string, number> {
  return new Map([...new Set(groups)].sort().map((group, index) => [group, index % folds]));
}

/** How well models do on communities they did not learn from. `train` is given the examples of the others. */
export function evaluate(
  examples: readonly JudgedExample[],
  train: (others: JudgedExample[]) => Model,
  folds = FOLDS,
): Evaluation {
  const foldOf = foldsOf(
    examples.map(({ group }) => group),
    folds,
  );
  const guesses: Guess[] = [];
  let [listings, first, firstThree] = [0, 0, 0];
  for (let fold = 0; fold < folds; fold++) {
    const judged = examples.filter(({ group, keys }) => foldOf.get(group) === fold && keys.length);
    if (!judged.length) continue;
    const model = train(examples.filter(({ group }) => foldOf.get(group) !== fold));
    for (const { vector, keys } of judged) {
      const ticked = model.keys.map((key) => keys.includes(key));
      const traits = traitsOf(model, vector);
      const best = [...traits.keys()].sort((a, b) => traits[b]! - traits[a]!);
      listings++;
      if (ticked[best[0]!]) first++;
      if (best.slice(0, 3).some((index) => ticked[index])) firstThree++;
      for (const [index, trait] of traits.entries())
        guesses.push({ trait, share: Math.log(model.shares[index]!), isTicked: ticked[index]! });
    }
  }
  const { calibration, loss } = calibrate(guesses);
  return { listings, first: first / listings, firstThree: firstThree / listings, loss, calibration };
}

type Guess = { trait: number; share: number; isTicked: boolean };

const STEPS = 20;

/** Logistic regression by Newton's method, from what the shares alone would say; a step that makes it worse is halved. */
function calibrate(guesses: Guess[]): { calibration: Calibration; loss: number } {
  let best = { calibration: { slope: 0, share: 1, bias: 0 }, ...slopeOf(guesses, { slope: 0, share: 1, bias: 0 }) };
  for (let step = 0, length = 1; step < STEPS; step++) {
    const lower = cholesky(best.curvature, 3, 1e-9);
    const [a, b, c] = backward(lower, forward(lower, best.gradient.slice()));
    const { slope, share, bias } = best.calibration;
    const calibration = { slope: slope - length * a!, share: share - length * b!, bias: bias - length * c! };
    const next = { calibration, ...slopeOf(guesses, calibration) };
    if (next.loss < best.loss) [best, length] = [next, 1];
    else length /= 2;
  }
  return { calibration: best.calibration, loss: best.loss };
}

function slopeOf(guesses: Guess[], { slope, share, bias }: Calibration) {
  const [gradient, curvature] = [new Float64Array(3), new Float64Array(6)];
  let loss = 0;
  for (const guess of guesses) {
    const probability = 1 / (1 + Math.exp(-(slope * guess.trait + share * guess.share + bias)));
    loss -= Math.log(Math.max(1e-9, guess.isTicked ? probability : 1 - probability)) / guesses.length;
    const error = probability - (guess.isTicked ? 1 : 0);
    const spread = probability * (1 - probability);
    const inputs = [guess.trait, guess.share, 1];
    for (let row = 0, place = 0; row < 3; row++) {
      gradient[row]! += error * inputs[row]!;
      for (let column = 0; column <= row; column++) curvature[place++]! += spread * inputs[row]! * inputs[column]!;
    }
  }
  return { loss, gradient, curvature };
}
