import os from 'node:os';

/** How far behind others where all want the processor; one step makes about a fifth less of it. */
const NICENESS = 10;

/** Lets servers' answers go before this process. */
export function goBehind(): void {
  try {
    os.setPriority(NICENESS);
  } catch {
    // Where that is not allowed, it works as hurriedly as all do.
  }
}
