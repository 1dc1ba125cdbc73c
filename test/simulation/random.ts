/** Chance out of a seed: the same seed, the same simulation. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from least to most. */
  whole(least: number, most: number): number;
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, enough for who buys bread of whom. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    ...{ next, whole },
    percent: (share) => next() * 100 < share,
    pick: (from) => from[whole(0, from.length - 1)]!,
  };
}
