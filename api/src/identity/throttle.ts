import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { NO_COMMUNITY, withCommunity } from '@kith/db';
import { pool } from '../db.ts';
import { Rejection } from '../errors.ts';
import { placeOf } from '../http.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The limiter asks like any other code here: outside communities, and of the pool that is open now.
const storeClient = { query: (query: unknown) => withCommunity(NO_COMMUNITY, () => pool.query(query as string)) };
const counter = (name: string, points: number, duration: number) =>
  new RateLimiterPostgres({
    storeClient,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points,
    duration,
  });

interface Backoff {
  tries: number;
  windowSeconds: number;
  pauseSeconds: number;
  pauseSecondsMost: number;
}
/** So many tries in a window, then a pause that doubles each time within a day. A try counts before its outcome is known: many at once are no way around it. */
function backoff(name: string, { tries, windowSeconds, pauseSeconds, pauseSecondsMost }: Backoff) {
  const taken = counter(name, tries, windowSeconds);
  const rounds = counter(`${name}-rounds`, 1, DAY);
  return {
    async take(key: string) {
      try {
        await taken.consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        // Only the first one over the limit lengthens the pause; those that come with it or after it wait for its end.
        const isFirst = refused.consumedPoints === tries + 1;
        const { consumedPoints: round } = isFirst
          ? await rounds.penalty(key)
          : ((await rounds.get(key)) ?? { consumedPoints: 1 });
        const pause = Math.min(pauseSeconds * 2 ** (round - 1), pauseSecondsMost);
        if (isFirst) await taken.block(key, pause);
        throw tooMany(isFirst ? pause * 1000 : Math.min(pause * 1000, refused.msBeforeNext));
      }
    },
    giveBack: (key: string) => taken.reward(key),
    forget: (key: string) => Promise.all([taken.delete(key), rounds.delete(key)]),
  };
}

const tooMany = (retryAfterMs: number) =>
  new Rejection('RATE_LIMITED', `Too many tries. Wait ${Math.ceil(retryAfterMs / 1000)} seconds, then try again.`, {
    retryAfterMs: Math.ceil(retryAfterMs),
  });
/** A member who signs in from a new place while strangers try their account has another way in. */
const accountIsTried = (retryAfterMs: number) =>
  new Rejection(
    'RATE_LIMITED',
    'This account is tried from many places just now. Set a new password by mail, or sign in where you have done so before.',
    { retryAfterMs: Math.ceil(retryAfterMs) },
  );

/** Who tries, as far as it can be told before the password was checked. */
export interface Try {
  email: string;
  address: string;
}

const ofPair = backoff('sign-in-pair', {
  tries: 5,
  windowSeconds: 15 * MINUTE,
  pauseSeconds: MINUTE,
  pauseSecondsMost: 6 * HOUR,
});
const ofPlace = backoff('sign-in-place', {
  tries: 60,
  windowSeconds: 15 * MINUTE,
  pauseSeconds: 5 * MINUTE,
  pauseSecondsMost: 6 * HOUR,
});
const ofAccount = counter('sign-in-account', 100, HOUR);
const familiar = counter('familiar-place', 1, 90 * DAY);
const mailOfPlace = backoff('mail-place', {
  tries: 60,
  windowSeconds: 15 * MINUTE,
  pauseSeconds: 5 * MINUTE,
  pauseSecondsMost: 6 * HOUR,
});

/**
 * Counts one try of a password, known address or not, and rejects it when there were too many: from this place for this account, from
 * this place, or for this account from places unfamiliar to it. The last never stops a member where they have signed in before.
 */
export async function takeTry({ email, address }: Try) {
  const [place, pair] = [placeOf(address), pairOf({ email, address })];
  await ofPlace.take(place);
  await ofPair.take(pair);
  if (await familiar.get(pair)) return;
  await ofAccount.consume(digest(email)).catch((refused) => {
    throw refused instanceof RateLimiterRes ? accountIsTried(refused.msBeforeNext) : refused;
  });
}

/** The password was right, or was set anew by mail: what led there does not count, and the place is familiar from now on. */
export async function welcome({ email, address }: Try) {
  const pair = pairOf({ email, address });
  await Promise.all([ofPlace.giveBack(placeOf(address)), ofPair.forget(pair), familiar.set(pair, 1, 90 * DAY)]);
}

/** Counts one request that may send a mail; rejects when there were too many from this place. */
export const takeMailRequest = ({ address }: { address: string }) => mailOfPlace.take(placeOf(address));

const MAILS_AN_HOUR = 3;
// Counts and decides at once: of many mails to one address at the same moment only so many go.
const TAKE_MAIL = `insert into rate_limits as kept (key, points, expire) values ($1, 1, $2)
  on conflict (key) do update set
    points = case when kept.expire <= $3 then 1 else kept.points + 1 end,
    expire = case when kept.expire <= $3 then excluded.expire else kept.expire end
  where kept.expire <= $3 or kept.points < $4
  returning points`;
/**
 * Sends a mail unless its address got so many of the kind within the hour that one more would be a nuisance. A mail that could not
 * leave does not count: its job comes again.
 */
export async function withinMailBudget(letter: { to: string; about: string }, send: () => Promise<void>) {
  const [key, now] = [letterOf(letter), Date.now()];
  const { rowCount } = await storeClient.query({
    text: TAKE_MAIL,
    values: [key, now + HOUR * 1000, now, MAILS_AN_HOUR],
  });
  if (!rowCount) return;
  try {
    await send();
  } catch (error) {
    await storeClient.query({ text: 'update rate_limits set points = points - 1 where key = $1', values: [key] });
    throw error;
  }
}

/** Forgets what no longer counts. */
export const clearThrottle = () =>
  storeClient.query({ text: 'delete from rate_limits where expire < $1', values: [Date.now()] });

const pairOf = ({ email, address }: Try) => digest(`${email} ${placeOf(address)}`);
const letterOf = ({ to, about }: { to: string; about: string }) => `mails-to:${digest(`${about} ${to}`)}`;
// The table need not say who tried from where.
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
