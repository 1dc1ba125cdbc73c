/** What one member said of another after a trade, once it is open to read. */
export interface GivenReview {
  authorId: string;
  rating: number;
  quality: number;
  communication: number;
  punctuality: number;
  createdAt: Date;
}
/** All that one counterparty said in one week: together at most one point. */
export interface Point {
  authorId: string;
  /** Weeks since Monday, 29 December 1969, in UTC. */
  week: number;
  /** −1, 0 or +1: the sign of what was said. */
  value: number;
  /** Mean of the stars that were given, 1 to 5. */
  stars: number;
  /** Whole days since the newest review of the week. */
  ageDays: number;
  /** What it counts, in thousandths: less with age and with every later week of the same counterparty. */
  weightMilli: number;
}
export interface Score {
  /** Thousandths of a point. */
  scoreMilli: number;
  /** Thousandths: what all points weigh, whichever their sign. */
  weightMilli: number;
  level: number;
  /** Points of the last twelve months. */
  positiveRecent: number;
  neutralRecent: number;
  negativeRecent: number;
  /** Thousandths of a star; null while there is no review. */
  starsMilli: number | null;
  reviews: number;
}

const DAY_MS = 86_400_000;
/** After a year a point counts half. */
const HALF_LIFE_DAYS = 365;
/** Older reviews weigh less than a thousandth. */
export const HISTORY_DAYS = 11 * HALF_LIFE_DAYS;
/** A mean of stars starts as if so many reviews had given so many stars. */
const PRIOR = { reviews: 5, stars: 3.5 };
/** Points from which each level holds. */
export const LEVELS = [1, 5, 15, 40, 100];

export const weekOf = (moment: Date): number => Math.floor((moment.getTime() / DAY_MS + 3) / 7);

/**
 * The points of a member, newest first. At most one for each counterparty and week, as on eBay, so that many small trades do not
 * outweigh one. The n-th newest week of the same counterparty counts 2^(1−n): all of a pair that trades in circles together adds
 * less than two points (a geometric series), however long it goes on. A point halves with each year (exponential decay, as in the
 * Beta reputation system's forgetting factor, Jøsang and Ismail 2002).
 */
export function pointsOf(reviews: readonly GivenReview[], at: Date): Point[] {
  const weeks = new Map<string, GivenReview[]>();
  for (const review of reviews) {
    const key = `${review.authorId} ${weekOf(review.createdAt)}`;
    weeks.set(key, [...(weeks.get(key) ?? []), review]);
  }
  const points = [...weeks.values()].map((said) => {
    const newest = Math.max(...said.map(({ createdAt }) => createdAt.getTime()));
    const stars = said.map(({ quality, communication, punctuality }) => (quality + communication + punctuality) / 3);
    return {
      authorId: said[0]!.authorId,
      week: weekOf(said[0]!.createdAt),
      value: Math.sign(said.reduce((sum, { rating }) => sum + rating, 0)),
      stars: stars.sort((one, other) => one - other).reduce((sum, each) => sum + each, 0) / stars.length,
      ageDays: Math.max(0, Math.floor((at.getTime() - newest) / DAY_MS)),
    };
  });
  points.sort((one, other) => other.week - one.week || (one.authorId < other.authorId ? -1 : 1));
  const before = new Map<string, number>();
  return points.map((point) => {
    const later = before.get(point.authorId) ?? 0;
    before.set(point.authorId, later + 1);
    return { ...point, weightMilli: Math.round(1000 * 2 ** -later * 2 ** (-point.ageDays / HALF_LIFE_DAYS)) };
  });
}

/** What the points come to at the moment they were weighed for. */
export function scoreOf(points: readonly Point[], reviews: number): Score {
  const scoreMilli = points.reduce((sum, { value, weightMilli }) => sum + value * weightMilli, 0);
  const weightMilli = points.reduce((sum, point) => sum + point.weightMilli, 0);
  const recent = points.filter(({ ageDays }) => ageDays < 365);
  const count = (sign: number) => recent.filter(({ value }) => value === sign).length;
  return {
    ...{ scoreMilli, weightMilli, level: levelOf(scoreMilli), reviews, starsMilli: starsOf(points) },
    ...{ positiveRecent: count(1), neutralRecent: count(0), negativeRecent: count(-1) },
  };
}

/** A Bayesian mean, (C·m + Σ w·s) ÷ (C + Σ w): a few reviews move it little, so that one friend's five stars are no record. */
function starsOf(points: readonly Point[]): number | null {
  if (!points.length) return null;
  const [weights, sum] = points.reduce(
    ([weights, sum], { weightMilli, stars }) => [weights + weightMilli, sum + weightMilli * stars],
    [PRIOR.reviews * 1000, PRIOR.reviews * 1000 * PRIOR.stars],
  );
  return Math.round((1000 * sum!) / weights!);
}

/** How many of the thresholds a score has reached. */
export const levelOf = (scoreMilli: number): number => LEVELS.filter((least) => scoreMilli >= least * 1000).length;

/** The share of positive points among those that are not neutral, in percent with one decimal; null while there is none. */
export const positivePercent = ({
  positiveRecent,
  negativeRecent,
}: Pick<Score, 'positiveRecent' | 'negativeRecent'>) =>
  positiveRecent + negativeRecent === 0
    ? null
    : Math.round((1000 * positiveRecent) / (positiveRecent + negativeRecent)) / 10;
