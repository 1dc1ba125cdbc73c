import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { globalId, inner, listing } from '../../../test/listing.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { newId } from '../ids.ts';
import { differences, moneyed } from '../ledger/testLedger.ts';
import { doing, FIXED, memberId } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

describe('about a listing', () => {
  const stock = async (id: string) =>
    (await kith.sql('select state, quantity from listings where id = $1', [inner(id)]))[0];
  async function shop(quantity: number, kind = 'OFFER') {
    const world = await moneyed(kith, [10_000n, 10_000n, 10_000n]);
    const author = world.people[0]!;
    const listingId = await listing(kith, author, { kind: kind as 'OFFER', title: 'Chairs', quantity });
    return { ...world, act: doing(kith), author, listingId };
  }

  test('the stock goes down at agreement and comes back on cancel; at nothing it is fulfilled', async () => {
    const { act, author, people, listingId } = await shop(3);
    const open = async (quantity: number) =>
      act(people[1]!, 'proposeTrade', { id: newId(), listingId, payment: FIXED('5'), quantity });
    const [two, one] = [await open(2), await open(1)];
    expect(two).toMatchObject({ title: 'Chairs', viewerSide: 'BUYER' });
    expect(await open(4)).toMatchObject({ code: 'OUT_OF_STOCK' });
    await act(author, 'agreeTrade', { tradeId: two.id, version: 1 });
    expect(await stock(listingId)).toEqual({ state: 'PUBLISHED', quantity: 1 });
    await act(author, 'agreeTrade', { tradeId: one.id, version: 1 });
    expect(await stock(listingId)).toEqual({ state: 'FULFILLED', quantity: 0 });
    await act(author, 'cancelTrade', { tradeId: two.id });
    expect(await stock(listingId)).toEqual({ state: 'PUBLISHED', quantity: 2 });
    await act(author, 'cancelTrade', { tradeId: one.id });
    await act(author, 'cancelTrade', { tradeId: one.id });
    expect(await stock(listingId)).toEqual({ state: 'PUBLISHED', quantity: 3 });
  });

  test('its author is the provider of an offer and the buyer of a want; others see only what is published', async () => {
    const { act, people, author, listingId } = await shop(1, 'WANT');
    const id = newId();
    expect(await act(people[1]!, 'proposeTrade', { id, listingId, payment: FIXED('5') })).toMatchObject({
      viewerSide: 'PROVIDER',
    });
    await expect(
      act(people[1]!, 'proposeTrade', { id: newId(), listingId, side: 'BUYER', payment: FIXED('5') }),
    ).rejects.toThrow('BAD_USER_INPUT');
    await expect(act(author, 'proposeTrade', { id: newId(), listingId, payment: FIXED('5') })).rejects.toThrow(
      'BAD_USER_INPUT',
    );
    await kith.sql("update listings set state = 'PAUSED' where id = $1", [inner(listingId)]);
    await expect(act(people[2]!, 'proposeTrade', { id: newId(), listingId, payment: FIXED('5') })).rejects.toThrow(
      'NOT_FOUND',
    );
    expect(
      await act(author, 'proposeTrade', {
        id: newId(),
        listingId,
        counterpartId: memberId(people[2]!),
        payment: FIXED('5'),
      }),
    ).toMatchObject({ viewerSide: 'BUYER' });
    await kith.sql("update listings set state = 'WITHDRAWN' where id = $1", [inner(listingId)]);
    const agreed = await act(author, 'agreeTrade', { tradeId: globalId('Trade', id), version: 1 });
    expect(agreed).toMatchObject({ code: 'LISTING_UNAVAILABLE' });
  });

  test('the last one is taken once, however many agree at once', async () => {
    const { act, author, people, listingId } = await shop(1);
    const trades = await Promise.all(
      [people[1]!, people[2]!].map((buyer) =>
        act(buyer, 'proposeTrade', { id: newId(), listingId, payment: FIXED('5') }),
      ),
    );
    const done = await Promise.all(trades.map(({ id }) => act(author, 'agreeTrade', { tradeId: id, version: 1 })));
    expect(done.map(({ code, state }) => code ?? state).sort()).toEqual(['AGREED', 'LISTING_UNAVAILABLE']);
    expect(await stock(listingId)).toEqual({ state: 'FULFILLED', quantity: 0 });
  });

  test('a suggestion says who is who, and is accepted by the proposal', async () => {
    const { act, author, people, community, listingId } = await shop(2);
    const wanter = people[1]!;
    const wantId = await listing(kith, wanter, { kind: 'WANT', title: 'A chair', quantity: 1 });
    const suggestionId = newId();
    await kith.sql(
      `insert into suggestions (community_id, id, want_id, offer_id, wanter_id, provider_id, score, parts, reasons)
       values ($1, $2, $3, $4, $5, $6, 0.5, '{}', '[]')`,
      [community.id, suggestionId, inner(wantId), inner(listingId), wanter.memberId, author.memberId],
    );
    const input = { id: newId(), suggestionId: globalId('Suggestion', suggestionId), payment: FIXED('5') };
    await expect(act(people[2]!, 'proposeTrade', input)).rejects.toThrow('NOT_FOUND');
    const trade = await act(wanter, 'proposeTrade', input);
    expect(trade).toMatchObject({ state: 'PROPOSED', viewerSide: 'BUYER', title: 'Chairs' });
    expect(
      await kith.sql('select wanter_state, provider_state from suggestions where id = $1', [suggestionId]),
    ).toEqual([{ wanter_state: 'ACCEPTED', provider_state: 'OPEN' }]);
    await act(author, 'agreeTrade', { tradeId: trade.id, version: 1 });
    expect(await stock(listingId)).toEqual({ state: 'PUBLISHED', quantity: 1 });
    expect(await stock(wantId)).toEqual({ state: 'FULFILLED', quantity: 0 });
    expect(await act(author, 'proposeTrade', { ...input, id: newId() })).toMatchObject({ code: 'LISTING_UNAVAILABLE' });
  });
});
