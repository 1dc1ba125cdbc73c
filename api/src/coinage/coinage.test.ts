import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { globalId } from '../builder.ts';
import { clock } from '../clock.ts';
import { inCommunity } from '../db.ts';
import { newId } from '../ids.ts';
import { reverse } from '../ledger/entries.ts';
import { balancesOf, differences, mint, moneyed } from '../ledger/testLedger.ts';
import { accountOf } from '../ledger/accounts.ts';
import { testKith, type TestKith } from '../../../test/kit.ts';
import { grantOnAdmission } from './grants.ts';
import { coinageState, establish, sell, standingOf } from './testCoinage.ts';
import { keepCoinage } from './upkeep.ts';

let kith: TestKith;
const realNow = clock.now;
beforeAll(async () => {
  kith = await testKith();
});
afterEach(async () => {
  clock.now = realNow;
  expect(await differences(kith)).toEqual([]);
});
afterAll(() => kith.stop());

/** An established buyer with money, a newcomer with a grant, and somebody else who is established too. */
async function village(policies: object = {}) {
  const { community, people, accounts, inside } = await moneyed(kith, [100_000n, 0n, 100_000n]);
  const communityId = community.id;
  await kith.sql('update communities set policies = $2 where id = $1', [communityId, JSON.stringify(policies)]);
  const [buyer, newcomer, other] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  for (const person of [buyer, other]) await establish(kith, communityId, person);
  await inside((tx) => grantOnAdmission(tx, { communityId, memberId: newcomer.memberId }));
  const operator = await kith.member(community, { roles: ['MEMBER', 'OPERATOR'] });
  const trade = { communityId, buyerId: buyer.memberId, providerId: newcomer.memberId };
  return { community, communityId, buyer, newcomer, other, operator, accounts, inside, trade };
}
const inDays = (days: number) => {
  const now = realNow().getTime() + days * 86_400_000;
  clock.now = () => new Date(now);
};

test('a newcomer sells to an established member: half is minted, half paid, to the cent', async () => {
  const { trade, accounts, newcomer } = await village();
  expect(await sell({ ...trade, price: 3001n })).toBe(1500n);
  // The odd cent is the buyer's to pay.
  expect(await balancesOf(kith, accounts)).toEqual(['98499', '3001', '100000']);
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '1500', '0']);
});

test('coinage is used once with a provider, however the second sale is sent', async () => {
  const { trade, accounts } = await village();
  const tradeId = newId();
  expect(await sell({ ...trade, price: 1000n, tradeId })).toBe(500n);
  expect(await sell({ ...trade, price: 1000n, tradeId })).toBe(500n);
  expect(await balancesOf(kith, accounts)).toEqual(['99500', '1000', '100000']);
  expect(await sell({ ...trade, price: 1000n })).toBe(0n);
  expect(await balancesOf(kith, accounts)).toEqual(['98500', '2000', '100000']);
});

test('the mint is the least of the share, the grant and the limit of the buyer', async () => {
  const { trade, other, communityId, operator, newcomer, community } = await village({ coinageGrant: 80 });
  expect(await sell({ ...trade, price: 20_000n })).toBe(5000n); // the limit of 50.00
  expect(await sell({ ...trade, buyerId: other.memberId, price: 20_000n })).toBe(3000n); // the grant
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['8000', '8000', '0']);
  const second = await kith.member(community);
  await inCommunity(communityId, (tx) => grantOnAdmission(tx, { communityId, memberId: second.memberId }));
  expect(await sell({ ...trade, providerId: second.memberId, price: 100n })).toBe(0n); // none left this month
  expect(await sell({ ...trade, buyerId: other.memberId, providerId: second.memberId, price: 100n })).toBe(50n);
  expect(operator.memberId).toBeTruthy();
});

test('the limit of a buyer begins anew with the month of the community', async () => {
  const { trade, communityId, community } = await village();
  await kith.sql("update communities set time_zone = 'Asia/Tokyo' where id = $1", [communityId]);
  const providers = await Promise.all([1, 2, 3].map(() => kith.member(community)));
  for (const { memberId } of providers)
    await inCommunity(communityId, (tx) => grantOnAdmission(tx, { communityId, memberId }));
  const [first, second, third] = providers.map(({ memberId }) => memberId);
  const at = (moment: string) => (clock.now = () => new Date(moment));
  at('2026-12-31T14:59:59Z'); // still December in Tokyo
  expect(await sell({ ...trade, providerId: first!, price: 10_000n })).toBe(5000n);
  expect(await sell({ ...trade, providerId: second!, price: 10_000n })).toBe(0n);
  at('2026-12-31T15:00:00Z');
  expect(await sell({ ...trade, providerId: third!, price: 10_000n })).toBe(5000n);
});

