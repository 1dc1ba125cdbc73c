import { expect } from 'vitest';
import { newId } from '../api/src/ids.ts';
import type { Frontend } from './frontend.ts';

// The trades of the story in story.test.ts, each from a want and an offer to its end, with every amount on the way.

type Pair = [buyer: Frontend, provider: Frontend];
export const money = (amount: string) => ({ amount });
const euros = (amount: string) => ({ amount, currencyCode: 'EUR' });
const stars = (rating: number, quality: number, communication: number, punctuality: number) => ({
  ...{ rating, quality, communication, punctuality, comment: 'As agreed.' },
});

async function holds(who: Frontend, balance: string, reserved: string, available: string) {
  const { myAccount } = await who.ask('{ myAccount { balance { amount } reserved { amount } available { amount } } }');
  expect([myAccount.balance.amount, myAccount.reserved.amount, myAccount.available.amount]).toEqual([
    ...[balance, reserved, available],
  ]);
}

/** What happens to a trade is heard by both, as it happens. */
async function both([one, other]: Pair, what: string, state: string) {
  for (const who of [one, other]) expect(await who.hears('tradeChanged')).toMatchObject({ what, trade: { state } });
}
/** What an entry made of the account is heard, too; holding money is not an entry. */
export async function entered(who: Frontend, kind: string, balance: string) {
  for (;;) {
    const { entry, accounts } = await who.hears('accountChanged');
    if (entry) return expect([entry.kind, accounts[0].balance.amount]).toEqual([kind, balance]);
  }
}

/** A want and an offer are published; both hear of each other at once. Answers the suggestion. */
async function suggested([wanter, provider]: Pair, title: string, payment: object): Promise<string> {
  for (const [who, kind] of [
    [wanter, 'WANT'],
    [provider, 'OFFER'],
  ] as const) {
    const { id } = await who.act('createListing', { kind, title, payment });
    expect(await who.act('publishListing', { id })).toMatchObject({ state: 'PUBLISHED' });
  }
  const { suggestion: asked } = await wanter.hears('suggestionFound');
  const { suggestion: given } = await provider.hears('suggestionFound');
  const pair = { want: { title }, offer: { title } };
  expect(asked).toMatchObject({ ...pair, viewerSide: 'WANTER', counterpart: { id: provider.id } });
  expect(given).toEqual({ ...asked, viewerSide: 'PROVIDER', counterpart: { id: wanter.id } });
  return asked.id as string;
}

const REVIEWS = `query ($id: ID!, $subject: ID!) { trade(id: $id) { reviews { side isSealed } }
  memberReviews(memberId: $subject) { totalCount } }`;
/** Both write; what one has written is theirs alone until the other has. The buyer's came with completing. */
async function reviewed([buyer, provider]: Pair, tradeId: string, review: object) {
  const read = async (who: Frontend) => {
    const { trade, memberReviews } = await who.ask(REVIEWS, { id: tradeId, subject: provider.id });
    return { reviews: trade.reviews, open: memberReviews.totalCount as number };
  };
  const sealed = await read(provider);
  expect(sealed.reviews).toEqual([]);
  expect(await read(buyer)).toEqual({ reviews: [{ side: 'BUYER', isSealed: true }], open: sealed.open });
  expect(await provider.act('reviewTrade', { tradeId, review })).toMatchObject({ isSealed: false });
  await both([buyer, provider], 'review.unsealed', 'COMPLETED');
  const reviews = [
    { side: 'BUYER', isSealed: false },
    { side: 'PROVIDER', isSealed: false },
  ];
  for (const who of [buyer, provider]) expect(await read(who)).toEqual({ reviews, open: sealed.open + 1 });
}

/** FIXED: held at agreement, and of the newcomer's price half is minted, half is paid. */
export async function fixed(buyer: Frontend, provider: Frontend) {
  const pair: Pair = [buyer, provider];
  const payment = { terms: 'FIXED', price: '40.01' };
  const suggestionId = await suggested(pair, 'Bicycle repair', payment);
  const OUTLOOK =
    'query ($id: ID!) { coinageWith(memberId: $id, price: "40.01") { buying { minted { amount } obstacles { code } } } }';
  const outlook = (await buyer.ask(OUTLOOK, { id: provider.id })).coinageWith.buying;
  expect(outlook).toEqual({ minted: money('20.00'), obstacles: [] });
  const trade = await buyer.act('proposeTrade', { id: newId(), suggestionId, payment });
  expect(trade).toMatchObject({ state: 'PROPOSED', viewerSide: 'BUYER', title: 'Bicycle repair', suggestionId });
  await both(pair, 'trade.proposed', 'PROPOSED');
  const { id: tradeId, version } = trade;
  expect(await provider.act('agreeTrade', { tradeId, version })).toMatchObject({ held: money('40.01') });
  await both(pair, 'trade.agreed', 'AGREED');
  await holds(buyer, '0.00', '40.01', '59.99');
  expect(await provider.act('markDelivered', { tradeId })).toMatchObject({ state: 'DELIVERED', minted: money('0.00') });
  await both(pair, 'trade.delivered', 'DELIVERED');
  const done = await buyer.act('completeTrade', { tradeId, review: stars(1, 5, 4, 3) });
  expect(done).toMatchObject({ state: 'COMPLETED', paid: money('40.01'), minted: money('20.00') });
  await both(pair, 'trade.completed', 'COMPLETED');
  await entered(buyer, 'TRADE', '-20.01');
  await entered(provider, 'TRADE', '40.01');
  await holds(buyer, '-20.01', '0.00', '79.99');
  await holds(provider, '40.01', '0.00', '140.01');
  await reviewed(pair, tradeId, stars(1, 5, 5, 5));
}

