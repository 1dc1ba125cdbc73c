import { createHash } from 'node:crypto';
import { clock } from '../clock.ts';
import { awardKarma } from '../reputation/karma.ts';
import { appointFounder } from '../coinage/founders.ts';
import { changePolicies } from '../communities/policiesInForce.ts';
import { policiesOf } from '../communities/policies.ts';
import type { Member } from '../context.ts';
import { prisma } from '../db.ts';
import { runDue } from '../demurrage/runs.ts';
import { pay } from '../payments/payments.ts';
import { agreeTrade } from '../trades/agreement.ts';
import { completeTrade, confirmGlobalPart, markDelivered } from '../trades/completion.ts';
import { addEvidence, openDispute } from '../trades/disputes.ts';
import { proposeTrade } from '../trades/proposals.ts';
import { reviewTrade } from '../trades/reviews.ts';
import { buyForTreasury } from '../treasury/spending.ts';
import type { DemoTrade, Economy, When } from './economies/economy.ts';

/** Something that happens at a time. Done again before the next one, it changes nothing. */
export interface Step {
  slug: string;
  /** Milliseconds after the founding. */
  afterMs: number;
  act: (place: Place) => Promise<unknown>;
}
/** A community of the demo, its members and listings by their external ids. */
export interface Place {
  communityId: string;
  operator: Member;
  member(name: string): Member;
  listing(name: string): string;
  /** The same for the same name: a step that is done again is the same one. */
  id(name: string): string;
}

/** All that happens in some communities, in the order of time. */
export const stepsOf = (economies: readonly Economy[]): Step[] =>
  economies.flatMap(stepsOfOne).sort((one, other) => one.afterMs - other.afterMs);

function stepsOfOne(economy: Economy): Step[] {
  const { slug, founders, trades, payments, policies, demurrage = [], purchases = [], karma = [] } = economy;
  const step = (when: When, act: Step['act']): Step => ({ slug, afterMs: afterMs(when), act });
  return [
    ...founders.map(({ when, member, reason }) =>
      step(when, ({ operator, member: of }) => appointFounder(operator, { memberId: of(member).memberId, reason })),
    ),
    ...trades.flatMap((trade) => tradeSteps(trade).map(({ when, act }) => step(when, act))),
    ...payments.map(({ when, from, to, ...payment }) =>
      step(when, ({ member, id }) =>
        pay(member(from), { id: id(`payment ${when}`), payeeId: member(to).memberId, ...payment }),
      ),
    ),
    ...(policies ? [step(policies.when, (place) => decide(place, policies))] : []),
    ...demurrage.map((when) => step(when, ({ communityId }) => runDue(communityId))),
    ...purchases.map(({ when, from, ...spending }) =>
      step(when, ({ operator, member, id }) =>
        buyForTreasury(operator, { id: id(`purchase ${when}`), memberId: member(from).memberId, ...spending }),
      ),
    ),
    ...karma.map(({ when, member: name, ...award }) =>
      step(when, ({ operator, member, id }) => {
        const { memberId } = member(name);
        return awardKarma(operator, { id: id(`karma ${when}`), memberId, cause: 'COMMUNITY_WORK', ...award });
      }),
    ),
  ];
}

/** Decides once: the audit log would have it twice. */
async function decide({ communityId, operator }: Place, { policiesAt, reason }: NonNullable<Economy['policies']>) {
  const policies = policiesAt(clock.now());
  const community = await prisma.community.findFirstOrThrow({ where: { id: communityId }, select: { policies: true } });
  const stands = policiesOf(community);
  const isDecided = Object.entries(policies).every(([name, value]) => stands[name as keyof typeof stands] === value);
  if (!isDecided) await changePolicies(operator, { policies, reason });
}

type TradeStep = { when: When; act: Step['act'] };
function tradeSteps(trade: DemoTrade): TradeStep[] {
  const { listing, buyer, provider, by = 'buyer', payment, quantity = 1, note } = trade;
  const { proposed, agreed, delivered, completed, answered, dispute } = trade;
  const [proposer, answerer] = by === 'buyer' ? [buyer, provider] : [provider, buyer];
  const idIn = ({ id }: Place) => id(`trade ${proposed} ${listing}`);
  const steps: TradeStep[] = [];
  const then = (
    when: When | undefined,
    name: string,
    act: (viewer: Member, tradeId: string, place: Place) => unknown,
  ) => when && steps.push({ when, act: async (place) => act(place.member(name), idIn(place), place) });

  then(proposed, proposer, (viewer, id, place) =>
    proposeTrade(viewer, { id, listingId: place.listing(listing), payment, quantity, note }),
  );
  then(agreed, answerer, (viewer, tradeId) => agreeTrade(viewer, { tradeId, version: 1 }));
  then(delivered, provider, (viewer, tradeId) => markDelivered(viewer, { tradeId }));
  if (completed) {
    const { when, ...given } = completed;
    if (payment.globalCurrency)
      for (const name of [buyer, provider])
        then(when, name, (viewer, tradeId) => confirmGlobalPart(viewer, { tradeId }));
    then(when, buyer, (viewer, tradeId) => completeTrade(viewer, { tradeId, ...given }));
  }
  then(answered?.when, provider, (viewer, tradeId) => reviewTrade(viewer, { tradeId, review: answered!.review }));
  if (dispute) {
    const disputeId = ({ id }: Place) => id(`dispute ${dispute.when} ${listing}`);
    then(dispute.when, dispute.by, (viewer, tradeId, place) =>
      openDispute(viewer, { id: disputeId(place), tradeId, reason: dispute.reason }),
    );
    for (const { when, by: name, text } of dispute.evidence)
      then(when, name, (viewer, _tradeId, place) =>
        addEvidence(viewer, { id: place.id(`evidence ${when}`), disputeId: disputeId(place), text, links: [] }),
      );
  }
  return steps;
}

function afterMs(when: When): number {
  const [days, hours, minutes] = when.split(/[ :]/).map(Number) as [number, number, number];
  return ((days * 24 + hours) * 60 + minutes) * 60_000;
}

/** Finds a community of the demo, with everybody and everything in it. */
export async function placeOf(communityId: string): Promise<Place> {
  const where = { communityId };
  const [members, listings] = await Promise.all([
    prisma.member.findMany({ where, take: 1000 }),
    prisma.listing.findMany({ where, select: { id: true, externalId: true }, take: 1000 }),
  ]);
  const viewers = new Map<string | null, Member>();
  for (const { id: memberId, externalId, userId, state, roles } of members)
    viewers.set(externalId, { communityId, memberId, userId: userId!, state, roles });
  const listingIds = new Map(listings.map(({ id, externalId }) => [externalId, id]));
  return {
    communityId,
    operator: [...viewers.values()].find(({ roles }) => roles.includes('OPERATOR'))!,
    member: (name) => viewers.get(name)!,
    listing: (name) => listingIds.get(name)!,
    id: (name) => uuidOf(`${communityId} ${name}`),
  };
}

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