const facts: Record<string, (of: Awaited<ReturnType<typeof village>>) => Promise<object | void>> = {
  'the community has it off': async ({ communityId }) => {
    await kith.sql(`update communities set policies = '{"coinage": false}' where id = $1`, [communityId]);
  },
  'the share is nothing': async ({ communityId }) => {
    await kith.sql(`update communities set policies = '{"coinageShare": 0}' where id = $1`, [communityId]);
  },
  'the reputation of the buyer is a thousandth too low': async ({ buyer }) => {
    await kith.sql('update reputations set score_milli = 4999 where member_id = $1', [buyer.memberId]);
  },
  'the buyer is a newcomer': async ({ buyer }) => {
    await kith.sql("update members set admitted_at = now() - interval '29 days' where id = $1", [buyer.memberId]);
  },
  'the buyer invited the provider': async ({ buyer, newcomer }) => {
    await kith.sql('update members set invited_by = $1 where id = $2', [buyer.memberId, newcomer.memberId]);
  },
  'the provider invited the buyer': async ({ buyer, newcomer }) => {
    await kith.sql('update members set invited_by = $1 where id = $2', [newcomer.memberId, buyer.memberId]);
  },
  'the provider came by a link of the buyer before': async ({ buyer, newcomer, communityId }) => {
    const id = newId();
    await kith.sql(
      'insert into invitations (community_id, id, token_hash, inviter_id, expires_at) values ($1, $2, sha256(random()::text::bytea), $3, now())',
      [communityId, id, buyer.memberId],
    );
    await kith.sql('insert into invitation_uses (community_id, invitation_id, member_id) values ($1, $2, $3)', [
      ...[communityId, id, newcomer.memberId],
    ]);
  },
  'the provider acts for the buyer': async ({ newcomer }) => ({ buyerActorId: newcomer.memberId }),
  'one broker acts for both': async ({ operator }) => ({
    buyerActorId: operator.memberId,
    providerActorId: operator.memberId,
  }),
  'who acts for the buyer invited the provider': async ({ operator, newcomer }) => {
    await kith.sql('update members set invited_by = $1 where id = $2', [operator.memberId, newcomer.memberId]);
    return { buyerActorId: operator.memberId };
  },
  'the grant has run out': async ({ newcomer }) => {
    await kith.sql('update coinage_standings set expires_at = now() where member_id = $1', [newcomer.memberId]);
  },
  'the provider has no grant': async ({ newcomer }) => {
    await kith.sql('delete from coinage_standings where member_id = $1', [newcomer.memberId]);
  },
};
test.each(Object.keys(facts))('nothing is minted when %s, and the buyer pays all', async (name) => {
  const of = await village();
  const acting = (await facts[name]!(of)) ?? {};
  expect(await sell({ ...of.trade, ...acting, price: 1000n })).toBe(0n);
  expect(await balancesOf(kith, of.accounts)).toEqual(['99000', '1000', '100000']);
  expect(await kith.sql('select from coinage_mints where community_id = $1', [of.communityId])).toEqual([]);
});

test('another broker for each side does not stand in the way', async () => {
  const { trade, operator, other } = await village();
  const acting = { buyerActorId: operator.memberId, providerActorId: other.memberId };
  expect(await sell({ ...trade, ...acting, price: 1000n })).toBe(500n);
});

