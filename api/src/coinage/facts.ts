import { clock } from '../clock.ts';
import { policiesOf } from '../communities/policies.ts';
import type { Tx } from '../db.ts';
import type { CoinageFacts } from './qualify.ts';

/** Who buys from whom, and the brokers who act for members who are offline. */
export interface Parties {
  communityId: string;
  buyerId: string;
  providerId: string;
  buyerActorId?: string | null | undefined;
  providerActorId?: string | null | undefined;
}
const DAY_MS = 86_400_000;

/**
 * Holds what coinage of these two counts, until the transaction ends: the buyer, whose use of the period it is, then the provider's
 * grant. Always in this order, and before any account.
 */
export async function holdCoinage(tx: Tx, { communityId, buyerId, providerId }: Parties): Promise<void> {
  await tx.$queryRaw`select id from members where community_id = ${communityId}::uuid and id = ${buyerId}::uuid for no key update`;
  await tx.$queryRaw`select member_id from coinage_standings
    where community_id = ${communityId}::uuid and member_id = ${providerId}::uuid for update`;
}

interface Row {
  bothActive: boolean;
  admittedAt: Date | null;
  grantLeft: bigint;
  usedTogether: boolean;
  invited: boolean;
  reputationMilli: number;
  isFounder: boolean;
  buyerUsed: bigint;
}

/** What decides about coinage between the two, as it is now; after `holdCoinage` it stays so. */
export async function coinageFacts(
  tx: Tx,
  { communityId, buyerId, providerId, buyerActorId, providerActorId }: Parties,
): Promise<CoinageFacts> {
  const now = clock.now();
  const community = await tx.community.findUniqueOrThrow({
    where: { id: communityId },
    select: { policies: true, currencyScale: true },
  });
  const policies = policiesOf(community);
  const from = await periodStart(tx, { communityId, unit: policies.coinagePeriod, at: now });
  const buyerHand = buyerActorId ?? buyerId;
  const rows = await tx.$queryRaw<Row[]>`
    select b.state = 'ACTIVE' and p.state = 'ACTIVE' as "bothActive", b.admitted_at as "admittedAt",
      coalesce((select s.granted - s.minted - s.expired from coinage_standings s
                where s.community_id = c.id and s.member_id = p.id and (s.expires_at is null or s.expires_at > ${now}::timestamptz)), 0) as "grantLeft",
      exists (select from coinage_mints m where m.community_id = c.id and m.buyer_id = b.id and m.provider_id = p.id) as "usedTogether",
      coalesce(b.invited_by = p.id or p.invited_by in (b.id, ${buyerHand}::uuid), false)
        or exists (select from invitation_uses u join invitations i on i.community_id = u.community_id and i.id = u.invitation_id
                   where u.community_id = c.id and (u.member_id = b.id and i.inviter_id = p.id
                     or u.member_id = p.id and i.inviter_id in (b.id, ${buyerHand}::uuid))) as invited,
      coalesce((select r.score_milli from reputations r where r.community_id = c.id and r.member_id = b.id), 0) as "reputationMilli",
      exists (select from coinage_founders f where f.community_id = c.id and f.member_id = b.id) as "isFounder",
      (select coalesce(sum(m.amount), 0)::bigint from coinage_mints m
       where m.community_id = c.id and m.buyer_id = b.id and m.minted_at >= ${from}::timestamptz) as "buyerUsed"
    from communities c join members b on b.community_id = c.id and b.id = ${buyerId}::uuid
    join members p on p.community_id = c.id and p.id = ${providerId}::uuid where c.id = ${communityId}::uuid`;
  const [row] = rows;
  if (!row) throw new Error('Coinage is between two members of the community.');
  const units = 10n ** BigInt(community.currencyScale);
  const { admittedAt, ...facts } = row;
  const newcomerUntil = (admittedAt?.getTime() ?? Infinity) + policies.coinageNewcomerDays * DAY_MS;
  return {
    ...facts,
    isOn: policies.coinage,
    sharePercent: policies.coinageShare,
    sameHand: buyerHand === (providerActorId ?? providerId) || buyerHand === providerId,
    reputationLeast: policies.coinageReputation,
    isNewcomer: now.getTime() < newcomerUntil,
    buyerLimit: BigInt(policies.coinageBuyerLimit) * units,
  };
}

type Unit = 'WEEK' | 'MONTH' | 'QUARTER';
type Moment = { communityId: string; unit: Unit; at: Date };

/** When the period of buyers' limits that runs at a moment began, in the community's time zone. */
export const periodStart = (tx: Tx, moment: Moment): Promise<Date> => periodEdge(tx, moment, 0);
/** When it ends and the next one begins. */
export const periodEnd = (tx: Tx, moment: Moment): Promise<Date> => periodEdge(tx, moment, 1);

async function periodEdge(tx: Tx, { communityId, unit, at }: Moment, periodsLater: 0 | 1): Promise<Date> {
  const months = { WEEK: 0, MONTH: 1, QUARTER: 3 }[unit] * periodsLater;
  const days = unit === 'WEEK' ? 7 * periodsLater : 0;
  const rows = await tx.$queryRaw<{ edge: Date }[]>`
    select (date_trunc(${unit.toLowerCase()}, ${at}::timestamptz at time zone c.time_zone)
            + make_interval(months => ${months}::integer, days => ${days}::integer)) at time zone c.time_zone as edge
    from communities c where c.id = ${communityId}::uuid`;
  return rows[0]!.edge;
}
