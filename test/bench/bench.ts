/** One thing that was measured. `limit` is what the same machine could do at most, measured in the same run; `goal` is about the ratio to it, or about the value. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  limit?: { name: string; value: number };
  goal?: { of: 'ratio' | 'value'; atLeast?: number; below?: number };
}
export interface BenchResult {
  name: string;
  /** Under what conditions: sizes, rounds, what stood beside. */
  conditions: string[];
  figures: Figure[];
}
export interface BenchOptions {
  /** Where the bench says how far it is. */
  say: (text: string) => void;
  /** Shorter rounds, to see that it works; its figures are worth nothing. */
  quick: boolean;
  /** Files named on the command line. */
  files: string[];
  /** Into how many parts whatever is learned from is cut, each judged by what the others taught. */
  folds?: number;
  /** How many of whatever is measured, where that can be said. */
  size?: number;
}
export type Bench = (options: BenchOptions) => Promise<BenchResult>;

export const ratioOf = ({ value, limit }: Figure) => limit && value / limit.value;

export function isMet(figure: Figure): boolean | undefined {
  const { goal, value } = figure;
  if (!goal) return undefined;
  const judged = goal.of === 'ratio' ? ratioOf(figure)! : value;
  return judged >= (goal.atLeast ?? -Infinity) && judged < (goal.below ?? Infinity);
}

export const median = (values: number[]) => percentile(values, 0.5);
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** Runs the subjects one after another, round by round, so that a busy moment of the machine meets all of them; answers each one's median. */
export async function interleaved<Name extends string>(
  rounds: number,
  subjects: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(subjects) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) measured[name].push(await subjects[name]());
  return Object.fromEntries(names.map((name) => [name, median(measured[name])])) as Record<Name, number>;
}