test('a hundred sales at once never mint over the grant, nor over a buyer’s limit', async () => {
  const { community, communityId, newcomer } = await village({ coinageGrant: 10, coinageBuyerLimit: 3 });
  const rich = await moneyedBuyers(community, 20);
  const providers = [newcomer, ...(await Promise.all([1, 2, 3, 4].map(() => kith.member(community))))];
  for (const { memberId } of providers)
    await inCommunity(communityId, (tx) => grantOnAdmission(tx, { communityId, memberId }));
  const sales = rich.flatMap(({ memberId: buyerId }) =>
    providers.map(({ memberId: providerId }) => sell({ communityId, buyerId, providerId, price: 500n })),
  );
  const minted = await Promise.all(sales);
  expect(minted).toHaveLength(100);
  const sums = await kith.sql<{ granted: string; minted: string }>(
    'select granted, minted from coinage_standings where community_id = $1',
    [communityId],
  );
  for (const sum of sums) expect(Number(sum.minted)).toBeLessThanOrEqual(Number(sum.granted));
  const perBuyer = await kith.sql<{ sum: string }>(
    'select sum(amount) from coinage_mints where community_id = $1 group by buyer_id',
    [communityId],
  );
  for (const { sum } of perBuyer) expect(Number(sum)).toBeLessThanOrEqual(300);
  // Five grants of 10.00, and twenty limits of 3.00 that leave more than that: every grant is used up.
  expect(sums.map((sum) => sum.minted)).toEqual(Array(5).fill('1000'));
  const total = minted.reduce((sum, each) => sum + each, 0n);
  expect(total).toBe(5000n);
});
async function moneyedBuyers(community: { id: string; slug: string }, count: number) {
  const people = [];
  for (let at = 0; at < count; at++) {
    const person = await kith.member(community);
    await establish(kith, community.id, person);
    await inCommunity(community.id, async (tx) => mint(tx, await accountOf(tx, person.memberId), 10_000n));
    people.push(person);
  }
  return people;
}

test('one buyer and one provider who complete a hundred trades at once mint once', async () => {
  const { trade, newcomer } = await village();
  const minted = await Promise.all(Array.from({ length: 100 }, () => sell({ ...trade, price: 100n })));
  expect(minted.filter((amount) => amount > 0n)).toEqual([50n]);
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '50', '0']);
});

test('somebody who is admitted gets one grant, however often the job runs', async () => {
  const { community, communityId } = await village();
  const { memberId } = await kith.member(community);
  await Promise.all(
    Array.from({ length: 8 }, () => inCommunity(communityId, (tx) => grantOnAdmission(tx, { communityId, memberId }))),
  );
  await keepCoinage();
  expect(await standingOf(kith, memberId)).toEqual(['10000', '0', '0']);
});

test('the upkeep finds who came in by an import, and only members of late', async () => {
  const { community, communityId } = await village();
  const [late, early, applicant] = [
    await kith.member(community),
    await kith.member(community),
    await kith.member(community, { state: 'APPLIED' }),
  ];
  await kith.sql("update members set admitted_at = now() - interval '3 days' where id = $1", [early.memberId]);
  await Promise.all([keepCoinage(), keepCoinage()]);
  expect(await standingOf(kith, late.memberId)).toEqual(['10000', '0', '0']);
  expect(await standingOf(kith, early.memberId)).toBeUndefined();
  expect(await standingOf(kith, applicant.memberId)).toBeUndefined();
  expect((await kith.sql('select from coinage_grants where community_id = $1', [communityId])).length).toBe(3);
});

test('what is not earned in time expires, once, and a later grant counts by itself', async () => {
  const { trade, newcomer, operator, other } = await village();
  await sell({ ...trade, price: 2000n });
  inDays(365.5);
  await Promise.all([keepCoinage(), keepCoinage()]);
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '1000', '9000']);
  expect(await sell({ ...trade, buyerId: other.memberId, price: 2000n })).toBe(0n);
  const id = newId();
  const input = { id, memberId: globalId('Member', newcomer.memberId), amount: '20', reason: 'A second start' };
  const grant =
    'mutation ($i: GrantCoinageInput!) { grantCoinage(input: $i) { __typename ... on MemberCoinage { remaining { amount } expired { amount } expiresAt } } }';
  clock.now = realNow; // the session has not run out
  await kith.sql('update coinage_standings set expires_at = now() where member_id = $1', [newcomer.memberId]);
  for (let sent = 0; sent < 2; sent++)
    expect((await kith.gql(grant, { i: input }, operator)).data.grantCoinage).toMatchObject({
      remaining: { amount: '20.00' },
      expired: { amount: '90.00' },
    });
  const before = await coinageState(kith, trade.communityId);
  const { data } = await kith.gql(grant, { i: { ...input, amount: '21' } }, operator);
  expect(data.grantCoinage).toEqual({ __typename: 'EntryIdReused' });
  expect(await coinageState(kith, trade.communityId)).toEqual(before);
});

const VOID =
  'mutation ($i: VoidMintInput!) { voidMint(input: $i) { ... on CoinageMint { voidedAt voidReason amount { amount } } } }';