/** AFTER: nothing is held, and the buyer says at the end what it was worth. Another newcomer, so that half is minted again. */
export async function after(buyer: Frontend, provider: Frontend) {
  const pair: Pair = [buyer, provider];
  const payment = { terms: 'AFTER', price: '10.00', priceTo: '20.00' };
  const suggestionId = await suggested(pair, 'Guitar lesson', payment);
  const { id: tradeId } = await provider.act('proposeTrade', { id: newId(), suggestionId, payment });
  await both(pair, 'trade.proposed', 'PROPOSED');
  expect(await buyer.act('agreeTrade', { tradeId, version: 1 })).toMatchObject({ state: 'AGREED', held: null });
  await both(pair, 'trade.agreed', 'AGREED');
  await provider.act('markDelivered', { tradeId });
  await both(pair, 'trade.delivered', 'DELIVERED');
  const done = await buyer.act('completeTrade', { tradeId, amount: '15.55', review: stars(1, 5, 5, 4) });
  expect(done).toMatchObject({ state: 'COMPLETED', paid: money('15.55'), minted: money('7.77') });
  await both(pair, 'trade.completed', 'COMPLETED');
  await entered(buyer, 'TRADE', '-27.79');
  await entered(provider, 'TRADE', '15.55');
  await reviewed(pair, tradeId, stars(1, 5, 5, 5));
}

/** SPLIT: the provider asks for more on both sides, and the euros change hands outside. */
export async function split(buyer: Frontend, provider: Frontend) {
  const pair: Pair = [buyer, provider];
  const payment = { terms: 'SPLIT', price: '10.00', globalPrice: '5.00', globalCurrency: 'EUR' };
  const suggestionId = await suggested(pair, 'Kitchen table', payment);
  const { id: tradeId } = await buyer.act('proposeTrade', { id: newId(), suggestionId, payment });
  await both(pair, 'trade.proposed', 'PROPOSED');
  const more = { ...payment, price: '12.50', globalPrice: '6.00' };
  const countered = await provider.act('counterTrade', { tradeId, version: 1, payment: more, note: 'It is oak.' });
  const terms = { side: 'PROVIDER', price: money('12.50'), globalPrice: euros('6.00') };
  expect(countered).toMatchObject({ state: 'PROPOSED', version: 2, terms });
  await both(pair, 'trade.countered', 'PROPOSED');
  expect(await buyer.act('agreeTrade', { tradeId, version: 1 })).toMatchObject({ code: 'TRADE_CHANGED' });
  expect(await buyer.act('agreeTrade', { tradeId, version: 2 })).toMatchObject({ held: money('12.50') });
  await both(pair, 'trade.agreed', 'AGREED');
  await holds(buyer, '40.01', '12.50', '127.51');
  await provider.act('markDelivered', { tradeId });
  await both(pair, 'trade.delivered', 'DELIVERED');
  await paidOutside(pair, tradeId, stars(-1, 2, 2, 2));
  const done = await buyer.act('completeTrade', { tradeId, review: stars(-1, 2, 2, 2) });
  expect(done).toMatchObject({ state: 'COMPLETED', paid: money('12.50'), minted: money('0.00') });
  await both(pair, 'trade.completed', 'COMPLETED');
  await entered(buyer, 'TRADE', '27.51');
  await entered(provider, 'TRADE', '-15.29');
  await reviewed(pair, tradeId, stars(1, 5, 5, 5));
}

/** COST_PLUS: the work is paid here, the materials outside by what they cost in the end. */
export async function costPlus(buyer: Frontend, provider: Frontend) {
  const pair: Pair = [buyer, provider];
  const payment = { terms: 'COST_PLUS', price: '6.00', globalPrice: '12.50', globalCurrency: 'EUR' };
  const suggestionId = await suggested(pair, 'Painted fence', payment);
  const { id: tradeId } = await buyer.act('proposeTrade', { id: newId(), suggestionId, payment });
  await both(pair, 'trade.proposed', 'PROPOSED');
  await provider.act('agreeTrade', { tradeId, version: 1 });
  await both(pair, 'trade.agreed', 'AGREED');
  const delivered = await provider.act('markDelivered', { tradeId, globalCost: '11.90' });
  expect(delivered).toMatchObject({ state: 'DELIVERED', globalCost: euros('11.90') });
  await both(pair, 'trade.delivered', 'DELIVERED');
  await paidOutside(pair, tradeId, stars(0, 3, 3, 3));
  const done = await buyer.act('completeTrade', { tradeId, review: stars(0, 3, 3, 3) });
  expect(done).toMatchObject({ state: 'COMPLETED', paid: money('6.00'), minted: money('0.00') });
  await both(pair, 'trade.completed', 'COMPLETED');
  await entered(buyer, 'TRADE', '9.55');
  await entered(provider, 'TRADE', '33.51');
  await reviewed(pair, tradeId, stars(1, 4, 4, 4));
}

