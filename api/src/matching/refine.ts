import type { DismissalReason } from '@kith/db';
import { scoreOf, type Parts } from './score.ts';
import { type Weights } from './weights.ts';

/** What a member did with a suggestion. */
export interface Feedback {
  parts: Parts;
  /** The reason, where the member dismissed it. */
  answer: 'ACCEPTED' | DismissalReason;
}

type Name = `about.${keyof Weights['about']}` | `fit.${keyof Weights['fit']}`;

const ABOUT = ['words', 'text', 'meaning', 'topic', 'category', 'tags'] as const;
const FIT = ['price', 'distance', 'availability', 'language', 'reputation', 'dealings'] as const;
const ALL: Name[] = [...ABOUT.map((name) => `about.${name}` as const), ...FIT.map((name) => `fit.${name}` as const)];

/** Which weights an answer says something about; a reason that has nothing to do with the pair says nothing. */
const TEACHES: Record<Feedback['answer'], Name[]> = {
  ACCEPTED: ALL,
  NOT_RELEVANT: ALL.filter((name) => name.startsWith('about.')),
  TOO_FAR: ['fit.distance'],
  TOO_EXPENSIVE: ['fit.price'],
  WRONG_TIME: ['fit.availability'],
  NOT_THIS_MEMBER: ['fit.reputation', 'fit.dealings'],
  ALREADY_SOLVED: [],
  OTHER: [],
};

/** How far a weight's logit strays from its default: one in three by half, seldom more. Few answers move it little, many far. */
const SPREAD = 0.5;
const STEPS = 60;
export const FEEDBACK_MOST = 5_000;

/**
 * The likeliest weights of a community, given what its members accepted and dismissed and that they lie about the defaults
 * (maximum a posteriori, a Gaussian prior on each weight's logit). How often members accept at all is no matter of the weights: a
 * level beside the score takes it up. The newest FEEDBACK_MOST answers count, given newest first. No feedback, no change.
 */
export function refine(defaults: Weights, feedback: readonly Feedback[]): Weights {
  const said = feedback.slice(0, FEEDBACK_MOST).filter(({ answer, parts }) => {
    const score = scoreOf(parts, defaults);
    return TEACHES[answer].length > 0 && score > 0 && score < 1;
  });
  if (!said.length) return defaults;
  const origin = new Map(ALL.map((name) => [name, logit(get(defaults, name))]));
  let at = new Map(origin);
  let level = 0;
  let rate = 0.5;
  for (let step = 0; step < STEPS; step++) {
    const weights = weightsOf(defaults, at);
    const slope = new Map(ALL.map((name) => [name, (at.get(name)! - origin.get(name)!) / SPREAD ** 2]));
    let levelSlope = 0;
    let curvature = 1 / SPREAD ** 2;
    for (const { parts, answer } of said) {
      const score = scoreOf(parts, weights);
      const probability = sigmoid(logit(score) + level);
      const error = probability - (answer === 'ACCEPTED' ? 1 : 0);
      levelSlope += error;
      curvature += probability * (1 - probability);
      for (const name of TEACHES[answer]) slope.set(name, slope.get(name)! + error * change(parts, weights, at, name));
    }
    at = new Map(ALL.map((name) => [name, at.get(name)! - (rate / curvature) * slope.get(name)!]));
    level -= (rate / curvature) * levelSlope;
    rate *= 0.99;
  }
  return weightsOf(defaults, at);
}

const SMALL = 1e-4;

/** By how much the logit of the score grows with the logit of a weight. */
function change(parts: Parts, weights: Weights, at: Map<Name, number>, name: Name): number {
  const [part, own] = name.split('.') as ['about' | 'fit', string];
  const value = parts[(own === 'words' ? 'text' : own) as keyof Parts];
  if (value === null || value === undefined) return 0;
  const group = { ...weights[part], [own]: sigmoid(at.get(name)! + SMALL) };
  return (logit(scoreOf(parts, { ...weights, [part]: group })) - logit(scoreOf(parts, weights))) / SMALL;
}

function weightsOf(defaults: Weights, at: Map<Name, number>): Weights {
  const of = <N extends string>(part: 'about' | 'fit', names: readonly N[]) =>
    Object.fromEntries(names.map((name) => [name, sigmoid(at.get(`${part}.${name}` as Name)!)])) as Record<N, number>;
  return { about: of('about', ABOUT), fit: of('fit', FIT), leastFit: defaults.leastFit };
}

const get = (weights: Weights, name: Name): number => {
  const [part, own] = name.split('.') as ['about' | 'fit', string];
  return (weights[part] as Record<string, number>)[own]!;
};
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const logit = (share: number) => {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, share));
  return Math.log(bounded / (1 - bounded));
};