test('a mint that is undone returns the coins, also where they were spent, and the grant; once', async () => {
  const { trade, newcomer, other, operator, accounts, communityId } = await village();
  await sell({ ...trade, price: 2000n });
  // The newcomer spends all of it.
  await kith.sql("update members set admitted_at = now() - interval '400 days' where id = $1", [newcomer.memberId]);
  expect(await sell({ communityId, buyerId: newcomer.memberId, providerId: other.memberId, price: 1800n })).toBe(0n);
  const [{ id }] = (await kith.sql<{ id: string }>('select id from coinage_mints where community_id = $1', [
    communityId,
  ])) as [{ id: string }];
  const i = { mintId: globalId('CoinageMint', id), reason: 'Nothing was delivered' };
  const answers = await Promise.all(Array.from({ length: 4 }, () => kith.gql(VOID, { i }, operator)));
  for (const { data } of answers)
    expect(data.voidMint).toMatchObject({ voidReason: 'Nothing was delivered', amount: { amount: '10.00' } });
  // 2000 earned, 1800 spent, 1000 taken back: in arrears. What the buyer paid stays paid.
  expect(await balancesOf(kith, accounts)).toEqual(['99000', '-800', '101800']);
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '0', '0']);
  expect(
    await kith.sql("select from audit_log where action = 'coinage.void' and community_id = $1", [communityId]),
  ).toHaveLength(1);
  // The two have used their one time all the same.
  await kith.sql('update accounts set credit_limit = 1000 where id = $1', [accounts[1]!.id]);
  expect(await sell({ ...trade, price: 100n })).toBe(0n);
});

test('a trade that is reversed as a whole returns the grant, and voiding it then moves no money again', async () => {
  const { trade, newcomer, operator, accounts, communityId } = await village();
  const tradeId = newId();
  await sell({ ...trade, price: 2000n, tradeId });
  await inCommunity(communityId, (tx) =>
    reverse(tx, { id: newId(), entryId: tradeId, reason: 'By mistake', overdraw: true }),
  );
  await Promise.all([keepCoinage(), keepCoinage()]);
  expect(await balancesOf(kith, accounts)).toEqual(['100000', '0', '100000']);
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '0', '0']);
  const [row] = await kith.sql<{ id: string }>('select id from coinage_mints where community_id = $1', [communityId]);
  await kith.gql(VOID, { i: { mintId: globalId('CoinageMint', row!.id), reason: 'Again' } }, operator);
  expect(await balancesOf(kith, accounts)).toEqual(['100000', '0', '100000']);
  expect(await standingOf(kith, newcomer.memberId)).toEqual(['10000', '0', '0']);
});

test('a trade whose mint was voided is reversed to the cent later', async () => {
  const { trade, operator, accounts, communityId } = await village();
  const tradeId = newId();
  await sell({ ...trade, price: 2000n, tradeId });
  const [row] = await kith.sql<{ id: string }>('select id from coinage_mints where community_id = $1', [communityId]);
  await kith.gql(VOID, { i: { mintId: globalId('CoinageMint', row!.id), reason: 'No' } }, operator);
  await inCommunity(communityId, (tx) =>
    reverse(tx, { id: newId(), entryId: tradeId, reason: 'All of it', overdraw: true }),
  );
  expect(await balancesOf(kith, accounts)).toEqual(['100000', '0', '100000']);
});

const APPOINT =
  'mutation ($i: MemberDecisionInput!) { appointFounder(input: $i) { __typename ... on CoinageFounder { member { displayName } reason } } }';
test('founders are appointed while nobody has the reputation, and buy at once', async () => {
  const { community, communityId, trade, buyer, other, operator } = await village();
  const founder = await kith.member(community, { name: 'Olga' });
  await inCommunity(communityId, async (tx) => mint(tx, await accountOf(tx, founder.memberId), 1000n));
  const i = { memberId: globalId('Member', founder.memberId), reason: 'She began it all' };
  const before = await coinageState(kith, communityId);
  expect((await kith.gql(APPOINT, { i }, operator)).data.appointFounder).toEqual({ __typename: 'FoundersNotNeeded' });
  expect(await coinageState(kith, communityId)).toEqual(before);
  await kith.sql('update reputations set score_milli = 4000 where member_id = any ($1)', [
    [buyer.memberId, other.memberId],
  ]);
  expect(await sell({ ...trade, buyerId: founder.memberId, price: 100n })).toBe(0n);
  const answers = await Promise.all([1, 2, 3].map(() => kith.gql(APPOINT, { i }, operator)));
  for (const { data } of answers)
    expect(data.appointFounder).toMatchObject({ member: { displayName: 'Olga' }, reason: 'She began it all' });
  expect(
    await kith.sql("select from audit_log where action = 'coinage.appointFounder' and community_id = $1", [
      communityId,
    ]),
  ).toHaveLength(1);
  expect(await sell({ ...trade, buyerId: founder.memberId, price: 100n })).toBe(50n);
  const { data } = await kith.gql(
    '{ founders { member { displayName } appointedBy { displayName } reason } }',
    {},
    buyer,
  );
  expect(data.founders).toHaveLength(1);
});

