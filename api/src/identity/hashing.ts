import { hash, verify } from '@node-rs/argon2';
import { unavailable } from '../errors.ts';

/** Hashes at once: half of the threads that files and names are looked up by too; each takes 19 MiB for 16 ms of a core. */
const AT_ONCE = 2;
/** Those that wait; the last of them about a second. More come only from a flood, and are told to come again. */
const WAITING_MOST = 100;
let running = 0;
const line: (() => void)[] = [];

/** Runs the work when it is its turn. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running++;
  else {
    if (line.length >= WAITING_MOST) throw unavailable('Too many sign in just now. Try again in a moment.');
    await new Promise<void>((resolve) => line.push(resolve));
  }
  try {
    return await work();
  } finally {
    const next = line.shift();
    if (next) next();
    else running--;
  }
}

/** A new argon2id hash. Not inside of a transaction: it takes its time. */
export const makeHash = (secret: string | Uint8Array) => inTurn(() => hash(secret));

/** True when the hash was made of the secret. */
export const isHashOf = (stored: string, secret: string) => inTurn(() => verify(stored, secret));
