import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { globalId } from '../../../test/listing.ts';
import { inCommunity } from '../db.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs.ts';
import { differences } from '../ledger/testLedger.ts';
import { dealing, doing, FIXED, memberId, proposal, stars } from './testTrades.ts';

let kith: TestKith;
beforeAll(async () => void (kith = await testKith()));
afterEach(async () => expect(await differences(kith)).toEqual([]));
afterAll(() => kith.stop());

const erase = async (as: { token: string; community: string }, of: string) => {
  const document =
    'mutation ($i: EraseMemberInput!) { eraseMember(input: $i) { __typename ... on Error { code message } } }';
  const { data, errors } = await kith.gql(document, { i: { memberId: of, reason: 'Asked' } }, as);
  expect(errors ?? data.eraseMember).toEqual({ __typename: 'Member' });
};
async function traces(id: string) {
  const found = [];
  for (const table of [
    ...['trades', 'trade_proposals', 'reviews', 'disputes', 'dispute_evidence', 'dispute_decisions'],
    ...['journal_entries', 'notifications', 'events', 'audit_log'],
  ])
    if ((await kith.sql(`select from ${table} t where community_id = $1 and t::text ~* 'secret'`, [id])).length)
      found.push(table);
  return found;
}

test('nothing that a side wrote in a trade, its review or its dispute is left when they are erased; what was decided and paid is', async () => {
  const { community, buyer, provider, tradeId } = await dealing(kith, {
    funds: 4000n,
    more: { title: 'Secret bread', note: 'secret' },
  });
  const act = doing(kith);
  const olga = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const mona = await kith.member(community, { roles: ['MEMBER', 'MODERATOR'] });
  const declined = proposal(provider, FIXED('1.00'), { title: 'Secret eggs', note: 'secret' });
  await act(buyer, 'proposeTrade', declined);
  await act(buyer, 'cancelTrade', { tradeId: globalId('Trade', declined.id), reason: 'secret' });
  const dispute = newId();
  await act(buyer, 'openDispute', { id: dispute, tradeId, reason: 'secret' });
  const disputeId = globalId('Dispute', dispute);
  const evidence = { id: newId(), disputeId, text: 'secret', links: ['https://secret.example'] };
  await act(buyer, 'addEvidence', evidence);
  await act(provider, 'addEvidence', { id: newId(), disputeId, text: 'The words of the provider', links: [] });
  await act(olga, 'resolveDispute', { disputeId, outcome: 'SPLIT', amount: '10.00', reason: 'Half of it came' });
  await act(buyer, 'appealDispute', { disputeId, reason: 'secret' });
  await act(mona, 'resolveDispute', { disputeId, outcome: 'RELEASE', reason: 'All of it came' });
  await act(buyer, 'reviewTrade', { tradeId, review: stars({ comment: 'secret' }) });
  await kith.jobs();
  expect(await traces(community.id)).toEqual([
    ...['trades', 'trade_proposals', 'reviews', 'disputes', 'dispute_evidence', 'journal_entries', 'notifications'],
  ]);
  const postings = () =>
    kith.sql('select entry_id, amount, balance_after from postings where community_id = $1 order by seq', [
      community.id,
    ]);
  const before = await postings();
  await erase(olga, memberId(buyer));
  expect(await traces(community.id)).toEqual([]);
  expect(await postings()).toEqual(before);
  expect(
    await kith.sql('select text from dispute_evidence where community_id = $1 order by side', [community.id]),
  ).toEqual([{ text: '—' }, { text: 'The words of the provider' }]);
  expect(
    await kith.sql(
      'select round, outcome, amount, reason from dispute_decisions where community_id = $1 order by round',
      [community.id],
    ),
  ).toEqual([
    { round: 1, outcome: 'SPLIT', amount: '1000', reason: 'Half of it came' },
    { round: 2, outcome: 'RELEASE', amount: '4000', reason: 'All of it came' },
  ]);
  expect(
    await kith.sql('select state, paid, title, end_reason from trades where community_id = $1 order by state', [
      community.id,
    ]),
  ).toEqual([
    { state: 'CANCELLED', paid: null, title: '—', end_reason: null },
    { state: 'RESOLVED', paid: '4000', title: '—', end_reason: null },
  ]);
});

test('a line about a trade that waits while one of the two is erased is never told', async () => {
  const { community, buyer, provider, tradeId } = await dealing(kith, { funds: 4000n, until: 'COMPLETED' });
  const olga = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  await kith.jobs();
  await erase(olga, memberId(buyer));
  const subject = { type: 'Trade', id: Buffer.from(tradeId, 'base64').toString().split(':')[1]! };
  const late = { memberId: provider.memberId, kind: 'test', key: 'late', title: 'Secret bread', subject };
  await inCommunity(community.id, (tx) => enqueue(tx, 'notify', { communityId: community.id, notices: [late] }));
  await kith.jobs();
  expect(await traces(community.id)).toEqual([]);
});
