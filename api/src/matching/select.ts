/** A scored counterpart. */
export interface Scored {
  memberId: string;
  score: number;
}

const FIRST = 3;

/** Best first, and among the first three at most one of each member: a provider with many like offers must not crowd out the others. */
export function bestFirst<T extends Scored>(scored: readonly T[]): T[] {
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  const first: T[] = [];
  for (const one of sorted)
    if (first.length < FIRST && !first.some(({ memberId }) => memberId === one.memberId)) first.push(one);
  return [...first, ...sorted.filter((one) => !first.includes(one))];
}