/** The part in global currency was paid: both say so, and before that the trade is not completed. */
async function paidOutside(pair: Pair, tradeId: string, review: object) {
  for (const who of pair) {
    expect(await pair[0].act('completeTrade', { tradeId, review })).toMatchObject({ code: 'GLOBAL_PART_UNCONFIRMED' });
    expect(await who.act('confirmGlobalPart', { tradeId })).toMatchObject({ state: 'DELIVERED' });
    await both(pair, 'trade.globalConfirmed', 'DELIVERED');
  }
}

interface Quarrel {
  buyer: Frontend;
  provider: Frontend;
  operator: Frontend;
  moderator: Frontend;
}
/** A moderator parts the money, the provider appeals, another moderator parts it anew, and that is the end of it. */
export async function disputed({ buyer, provider, operator, moderator }: Quarrel) {
  const pair: Pair = [buyer, provider];
  const payment = { terms: 'FIXED', price: '8.00' };
  const suggestionId = await suggested(pair, 'Garden shed', payment);
  const { id: tradeId } = await buyer.act('proposeTrade', { id: newId(), suggestionId, payment });
  await both(pair, 'trade.proposed', 'PROPOSED');
  await provider.act('agreeTrade', { tradeId, version: 1 });
  await both(pair, 'trade.agreed', 'AGREED');
  await provider.act('markDelivered', { tradeId });
  await both(pair, 'trade.delivered', 'DELIVERED');
  const opened = await buyer.act('openDispute', { id: newId(), tradeId, reason: 'The roof leaks.' });
  expect(opened).toMatchObject({ state: 'OPEN', trade: { state: 'DISPUTED', held: money('8.00') } });
  await both(pair, 'trade.disputed', 'DISPUTED');
  const { id: disputeId } = opened;
  for (const [who, text, links] of [
    [buyer, 'It rained in on Sunday.', ['https://pictures.example/roof']],
    [provider, 'It was dry on Friday.', []],
  ] as const) {
    await who.act('addEvidence', { id: newId(), disputeId, text, links });
    await both(pair, 'trade.evidenceAdded', 'DISPUTED');
  }
  await holds(buyer, '9.51', '8.00', '101.51');

  const WAITING = '{ disputeList(filter: { states: [OPEN] }) { items { id evidence { side text links } } } }';
  const [waiting] = (await operator.ask(WAITING)).disputeList.items;
  expect(waiting).toEqual({
    id: disputeId,
    evidence: [
      { side: 'BUYER', text: 'It rained in on Sunday.', links: ['https://pictures.example/roof'] },
      { side: 'PROVIDER', text: 'It was dry on Friday.', links: [] },
    ],
  });
  const decide = (who: Frontend, amount: string, reason: string) =>
    who.act('resolveDispute', { disputeId, outcome: 'SPLIT', amount, reason });
  const decided = await decide(operator, '3.00', 'Half a roof is less than half a shed.');
  expect(decided).toMatchObject({ state: 'RESOLVED', trade: { state: 'RESOLVED', paid: money('3.00') } });
  await both(pair, 'trade.resolved', 'RESOLVED');
  await entered(buyer, 'TRADE', '6.51');
  await entered(provider, 'TRADE', '36.23');
  await holds(buyer, '6.51', '0.00', '106.51');

  const appeal = { disputeId, reason: 'The roof was never asked for.' };
  expect(await provider.act('appealDispute', appeal)).toMatchObject({ state: 'APPEALED', held: money('3.00') });
  await both(pair, 'trade.appealed', 'DISPUTED');
  await holds(buyer, '6.51', '5.00', '101.51');
  await holds(provider, '36.23', '3.00', '133.23');
  expect(await decide(operator, '4.50', 'Again.')).toMatchObject({ code: 'NOT_IMPARTIAL' });
  expect(await decide(moderator, '4.50', 'A roof was asked for, though not a good one.')).toMatchObject({
    ...{ state: 'CLOSED', trade: { state: 'RESOLVED', paid: money('4.50') } },
    decisions: [
      { round: 1, outcome: 'SPLIT', amount: money('3.00') },
      { round: 2, outcome: 'SPLIT', amount: money('4.50') },
    ],
  });
  await both(pair, 'trade.resolved', 'RESOLVED');
  expect(await buyer.act('appealDispute', { disputeId, reason: 'No.' })).toMatchObject({ code: 'DISPUTE_CLOSED' });
  await holds(buyer, '5.01', '0.00', '105.01');
  await holds(provider, '37.73', '0.00', '137.73');
}
