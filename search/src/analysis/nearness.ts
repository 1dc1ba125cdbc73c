/** How many typing mistakes a word of so many letters may carry: none below 4, one below 8, two from there. */
export function typosAllowed(letters: number): number {
  return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

/**
 * Whether two words differ by at most the mistakes allowed for the first, where a letter left out, put in, changed,
 * or swapped with its neighbour is one mistake. Numbers and codes are never near: 2012 is not 2013.
 */
export function isNear(word: string, other: string): boolean {
  const most = typosAllowed(word.length);
  if (most === 0 || Math.abs(word.length - other.length) > most || /\p{N}/u.test(word)) return false;
  return distance(word, other, most) <= most;
}

/** Optimal string alignment distance, given up as soon as it must exceed `most`. */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + change);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    if (Math.min(...current) > most) return most + 1;
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
