import { clock } from '../clock.ts';
import { prisma } from '../db.ts';
import { defineAcquaintance } from '../matching/acquaintance.ts';
import { reputationsOf } from './reputation.ts';
import type { Score } from './score.ts';

/** A trade of two members that was completed, or that a moderator decided. */
export interface Dealing {
  endedAt: Date;
  /** Whether a dispute about it was decided, whoever it was decided for. */
  isDecided: boolean;
  /** What they wrote of each other, once both could read it. */
  reviews: Opinion[];
}
export interface Opinion {
  rating: number;
  quality: number;
  communication: number;
  punctuality: number;
}

const DAY_MS = 86_400_000;
/** As long as for reputation. */
const HALF_LIFE_DAYS = 365;
/** One trade says much of how two get on: it outweighs the doubt, which counts like half a trade that went neither well nor badly. */
const DOUBT = 0.5;

/**
 * How two got on, 0…1, null while they had no trade: (½ · doubt + Σ weight · contentment) ÷ (doubt + Σ weight), where a trade's weight
 * halves with each year. It takes both to trade again, so that of two reviews the less content one counts; a dispute that was decided
 * counts 0, since one of them lost it. A trade nobody spoke of says nothing.
 */
export function dealingsOf(dealings: readonly Dealing[], at: Date): number | null {
  if (!dealings.length) return null;
  let [sum, weights] = [DOUBT / 2, DOUBT];
  for (const { endedAt, isDecided, reviews } of dealings) {
    if (!isDecided && !reviews.length) continue;
    // Whole days: a score that is computed again the same day is the same.
    const ageDays = Math.max(0, Math.floor((at.getTime() - endedAt.getTime()) / DAY_MS));
    const weight = 2 ** (-ageDays / HALF_LIFE_DAYS);
    sum += weight * (isDecided ? 0 : Math.min(...reviews.map(contentment)));
    weights += weight;
  }
  return sum / weights;
}

/** 0…1: half by the rating, −1 to +1, half by the stars, 1 to 5 each. */
const contentment = ({ rating, quality, communication, punctuality }: Opinion) =>
  (rating + 1) / 4 + (quality + communication + punctuality - 3) / 24;

/**
 * What a reputation says of a provider, 0…1, null while nobody has reviewed them: the share of good points by weight, a neutral one
 * counted as half a good one, as the mean of the Beta distribution after (good + 1) and (bad + 1) points (Jøsang and Ismail 2002).
 * One good point makes 2/3, twenty 0.95; a pair that trades in circles never more than 3/4, as all its points weigh less than two.
 */
export function standingOf({ scoreMilli, weightMilli }: Pick<Score, 'scoreMilli' | 'weightMilli'>): number | null {
  // A row that was computed before weights were kept has the least that its score can weigh.
  const weight = Math.max(weightMilli, Math.abs(scoreMilli)) / 1000;
  return weight === 0 ? null : ((weight + scoreMilli / 1000) / 2 + 1) / (weight + 2);
}

/** Newest first; of more than so many trades the older ones do not count. */
const ROWS_MOST = 5_000;

interface Row extends Opinion {
  tradeId: string;
  otherId: string;
  endedAt: Date;
  isDecided: boolean;
  isReviewed: boolean;
}
/** The trades a member had with each of the others, in one statement. A sealed review is not there. */
async function dealingsWith(communityId: string, memberId: string, otherIds: string[], at: Date) {
  const rows = await prisma.$queryRaw<Row[]>`
    select t.id as "tradeId", t.other_id as "otherId", t.ended_at as "endedAt", t.is_decided as "isDecided", r.id is not null as "isReviewed",
      r.rating, r.quality, r.communication, r.punctuality
    from (
      select id, case when buyer_id = ${memberId}::uuid then provider_id else buyer_id end as other_id,
        coalesce(ended_at, completed_at, created_at) as ended_at, completed_at,
        exists (select from disputes d join dispute_decisions e on e.community_id = d.community_id and e.dispute_id = d.id
                where d.community_id = ${communityId}::uuid and d.trade_id = trades.id) as is_decided
      from trades where community_id = ${communityId}::uuid and undone_at is null
        and (buyer_id = ${memberId}::uuid and provider_id = any (${otherIds}::uuid[])
          or provider_id = ${memberId}::uuid and buyer_id = any (${otherIds}::uuid[]))
    ) t
    left join reviews r on r.community_id = ${communityId}::uuid and r.trade_id = t.id and r.unsealed_at <= ${at}::timestamptz and r.voided_at is null
    where t.completed_at is not null or t.is_decided
    order by t.ended_at desc, t.id limit ${ROWS_MOST}::integer`;
  const dealings = new Map<string, Map<string, Dealing>>();
  for (const { tradeId, otherId, endedAt, isDecided, isReviewed, ...opinion } of rows) {
    const withOther = dealings.get(otherId) ?? new Map<string, Dealing>();
    const dealing = withOther.get(tradeId) ?? { endedAt, isDecided, reviews: [] };
    if (isReviewed) dealing.reviews.push(opinion);
    dealings.set(otherId, withOther.set(tradeId, dealing));
  }
  return dealings;
}

defineAcquaintance({
  reputations: async (communityId, memberIds) => {
    const stored = await reputationsOf(communityId, memberIds);
    return new Map(
      stored.flatMap((reputation) => {
        const standing = standingOf(reputation);
        return standing === null ? [] : [[reputation.memberId, standing]];
      }),
    );
  },
  dealings: async (communityId, memberId, otherIds) => {
    const at = clock.now();
    const known = new Map<string, number>();
    for (const [otherId, withOther] of await dealingsWith(communityId, memberId, otherIds, at)) {
      const dealings = dealingsOf([...withOther.values()], at);
      if (dealings !== null) known.set(otherId, dealings);
    }
    return known;
  },
});