test('members see what they can earn and use, and why not with each other', async () => {
  const { trade, buyer, newcomer, communityId } = await village();
  await sell({ ...trade, price: 3000n });
  const MINE =
    '{ myCoinage { granted { amount } minted { amount } remaining { amount } limit { amount } limitLeft { amount } isFounder expiresAt } }';
  expect((await kith.gql(MINE, {}, newcomer)).data.myCoinage).toMatchObject({
    ...{ granted: { amount: '100.00' }, minted: { amount: '15.00' }, remaining: { amount: '85.00' } },
    ...{ limit: { amount: '50.00' }, limitLeft: { amount: '50.00' }, isFounder: false, expiresAt: expect.any(String) },
  });
  expect((await kith.gql(MINE, {}, buyer)).data.myCoinage).toMatchObject({
    ...{ granted: { amount: '0.00' }, limitLeft: { amount: '35.00' }, expiresAt: null },
  });
  const WITH = `query ($id: ID!, $price: Decimal) { coinageWith(memberId: $id, price: $price) {
    buying { isPossible obstacles { code message } most { amount } minted { amount } sharePercent } selling { isPossible obstacles { code } } } }`;
  const { data } = await kith.gql(WITH, { id: globalId('Member', newcomer.memberId), price: '9.99' }, buyer);
  expect(data.coinageWith.buying).toMatchObject({
    ...{ isPossible: false, most: { amount: '0.00' }, minted: { amount: '0.00' }, sharePercent: 50 },
    obstacles: [{ code: 'USED_WITH_PROVIDER', message: expect.any(String) }],
  });
  expect(data.coinageWith.selling.obstacles.map(({ code }: { code: string }) => code)).toEqual([
    ...['NO_GRANT_LEFT', 'REPUTATION_TOO_LOW', 'BUYER_IS_NEWCOMER'],
  ]);
  await kith.sql('delete from coinage_mints where community_id = $1', [communityId]);
  const free = await kith.gql(WITH, { id: globalId('Member', newcomer.memberId), price: '9.99' }, buyer);
  expect(free.data.coinageWith.buying).toMatchObject({
    isPossible: true,
    most: { amount: '50.00' },
    minted: { amount: '4.99' },
  });
});

test('the report adds up, member by member and in total', async () => {
  const { trade, other, operator, newcomer } = await village();
  await sell({ ...trade, price: 3000n });
  await sell({ ...trade, buyerId: other.memberId, price: 1000n });
  const FIELDS =
    'granted { amount } minted { amount } pending { amount } voided { amount } expired { amount } remaining { amount }';
  const list = await kith.gql(
    `{ coinageMintList { total items { id amount { amount } buyer { id } provider { id } } } }`,
    {},
    operator,
  );
  expect(list.data.coinageMintList.total).toBe(2);
  await kith.gql(VOID, { i: { mintId: list.data.coinageMintList.items[0].id, reason: 'A trial' } }, operator);
  const { data } = await kith.gql(
    `{ coinageReport { ${FIELDS} } coinageList { total items { member { id } ${FIELDS} } } }`,
    {},
    operator,
  );
  const sum = {
    ...{ granted: { amount: '100.00' }, minted: { amount: '15.00' }, voided: { amount: '5.00' } },
    ...{ pending: { amount: '0.00' }, expired: { amount: '0.00' }, remaining: { amount: '85.00' } },
  };
  expect(data.coinageReport).toEqual(sum);
  expect(data.coinageList).toEqual({
    total: 1,
    items: [{ member: { id: globalId('Member', newcomer.memberId) }, ...sum }],
  });
});
