import { withCommunity } from '@kith/db';
import { GraphQLError } from 'graphql';
import { leaveCommunity } from '../../api/src/communities/leaving.ts';
import { DomainError } from '../../api/src/errors.ts';
import { newId } from '../../api/src/ids.ts';
import { createListing } from '../../api/src/listings/listings.ts';
import { moveListing } from '../../api/src/listings/publication.ts';
import { fromMinor } from '../../api/src/money.ts';
import { pay } from '../../api/src/payments/payments.ts';
import { agreeTrade } from '../../api/src/trades/agreement.ts';
import { completeTrade, markDelivered } from '../../api/src/trades/completion.ts';
import { resolveDispute } from '../../api/src/trades/decisions.ts';
import { openDispute } from '../../api/src/trades/disputes.ts';
import { declineTrade, proposeTrade } from '../../api/src/trades/proposals.ts';
import { availableOf } from './figures.ts';
import { join, type OpenTrade, type World } from './world.ts';

const SCALE = 2;

/** Does something as a member would. What a rule refuses is counted; whatever else goes wrong ends the simulation. */
async function attempt(world: World, name: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await withCommunity(world.communityId, async () => void (await act()));
    world.acts.set(name, (world.acts.get(name) ?? 0) + 1);
    return true;
  } catch (error) {
    const code =
      error instanceof DomainError ? error.code : error instanceof GraphQLError ? error.extensions.code : undefined;
    if (code === undefined) throw error;
    world.refusals.set(`${name}: ${code}`, (world.refusals.get(`${name}: ${code}`) ?? 0) + 1);
    return false;
  }
}
/** A client that hears no answer sends the same again, sometimes at the same moment. */
const sent = (world: World, act: () => Promise<unknown>) =>
  world.chance.percent(10) ? Promise.all([act(), act()]) : act();

export async function grow(world: World, most: number): Promise<void> {
  const wanted = Math.max(1, Math.ceil(most / 15));
  for (let n = 0; n < wanted && world.people.length < most; n++)
    await attempt(world, 'join', () => join(world, `Member ${world.people.length}`));
}

export async function list(world: World): Promise<void> {
  for (const author of world.people.filter(({ offers }) => offers.length < 2)) {
    if (!world.chance.percent(40)) continue;
    const price = fromMinor(BigInt(world.chance.whole(200, 4000)), SCALE);
    const content = { title: `Something useful for ${price}`, payment: { terms: 'FIXED' as const, price } };
    await attempt(world, 'list', async () => {
      const { id } = await createListing(author, { kind: 'OFFER', content });
      await moveListing(author, 'publish', { id });
      author.offers.push({ id, price });
    });
  }
}

export async function payAround(world: World): Promise<void> {
  for (const payer of world.people) {
    if (!world.chance.percent(8)) continue;
    const payee = world.chance.pick(world.people);
    const amount = fromMinor(BigInt(world.chance.whole(1, 1500)), SCALE);
    const payment = { id: newId(), payeeId: payee.memberId, amount, memo: 'Thanks' };
    await attempt(world, 'pay', () => sent(world, () => pay(payer, payment)));
  }
}

export async function propose(world: World): Promise<void> {
  for (const buyer of world.people) {
    if (!world.chance.percent(25)) continue;
    const provider = world.chance.pick(world.people);
    if (!provider.offers.length) continue;
    const { id: listingId, price } = world.chance.pick(provider.offers);
    const id = newId();
    const proposal = { id, listingId, payment: { terms: 'FIXED' as const, price }, quantity: 1, note: '' };
    if (await attempt(world, 'propose', () => sent(world, () => proposeTrade(buyer, proposal))))
      world.trades.push({ id, buyer, provider, step: 'agree', day: world.day + world.chance.whole(0, 1) });
  }
}

/** Takes every trade whose day has come one step further. */
export async function goOn(world: World): Promise<void> {
  for (const trade of world.trades.filter(({ day }) => day <= world.day)) {
    const next = await step(world, trade);
    if (next) Object.assign(trade, next);
    else world.trades.splice(world.trades.indexOf(trade), 1);
  }
}
type Next = Partial<OpenTrade> | null;

async function step(world: World, trade: OpenTrade): Promise<Next> {
  const { chance, day } = world;
  const { id: tradeId, buyer, provider } = trade;
  const later = (next: OpenTrade['step'], days: number): Next => ({ step: next, day: day + days });
  switch (trade.step) {
    case 'agree': {
      const isAgreed =
        !chance.percent(12) &&
        (await attempt(world, 'agree', () => sent(world, () => agreeTrade(provider, { tradeId, version: 1 }))));
      if (isAgreed) return later('deliver', chance.whole(0, 3));
      await attempt(world, 'decline', () => declineTrade(provider, { tradeId, reason: 'Not now' }));
      return null;
    }
    case 'deliver':
      if (chance.percent(3)) return dispute(world, trade);
      await attempt(world, 'deliver', () => markDelivered(provider, { tradeId }));
      return chance.percent(8) ? later('silence', 8) : later('complete', chance.whole(0, 2));
    case 'complete': {
      if (chance.percent(4)) return dispute(world, trade);
      const stars = chance.whole(3, 5);
      const review = { rating: stars > 3 ? 1 : 0, quality: stars, communication: 5, punctuality: stars, comment: '' };
      await attempt(world, 'complete', () => sent(world, () => completeTrade(buyer, { tradeId, review })));
      return null;
    }
    case 'silence':
      return null;
    case 'resolve': {
      const outcome = chance.pick(['REFUND', 'RELEASE'] as const);
      const decision = { disputeId: trade.disputeId!, outcome, reason: 'Heard both' };
      await attempt(world, 'resolve', () => resolveDispute(world.moderator, decision));
      return null;
    }
  }
}

async function dispute(world: World, { id: tradeId, buyer }: OpenTrade): Promise<Next> {
  const id = newId();
  const opened = await attempt(world, 'dispute', () => openDispute(buyer, { id, tradeId, reason: 'Not as agreed' }));
  return opened ? { step: 'resolve', day: world.day + world.chance.whole(1, 4), disputeId: id } : null;
}

/** Some go: what they have they give to somebody who stays. */
export async function leave(world: World): Promise<void> {
  for (const person of [...world.people]) {
    if (person.joinedOn > world.day - 10 || !world.chance.percent(1)) continue;
    const heir = world.chance.pick(world.people.filter((other) => other !== person));
    const left = await availableOf(person);
    if (left > 0n)
      await attempt(world, 'bequeath', () =>
        pay(person, { id: newId(), payeeId: heir.memberId, amount: fromMinor(left, SCALE), memo: 'Goodbye' }),
      );
    if (await attempt(world, 'leave', () => leaveCommunity(person)))
      world.people.splice(world.people.indexOf(person), 1);
  }
}
