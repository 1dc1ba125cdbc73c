import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '../builder.ts';
import { keepCoinage } from '../coinage/upkeep.ts';
import { establish, standingOf } from '../coinage/testCoinage.ts';
import { newId } from '../ids.ts';
import { differences, moneyed } from '../ledger/testLedger.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';

let kith: TestKith;
beforeAll(async () => {
  kith = await testKith();
});
afterAll(() => kith.stop());

const TRADE =
  '__typename ... on Error { code } ... on Trade { id state paid { amount } minted { amount } held { amount } }';
const document = (name: string) =>
  `mutation ($i: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $i) { ${TRADE} } }`;
const review = (rating: number) => ({ rating, quality: 5, communication: 4, punctuality: 3, comment: 'Thank you' });
const ACCOUNT =
  '{ myAccount { balance { amount } reserved { amount } } myCoinage { remaining { amount } limitLeft { amount } } }';

async function village() {
  const { community, people } = await moneyed(kith, [10_000n, 0n]);
  const [buyer, newcomer] = people as [Person, Person];
  await kith.sql(`update communities set policies = '{"karma": true}' where id = $1`, [community.id]);
  await establish(kith, community.id, buyer);
  await keepCoinage();
  const act = async (as: Person, name: string, i: object) => {
    const { data, errors } = await kith.gql(document(name), { i }, as);
    expect(errors).toBeUndefined();
    return data[name];
  };
  const look = async (as: Person) => (await kith.gql(ACCOUNT, {}, as)).data;
  /** The newcomer sells for a price, as far as delivery. */
  const deliver = async (price: string) => {
    const counterpartId = globalId('Member', newcomer.memberId);
    const payment = { terms: 'FIXED', price };
    const proposal = { id: newId(), counterpartId, side: 'BUYER', title: 'Bread', payment };
    const { id: tradeId } = await act(buyer, 'proposeTrade', proposal);
    await act(newcomer, 'agreeTrade', { tradeId, version: 1 });
    await act(newcomer, 'markDelivered', { tradeId });
    return tradeId as string;
  };
  return { community, buyer, newcomer, act, look, deliver };
}

test('a newcomer sells to an established member: half minted, half paid, to the cent, and both gain a name', async () => {
  const { community, buyer, newcomer, act, look, deliver } = await village();
  const tradeId = await deliver('40.01');
  expect(await look(buyer)).toMatchObject({
    myAccount: { balance: { amount: '100.00' }, reserved: { amount: '40.01' } },
  });
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const REPORT = '{ coinageReport { minted { amount } pending { amount } remaining { amount } } }';
  expect((await kith.gql(REPORT, {}, operator)).data.coinageReport).toEqual({
    ...{ minted: { amount: '0.00' }, pending: { amount: '20.00' }, remaining: { amount: '100.00' } },
  });

  const done = await Promise.all([1, 2, 3].map(() => act(buyer, 'completeTrade', { tradeId, review: review(1) })));
  for (const answer of done)
    expect(answer).toMatchObject({ state: 'COMPLETED', paid: { amount: '40.01' }, minted: { amount: '20.00' } });
  expect(await look(buyer)).toMatchObject({
    myAccount: { balance: { amount: '79.99' }, reserved: { amount: '0.00' } },
    myCoinage: { limitLeft: { amount: '30.00' } },
  });
  expect(await look(newcomer)).toMatchObject({
    myAccount: { balance: { amount: '40.01' } },
    myCoinage: { remaining: { amount: '80.00' } },
  });
  expect((await kith.gql(REPORT, {}, operator)).data.coinageReport).toEqual({
    ...{ minted: { amount: '20.00' }, pending: { amount: '0.00' }, remaining: { amount: '80.00' } },
  });

  // Sealed until both have written.
  await kith.jobs();
  const WHO = 'query ($id: ID!) { member(id: $id) { reputation { score stars tradesCompleted } karma { points } } }';
  const nameOf = async ({ memberId }: Person) =>
    (await kith.gql(WHO, { id: globalId('Member', memberId) }, operator)).data.member;
  expect(await nameOf(newcomer)).toEqual({
    reputation: { score: 0, stars: null, tradesCompleted: 1 },
    karma: { points: 0 },
  });
  const REVIEW = 'mutation ($i: ReviewTradeInput!) { reviewTrade(input: $i) { __typename } }';
  const written = await kith.gql(REVIEW, { i: { tradeId, review: review(1) } }, newcomer);
  expect(written.data.reviewTrade).toEqual({ __typename: 'Review' });
  await kith.jobs();
  expect(await nameOf(newcomer)).toEqual({
    reputation: { score: 1, stars: 3.583, tradesCompleted: 1 },
    karma: { points: 1 },
  });
  expect(await nameOf(buyer)).toMatchObject({ reputation: { score: 1, tradesCompleted: 1 }, karma: { points: 1 } });
  expect(await differences(kith)).toEqual([]);
});

test('a second trade of the two is paid by the buyer alone; undone, a minted one returns coins and grant', async () => {
  const { community, buyer, newcomer, act, look, deliver } = await village();
  const first = await deliver('20.00');
  await act(buyer, 'completeTrade', { tradeId: first, review: review(1) });
  const second = await act(buyer, 'completeTrade', { tradeId: await deliver('20.00'), review: review(1) });
  expect(second).toMatchObject({ paid: { amount: '20.00' }, minted: { amount: '0.00' } });
  expect(await look(newcomer)).toMatchObject({
    ...{ myAccount: { balance: { amount: '40.00' } }, myCoinage: { remaining: { amount: '90.00' } } },
  });
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  await act(operator, 'undoTrade', { tradeId: first, reason: 'It was never delivered' });
  await kith.jobs();
  expect(await look(newcomer)).toMatchObject({
    ...{ myAccount: { balance: { amount: '20.00' } }, myCoinage: { remaining: { amount: '100.00' } } },
  });
  expect(await look(buyer)).toMatchObject({ myAccount: { balance: { amount: '80.00' } } });
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '0', '0']);
  expect(await differences(kith)).toEqual([]);
});

test('a hundred trades completed at once never mint over the grant', async () => {
  const { community, newcomer, act, look } = await village();
  await kith.sql(`update communities set policies = '{"creditLimit": 1000, "coinageBuyerLimit": 500}' where id = $1`, [
    community.id,
  ]);
  const buyers: Person[] = [];
  const trades: string[] = [];
  for (let at = 0; at < 100; at++) {
    const buyer = await kith.member(community);
    await establish(kith, community.id, buyer);
    buyers.push(buyer);
    const proposal = {
      id: newId(),
      counterpartId: globalId('Member', newcomer.memberId),
      side: 'BUYER',
      title: 'Bread',
    };
    const { id: tradeId } = await act(buyer, 'proposeTrade', { ...proposal, payment: { terms: 'AFTER' } });
    await act(newcomer, 'agreeTrade', { tradeId, version: 1 });
    await act(newcomer, 'markDelivered', { tradeId });
    trades.push(tradeId);
  }
  const done = await Promise.all(
    trades.map((tradeId, at) => act(buyers[at]!, 'completeTrade', { tradeId, amount: '3.00', review: review(1) })),
  );
  expect(done.every(({ state }) => state === 'COMPLETED')).toBe(true);
  const minted = done.reduce((sum, trade) => sum + Number(trade.minted.amount), 0);
  expect(minted).toBe(100); // 100 × 1.50 would be 150
  expect((await look(newcomer)).myCoinage.remaining).toEqual({ amount: '0.00' });
  expect(await differences(kith)).toEqual([]);
});
