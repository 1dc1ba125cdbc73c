import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../test/listing.ts';
import { testKith, type Person, type TestKith } from '../../../test/kit.ts';
import { establish, sell } from '../coinage/testCoinage.ts';
import { inCommunity } from '../db.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { differences, moneyed } from '../ledger/testLedger.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

async function act(as: Person, name: string, i: object) {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
  const document = `mutation ($i: ${type}) { done: ${name}(input: $i) { __typename ... on Error { code } } }`;
  const { data, errors } = await kith.gql(document, { i }, as);
  expect([name, errors]).toEqual([name, undefined]);
  expect([name, data.done.code]).toEqual([name, undefined]);
}
const idOf = (person: Person) => globalId('Member', person.memberId);
const pay = async (from: Person, to: Person, amount: string, more: object = {}) => {
  const id = newId();
  await act(from, 'pay', { id, payeeId: idOf(to), amount, memo: 'secret', ...more });
  return id;
};

/** Rows of the community in which the word still stands, queued jobs included. */
async function traces(id: string) {
  const found = [];
  for (const table of ['journal_entries', 'payment_requests', 'notifications', 'events', 'audit_log'])
    if ((await kith.sql(`select from ${table} t where community_id = $1 and t::text ~* 'secret'`, [id])).length)
      found.push(table);
  return found;
}
const moved = (communityId: string) =>
  kith.sql(
    `select e.id, e.kind, e.content_hash, e.posted_at, p.account_id, p.amount, p.balance_after from journal_entries e
     join postings p on p.community_id = e.community_id and p.entry_id = e.id where e.community_id = $1 order by p.seq`,
    [communityId],
  );

test('what who is erased wrote to payments goes, also for others and into requests; every amount stays as it was posted', async () => {
  const { community, people } = await moneyed(kith, [10_000n, 10_000n]);
  const [anna, boris] = people as [Person, Person];
  await kith.sql("update members set display_name = 'Anna Secret', roles = '{MEMBER,BROKER}' where id = $1", [
    anna.memberId,
  ]);
  const olga = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  await pay(anna, boris, '30');
  await pay(anna, olga, '1', { payerId: idOf(boris) });
  const paid = await pay(boris, anna, '5', { memo: 'The words of Boris' });
  await act(anna, 'refundPayment', { id: newId(), entryId: globalId('JournalEntry', paid), memo: 'secret' });
  const [asked, other] = [newId(), newId()];
  await act(anna, 'requestPayment', { id: asked, payerId: idOf(boris), amount: '2', memo: 'secret' });
  await act(boris, 'acceptPaymentRequest', { requestId: globalId('PaymentRequest', asked) });
  await act(boris, 'requestPayment', { id: other, payerId: idOf(anna), amount: '3', memo: 'The words of Boris' });
  await act(anna, 'declinePaymentRequest', { requestId: globalId('PaymentRequest', other), reason: 'secret' });
  await act(anna, 'setPaymentRule', { payeeId: idOf(boris), afterDays: 3 });
  await kith.jobs();
  expect(await traces(community.id)).toEqual(['journal_entries', 'payment_requests', 'notifications']);
  // What is left goes to the operator, who keeps their own words.
  await pay(anna, olga, '72');
  const before = await moved(community.id);
  await act(olga, 'eraseMember', { memberId: idOf(anna), reason: 'She asked.' });
  expect(await traces(community.id)).toEqual([]);
  expect(await moved(community.id)).toEqual(before);
  const memos = await kith.sql('select distinct memo from journal_entries where community_id = $1 order by 1', [
    community.id,
  ]);
  expect(memos.map(({ memo }) => memo)).toEqual(['', 'The words of Boris']);
  expect(
    await kith.sql('select memo, reason from payment_requests where community_id = $1 order by memo', [community.id]),
  ).toEqual([
    { memo: '', reason: null },
    { memo: 'The words of Boris', reason: null },
  ]);
  expect(await kith.sql('select from payment_rules where community_id = $1', [community.id])).toEqual([]);
});

test('words of an entry go and nothing else of it does, not even for the owner of the tables', async () => {
  const { community, people } = await moneyed(kith, [100n, 0n]);
  const [anna, boris] = people as [Person, Person];
  const id = await pay(anna, boris, '1', { memo: 'Eggs' });
  for (const change of ["memo = 'Ham'", "memo = '', kind = 'FEE'", "memo = '', actor_id = null", "kind = 'FEE'"])
    await expect(kith.sql(`update journal_entries set ${change} where id = $1`, [id]), change).rejects.toMatchObject({
      code: 'KL014',
    });
  await kith.sql(
    "select set_config('app.community_id', $1, false), ledger.erase_memos(array(select id from journal_entries))",
    [community.id],
  );
  expect(await kith.sql('select memo from journal_entries where id = $1', [id])).toEqual([{ memo: '' }]);
});

