/** What keeps a trade from being paid in part with new coins; in the order in which it is told. */
export type CoinageObstacle =
  | 'COINAGE_OFF'
  | 'NOT_ACTIVE'
  | 'NO_GRANT_LEFT'
  | 'USED_WITH_PROVIDER'
  | 'INVITED'
  | 'SAME_HAND'
  | 'REPUTATION_TOO_LOW'
  | 'BUYER_IS_NEWCOMER'
  | 'BUYER_LIMIT_REACHED';

/** All that decides about coinage between a buyer and a provider at a moment. Amounts in minor units. */
export interface CoinageFacts {
  isOn: boolean;
  sharePercent: number;
  bothActive: boolean;
  /** Of the provider: what of their grants is neither minted nor expired. */
  grantLeft: bigint;
  usedTogether: boolean;
  /** One of the two invited the other, or whoever acts for the buyer did. */
  invited: boolean;
  /** One person acts on both sides, as themself or as a broker. */
  sameHand: boolean;
  reputationMilli: number;
  reputationLeast: number;
  isFounder: boolean;
  isNewcomer: boolean;
  buyerLimit: bigint;
  /** What was minted for the buyer in this period; what was voided counts. */
  buyerUsed: bigint;
}

/** Why the buyer cannot buy from the provider with coinage; none when they can. A founder stands in for reputation and age, while nobody speaks against them. */
export function obstaclesOf(facts: CoinageFacts): CoinageObstacle[] {
  const founds = facts.isFounder && facts.reputationMilli >= 0;
  const rules: [CoinageObstacle, boolean][] = [
    ['COINAGE_OFF', !facts.isOn || facts.sharePercent === 0],
    ['NOT_ACTIVE', !facts.bothActive],
    ['NO_GRANT_LEFT', facts.grantLeft <= 0n],
    ['USED_WITH_PROVIDER', facts.usedTogether],
    ['INVITED', facts.invited],
    ['SAME_HAND', facts.sameHand],
    ['REPUTATION_TOO_LOW', !founds && facts.reputationMilli < facts.reputationLeast * 1000],
    ['BUYER_IS_NEWCOMER', !founds && facts.isNewcomer],
    ['BUYER_LIMIT_REACHED', limitLeft(facts) <= 0n],
  ];
  return rules.flatMap(([obstacle, stands]) => (stands ? [obstacle] : []));
}

/** What the buyer may still have minted in this period, in minor units; a lowered limit leaves nothing, not less. */
export const limitLeft = ({ buyerLimit, buyerUsed }: Pick<CoinageFacts, 'buyerLimit' | 'buyerUsed'>): bigint =>
  buyerUsed < buyerLimit ? buyerLimit - buyerUsed : 0n;

/** The most that can be minted now, whatever the price, in minor units. */
export function mostOf(facts: CoinageFacts): bigint {
  if (obstaclesOf(facts).length) return 0n;
  return least(facts.grantLeft, limitLeft(facts));
}

/** What is minted of a price, in minor units: min(⌊price × share⌋, grant left, buyer's limit left); the remainder is the buyer's to pay. */
export const mintOf = (facts: CoinageFacts, price: bigint): bigint =>
  least((price * BigInt(facts.sharePercent)) / 100n, mostOf(facts));

const least = (one: bigint, other: bigint) => (one < other ? one : other);