test('a line about money that waits while the person it names is erased is never told', async () => {
  const { community, people } = await moneyed(kith, [500n, 0n]);
  const [anna, boris] = people as [Person, Person];
  const olga = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const entry = await pay(anna, boris, '5');
  const request = newId();
  await act(boris, 'requestPayment', { id: request, payerId: idOf(anna), amount: '1', memo: 'Eggs' });
  await kith.jobs();
  await act(olga, 'eraseMember', { memberId: idOf(anna), reason: 'She asked.' });
  const about = [
    { type: 'JournalEntry', id: entry },
    { type: 'PaymentRequest', id: request },
    { type: 'Member', id: anna.memberId },
    { type: 'Member', id: boris.memberId },
  ];
  const notices = about.map((subject, at) => ({
    ...{ memberId: boris.memberId, kind: 'test', key: `late:${at}`, title: `${subject.type} ${at}`, subject },
  }));
  await inCommunity(community.id, (tx) => enqueue(tx, 'notify', { communityId: community.id, notices }));
  await kith.jobs();
  expect(await kith.sql('select title from notifications where community_id = $1', [community.id])).toEqual([
    { title: 'Member 3' },
  ]);
});

test('a member takes with them their money, their coinage and their name, and nothing that is others’', async () => {
  const { community, people } = await moneyed(kith, [10_000n, 0n]);
  const [anna, boris] = people as [Person, Person];
  const olga = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.sql(`update communities set policies = '{"karma": true}' where id = $1`, [community.id]);
  await establish(kith, community.id, anna, 20);
  const grant = { id: newId(), memberId: idOf(boris), amount: '100', reason: 'Welcome' };
  await act(olga, 'grantCoinage', grant);
  const award = { id: newId(), memberId: idOf(boris), cause: 'COMMUNITY_WORK', points: 7, reason: 'Swept the square' };
  await act(olga, 'awardKarma', award);
  const minted = await sell({
    communityId: community.id,
    buyerId: anna.memberId,
    providerId: boris.memberId,
    price: 4001n,
  });
  expect(minted).toBe(2000n);
  await pay(boris, olga, '1.50');
  const request = newId();
  await act(boris, 'requestPayment', { id: request, payerId: idOf(anna), amount: '2', memo: 'Eggs' });
  await act(boris, 'setPaymentRule', { payeeId: idOf(anna), afterDays: 3, amountMost: '9.5' });
  await act(anna, 'pay', { id: newId(), payeeId: idOf(olga), amount: '7.77', memo: 'Between the others' });

  const { data } = await kith.gql('{ exportMyData }', {}, boris);
  const mine = data.exportMyData;
  expect(mine.accounts).toMatchObject([
    {
      ...{ currencyCode: 'TEST', balance: '38.51', reserved: '0.00', creditLimit: '0.00', ceiling: null },
      statement: [
        { kind: 'PAYMENT', memo: 'secret', amount: '-1.50', balanceAfter: '38.51', counterpartyId: olga.memberId },
        { kind: 'TRADE', amount: '40.01', balanceAfter: '40.01', counterpartyId: anna.memberId },
      ],
    },
  ]);
  expect(mine.paymentRequests).toMatchObject([{ amount: '2.00', memo: 'Eggs', state: 'OPEN' }]);
  expect(mine.paymentRules).toMatchObject([{ payeeId: anna.memberId, afterDays: 3, amountMost: '9.50' }]);
  expect(mine.coinage).toMatchObject({
    grants: [{ cause: 'OPERATOR', amount: '100.00', reason: 'Welcome' }],
    standing: { granted: '100.00', minted: '20.00', expired: '0.00' },
    founder: null,
    mints: [{ amount: '20.00', buyerId: anna.memberId, voidedAt: null }],
  });
  expect(mine.karmaAwards).toMatchObject([{ cause: 'COMMUNITY_WORK', points: 7, reason: 'Swept the square' }]);
  expect(mine.reputation).toBeNull();
  expect(JSON.stringify(mine)).not.toMatch(/7\.77|Between the others|grantedBy|awardedBy|actorId|contentHash/);
  const { data: hers } = await kith.gql('{ exportMyData }', {}, anna);
  expect(hers.exportMyData.reputation).toMatchObject({ scoreMilli: 20_000 });
  expect(hers.exportMyData.paymentRequests).toMatchObject([{ amount: '2.00', acceptAt: null }]);
  expect(hers.exportMyData.coinage.mints).toHaveLength(1);
});
